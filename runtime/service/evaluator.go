package service

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"ups/runtime"
	"ups/runtime/decision"
)

// PolicyEvaluator is the plug-in that makes fingerprints and can force a
// prompt (docs/service.md, Who takes part). One is made for each request, and
// the service calls its methods one after the other.
//
// Each call runs in a goroutine of its own and must return soon after its
// context is done. An error, a panic, or a call that outstays its time (see
// Limits) makes the answer to this request No, and touches no other.
type PolicyEvaluator interface {
	// Fingerprints says what the request is about. The request is shared and
	// must not be changed.
	Fingerprints(ctx context.Context, r *Request) (Evaluation, error)
	// ForcePrompt is asked when a stored answer was found: whether to ask the
	// user all the same, and what the record's evaluator info is to be from
	// now on (rec.Info to leave it).
	ForcePrompt(ctx context.Context, rec decision.Record) (force bool, info uint32, err error)
}

// EvaluatorFactory makes the policy evaluator of an implementation UID, for one
// request.
type EvaluatorFactory = func(uid uint32) (PolicyEvaluator, error)

// Evaluation is what a policy evaluator says of a request.
type Evaluation struct {
	// Fingerprints, the most specific first. The answers stored under them are
	// looked for in this order. Without any, nothing is looked for or stored:
	// the user is asked.
	Fingerprints []Fingerprint
	// Entity is the client entity, on whose behalf the client acts: a script,
	// a midlet. Up to 32 bytes, not text; empty if there is none.
	Entity string
	// Data is for the dialog creator, as it is.
	Data any
}

// Fingerprint stands for a set of requests that one stored answer is for.
type Fingerprint struct {
	Bytes string // up to 32 bytes, not text; empty is a value like any other
	// Description says to people what the fingerprint stands for. What can't
	// be stored (NUL, invalid UTF-8, the end of more than
	// decision.MaxDescription bytes) is left out.
	Description string
}

// defaultFingerprints are those of the built-in policy evaluator, UID 0: one
// that is empty, so that a stored answer is for all that a client asks of a
// service. It never forces a prompt.
var defaultFingerprints = []Fingerprint{{}}

// checked returns an evaluation that the service can rely on: its texts have no
// more than the lengths allowed, and the plug-in can't change it any more.
func (e Evaluation) checked() (Evaluation, error) {
	if n := len(e.Entity); n > decision.MaxEntity {
		return e, fmt.Errorf("%w: %d bytes, the limit is %d", runtime.ErrBadClientEntityLength, n, decision.MaxEntity)
	}
	e.Fingerprints = slices.Clone(e.Fingerprints)
	for i, f := range e.Fingerprints {
		var err error
		if e.Fingerprints[i], err = f.checked(); err != nil {
			return e, fmt.Errorf("fingerprint %d: %w", i+1, err)
		}
	}
	return e, nil
}

// checked returns a fingerprint that a record can hold.
func (f Fingerprint) checked() (Fingerprint, error) {
	if n := len(f.Bytes); n > decision.MaxFingerprint {
		return f, fmt.Errorf("%w: %d bytes, the limit is %d", runtime.ErrBadFingerprintLength, n, decision.MaxFingerprint)
	}
	f.Description = storableText(f.Description)
	return f, nil
}

// storableText returns what of a description a record can hold.
func storableText(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
	if len(s) <= decision.MaxDescription {
		return s
	}
	end := decision.MaxDescription
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}
