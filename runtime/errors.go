package runtime

import "errors"

// Why the service can't decide. Each is one of the platform's error codes
// (ups-service.md, Errors).
var (
	// ErrBadPolicyFile: a policy file doesn't parse, or breaks a law of
	// policy files (KErrUpsBadPolicyFile, -5706).
	ErrBadPolicyFile = errors.New("bad policy file")
)
