// Package messages converts between the messages of the API (runtime/api) and the
// types of runtime/service. Encode makes a message; Decode takes one that the other
// side has sent, so it fails with ErrInvalid for what no value of the type says.
package messages

import "errors"

// ErrInvalid says that a message has a value that the API doesn't allow.
var ErrInvalid = errors.New("invalid message")
