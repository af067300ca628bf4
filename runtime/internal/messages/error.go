package messages

import (
	"context"
	"errors"
	"slices"

	"ups/runtime"
	"ups/runtime/api/upsv1"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// ErrNoSession says that the caller has no session, or the session no subsession,
// of that id.
var ErrNoSession = errors.New("no such session")

// kinds are the errors that an ErrorDetail names, beside those of type
// runtime.Error, which have a value of their own.
var kinds = []struct {
	name string
	err  error
}{
	{"service.ErrClosed", service.ErrClosed},
	{"service.ErrInUse", service.ErrInUse},
	{"service.ErrNoAnswer", service.ErrNoAnswer},
	{"service.ErrPermissionDenied", service.ErrPermissionDenied},
	{"service.ErrPlugInGone", service.ErrPlugInGone},
	{"service.ErrPlugInPanic", service.ErrPlugInPanic},
	{"service.ErrPlugInTime", service.ErrPlugInTime},
	{"service.ErrSuperseded", service.ErrSuperseded},
	{"service.ErrViewOpen", service.ErrViewOpen},
	{"runtime.ErrInvalidUTF8", runtime.ErrInvalidUTF8},
	{"decision.ErrClosed", decision.ErrClosed},
	{"decision.ErrCorrupt", decision.ErrCorrupt},
	{"decision.ErrEntityLength", decision.ErrEntityLength},
	{"decision.ErrFingerprintLength", decision.ErrFingerprintLength},
	{"decision.ErrFull", decision.ErrFull},
	{"decision.ErrInvalidFilter", decision.ErrInvalidFilter},
	{"decision.ErrInvalidRecord", decision.ErrInvalidRecord},
	{"decision.ErrLocked", decision.ErrLocked},
	{"decision.ErrNewer", decision.ErrNewer},
	{"decision.ErrNotDatabase", decision.ErrNotDatabase},
	{"decision.ErrNotFound", decision.ErrNotFound},
	{"decision.ErrReadOnly", decision.ErrReadOnly},
	{"decision.ErrViewLost", decision.ErrViewLost},
	{"server.ErrNoSession", ErrNoSession},
	{"context.Canceled", context.Canceled},
	{"context.DeadlineExceeded", context.DeadlineExceeded},
}

// EncodeError returns the platform's value for an error, which isn't nil, and the
// errors of the Go packages that it wraps.
func EncodeError(err error) *upsv1.ErrorDetail {
	m := &upsv1.ErrorDetail{Code: service.Code(err), Name: service.CodeName(err)}
	for _, k := range kinds {
		if errors.Is(err, k.err) {
			m.Kinds = append(m.Kinds, k.name)
		}
	}
	return m
}

// ofPlugIns are the errors that a plug-in may say of itself. What else there is, is said
// by the service and by servers of themselves: that there is no session, for one, makes
// a client ask again.
var ofPlugIns = []error{service.ErrNoAnswer, service.ErrPlugInPanic}

// DecodePlugInError is DecodeError for the error of a plug-in.
func DecodePlugInError(m *upsv1.ErrorDetail, text string) error {
	return decodeError(m, text, func(err error) bool { return slices.Contains(ofPlugIns, err) })
}

// DecodeError returns an error of that text. It wraps the errors that the detail
// names, which may be nil; what it doesn't know it passes over.
func DecodeError(m *upsv1.ErrorDetail, text string) error {
	return decodeError(m, text, func(error) bool { return true })
}

// decodeError is DecodeError without the errors that mayWrap doesn't let through.
func decodeError(m *upsv1.ErrorDetail, text string, mayWrap func(error) bool) error {
	e := &remoteError{text: text}
	if code := runtime.Error(m.GetCode()); code.Name() != "" {
		e.wrapped = append(e.wrapped, code)
	}
	for _, k := range kinds {
		for _, name := range m.GetKinds() {
			if name == k.name && mayWrap(k.err) {
				e.wrapped = append(e.wrapped, k.err)
				break
			}
		}
	}
	return e
}

// remoteError is an error of the other side of a connection.
type remoteError struct {
	text    string
	wrapped []error
}

func (e *remoteError) Error() string { return e.text }

func (e *remoteError) Unwrap() []error { return e.wrapped }
