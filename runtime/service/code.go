package service

import (
	"context"
	"errors"

	"ups/runtime"
	"ups/runtime/decision"
)

// code is the platform's value for an error, and its name.
type code struct {
	err   error
	value int32
	name  string
}

const general = -2 // KErrGeneral

// codes are the values of errors that aren't a runtime.Error
// (docs/service.md, Errors). The first that an error wraps counts.
var codes = []code{
	{decision.ErrFingerprintLength, int32(runtime.ErrBadFingerprintLength), runtime.ErrBadFingerprintLength.Name()},
	{decision.ErrEntityLength, int32(runtime.ErrBadClientEntityLength), runtime.ErrBadClientEntityLength.Name()},
	{ErrClosed, -45, "KErrSessionClosed"},
	{context.Canceled, -3, "KErrCancel"},
	{context.DeadlineExceeded, -33, "KErrTimedOut"},
	{ErrPlugInTime, -33, "KErrTimedOut"},
	{ErrPlugInPanic, -13, "KErrDied"},
	{ErrPlugInGone, -15, "KErrServerTerminated"},
	{ErrNoAnswer, -3, "KErrCancel"},
	{ErrPermissionDenied, -46, "KErrPermissionDenied"},
	{ErrInUse, -14, "KErrInUse"},
	{ErrViewOpen, -14, "KErrInUse"},
	{ErrSuperseded, -11, "KErrAlreadyExists"},
	{runtime.ErrInvalidUTF8, -6, "KErrArgument"},
	{decision.ErrNotFound, -1, "KErrNotFound"},
	{decision.ErrInvalidRecord, -6, "KErrArgument"},
	{decision.ErrInvalidFilter, -6, "KErrArgument"},
	{decision.ErrViewLost, -39, "KErrAbort"},
	{decision.ErrClosed, -18, "KErrNotReady"},
	{decision.ErrCorrupt, -20, "KErrCorrupt"},
	{decision.ErrReadOnly, -21, "KErrAccessDenied"},
	{decision.ErrLocked, -22, "KErrLocked"},
	{decision.ErrFull, -26, "KErrDiskFull"},
}

// Code returns the platform's value for an error of this package: 0, KErrNone,
// for nil, and -2, KErrGeneral, for what the platform has no value for, such as
// an error of a plug-in's own.
func Code(err error) int32 {
	value, _ := codeOf(err)
	return value
}

// CodeName returns the platform's name of that value, or "" if it has none.
func CodeName(err error) string {
	_, name := codeOf(err)
	return name
}

func codeOf(err error) (value int32, name string) {
	if err == nil {
		return 0, "KErrNone"
	}
	if e := runtime.Error(0); errors.As(err, &e) {
		return int32(e), e.Name()
	}
	for _, c := range codes {
		if errors.Is(err, c.err) {
			return c.value, c.name
		}
	}
	return general, "KErrGeneral"
}
