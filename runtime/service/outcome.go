package service

import (
	"time"

	"ups/policy"
)

// Query is what a system server asks about a request of one of its clients.
type Query struct {
	Service     uint32 // UID
	Destination string // what the request is about
	Passed      bool   // result of the system server's own check
	Opaque      []byte // from the system server to plug-ins, as it is; may be nil
}

// Source is what decided a request.
type Source uint8

// The sources. The zero value is that of a request that failed.
const (
	SourceNone   Source = iota
	SourceCheck         // the client library: the service wasn't asked
	SourceSilent        // a policy without a prompt
	SourceStored        // the decision database
	SourcePrompt        // the user
)

// String returns "none", "check", "silent", "stored" or "prompt".
func (s Source) String() string {
	switch s {
	case SourceCheck:
		return "check"
	case SourceSilent:
		return "silent"
	case SourceStored:
		return "stored"
	case SourcePrompt:
		return "prompt"
	}
	return "none"
}

// Outcome is the answer to a request, and how it came about.
type Outcome struct {
	Decision policy.Decision // DecisionNo if the request failed
	Source   Source

	// Request is what plug-ins saw of it, with the policy that decided if
	// Matched is set. It isn't if the answer came from the check, or there are
	// no policies.
	Request
	Matched bool

	Entity   string         // client entity, from the policy evaluator
	Prompted bool           // a dialog was shown, whether or not it was answered
	Choice   policy.Options // the options that counted as the user's; 0 if there were none
	Forced   bool           // the policy evaluator forced the prompt
	Expired  Expiry         // why the stored answer that was found last didn't answer
	Record   uint64         // id of the record that was found last; 0 if none was
	Stored   uint64         // id of the record that the user's answer is stored in; 0 if it isn't
	// Duration is the time from the call to the answer. It is measured if
	// Options.Log, OnRequest or OnOutcome is set.
	Duration time.Duration
}
