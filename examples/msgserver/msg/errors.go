package msg

import (
	"errors"
	"fmt"
)

// Error is what a client gets to see of what went wrong, as the platform's
// value. It never says why somebody was refused: that is for the log of the
// User Prompt Service.
type Error int

// The errors of the message server.
const (
	ErrGeneral          Error = -2  // KErrGeneral: what has no other value
	ErrCancelled        Error = -3  // KErrCancel: the client has cancelled
	ErrNotSupported     Error = -5  // KErrNotSupported: there is no such function
	ErrArgument         Error = -6  // KErrArgument: the message can't be sent as it is
	ErrInUse            Error = -14 // KErrInUse: the client has a request outstanding
	ErrServerTerminated Error = -15 // KErrServerTerminated: the connection is gone
	ErrNotSent          Error = -34 // KErrCouldNotConnect: the radio has failed
	ErrPermissionDenied Error = -46 // KErrPermissionDenied
)

var texts = map[Error]string{
	ErrGeneral:          "the message server has failed",
	ErrCancelled:        "cancelled",
	ErrNotSupported:     "no such function",
	ErrArgument:         "the number or the text can't be sent",
	ErrInUse:            "a request is outstanding",
	ErrServerTerminated: "the message server is gone",
	ErrNotSent:          "the message could not be sent",
	ErrPermissionDenied: "permission denied",
}

// Error says what is wrong.
func (e Error) Error() string {
	if text, ok := texts[e]; ok {
		return text
	}
	return fmt.Sprintf("error %d", int(e))
}

// code returns what a client gets to see of an error: 0 for none, and never for
// one that is not known here.
func code(err error) Error {
	if err == nil {
		return 0
	}
	if e := ErrGeneral; errors.As(err, &e) && e != 0 {
		return e
	}
	return ErrGeneral
}
