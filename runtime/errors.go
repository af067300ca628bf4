package runtime

import (
	"fmt"

	"ups/internal/wildcard"
)

// ErrInvalidUTF8 is wrapped by the errors for a destination that isn't valid
// UTF-8. List.DecideUTF16 takes what UTF-8 can't say.
var ErrInvalidUTF8 = wildcard.ErrInvalidUTF8

// Error is an error that the platform has a value for (docs/service.md,
// Errors). What a client of the service can come to see wraps one of the
// constants below, for errors.Is; service.Code returns the value.
type Error int32

// The errors of the service.
const (
	// ErrBadFingerprintLength is KErrUpsBadFingerprintLength: a policy
	// evaluator returned a fingerprint of more than 32 bytes.
	ErrBadFingerprintLength Error = -5703 - iota
	// ErrMissingPolicyEvaluator is KErrUpsMissingPolicyEvaluator: the policy
	// evaluator isn't there.
	ErrMissingPolicyEvaluator
	// ErrMissingDialogCreator is KErrUpsMissingDialogCreator: the dialog
	// creator isn't there.
	ErrMissingDialogCreator
	// ErrBadPolicyFile is KErrUpsBadPolicyFile: a policy file can't be read,
	// doesn't parse, or says what a device refuses.
	ErrBadPolicyFile
	// ErrMissingPolicyFile is KErrUpsMissingPolicyFile: there is no policy
	// file for this system server and service.
	ErrMissingPolicyFile
	// ErrInvalidPolicyFileName is KErrUpsInvalidPolicyFileName: a file name
	// that isn't ups_xxxxxxxx_xxxxxxxx.rsc.
	ErrInvalidPolicyFileName
	// ErrMissingArgument is KErrUpsMissingArgument: a required argument is
	// missing.
	ErrMissingArgument
	// ErrBadClientEntityLength is KErrUpsBadClientEntityLength: a policy
	// evaluator returned a client entity of more than 32 bytes.
	ErrBadClientEntityLength
	// ErrBadClientThreadID is KErrUpsBadClientThreadId. No request gets it: a
	// client whose thread has ended and whose process lives is answered.
	ErrBadClientThreadID
	// ErrBadClientProcessID is KErrUpsBadClientProcessId: the client's process
	// is gone.
	ErrBadClientProcessID
)

// ErrDestinationTooLong is KErrTooBig, which is of the whole platform: the
// destination of a request has more units than the service takes.
const ErrDestinationTooLong Error = -40

// Name returns the platform's name, or "" for a value that it has no name for.
func (e Error) Name() string {
	name, _ := e.text()
	return name
}

// Error says what is wrong, without the platform's name and value.
func (e Error) Error() string {
	if _, message := e.text(); message != "" {
		return message
	}
	return fmt.Sprintf("error %d", int32(e))
}

func (e Error) text() (name, message string) {
	switch e {
	case ErrBadFingerprintLength:
		return "KErrUpsBadFingerprintLength", "bad fingerprint length"
	case ErrMissingPolicyEvaluator:
		return "KErrUpsMissingPolicyEvaluator", "policy evaluator not found"
	case ErrMissingDialogCreator:
		return "KErrUpsMissingDialogCreator", "dialog creator not found"
	case ErrBadPolicyFile:
		return "KErrUpsBadPolicyFile", "bad policy file"
	case ErrMissingPolicyFile:
		return "KErrUpsMissingPolicyFile", "no policy file for this server and service"
	case ErrInvalidPolicyFileName:
		return "KErrUpsInvalidPolicyFileName", "not the name of a policy file, ups_xxxxxxxx_xxxxxxxx.rsc"
	case ErrMissingArgument:
		return "KErrUpsMissingArgument", "a required argument is missing"
	case ErrBadClientEntityLength:
		return "KErrUpsBadClientEntityLength", "bad client entity length"
	case ErrBadClientThreadID:
		return "KErrUpsBadClientThreadId", "client thread not found"
	case ErrBadClientProcessID:
		return "KErrUpsBadClientProcessId", "client process not found"
	case ErrDestinationTooLong:
		return "KErrTooBig", "destination too long"
	}
	return "", ""
}
