package server

import (
	"context"
	"net"
	"net/http"
)

// ConnContext notes the Peer of a connection, and closes one too many; it is
// http.Server.ConnContext.
func (s *Server) ConnContext(ctx context.Context, c net.Conn) context.Context {
	peer := s.opt.Peer(accepted(c))
	reads := s.limitConnection(ctx, c, peer)
	if m := metered(c); m != nil {
		m.reads.Store(reads)
	}
	return context.WithValue(context.WithValue(ctx, peerKey, peer), readsKey, reads)
}

// peerOf returns who is at the other end of the connection of a request. A
// certificate counts only if it was verified.
func peerOf(r *http.Request) Peer {
	peer := peerIn(r.Context())
	if r.TLS != nil && len(r.TLS.VerifiedChains) > 0 {
		peer.Certificate = r.TLS.VerifiedChains[0][0]
		peer.Intermediates = r.TLS.PeerCertificates[1:]
	}
	return peer
}
