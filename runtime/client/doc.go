// Package client uses a User Prompt Service that is another process (runtime/server),
// in the shape of runtime/service: a Client has sessions, they have subsessions, and
// those authorise.
//
// A Session is connected all the time. It has the service configuration, which the
// server sends again whenever it changes, and answers by it what need not be sent
// (docs/service.md, Before the service is asked). While it isn't connected it answers
// nothing, and requests wait for Options.Wait.
//
// The errors are those of runtime/service, for errors.Is and service.Code, and
// ErrUnavailable and ErrInterrupted. What differs from one process:
//
//   - A change of policies is known here some milliseconds after the server has taken
//     it up, or, over a connection that has died silently, not before that is noticed,
//     which takes Options.Ping and half of it again.
//   - A view of records reads ahead: one that has arrived is yielded even if the
//     database was deleted meanwhile.
package client
