// Package server offers the User Prompt Service (runtime/service) as the API of
// runtime/api: by gRPC, gRPC-Web and Connect, over HTTP/2 and HTTP/1.1.
//
// Every call passes through admission.go: who is at the other end of its
// connection (Peer) is asked of the system, an Identifier says who that is by
// the configuration, and the limits of that caller (Limits) are applied. Only
// then is the message read. Who isn't identified is refused, whatever is called.
//
// A session is a stream, SessionService.Connect: it lasts as long as the stream
// does, so that nothing is left of a caller that has gone. Its id counts for the
// caller that opened it, and nobody else.
package server
