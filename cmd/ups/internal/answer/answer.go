// Package answer is the answer of a policy list to a request: which policy
// decides it, what comes of that, and what it misses of each earlier policy.
// ups match and the pages of ups report and ups play give the same one.
package answer

import (
	"errors"
	"fmt"

	"ups/policy"
)

// Request is a request as a person asks about it.
type Request struct {
	policy.Request
	// Drive is the letter, 'z' or 'c', of the drive that the client's
	// executable came from; 0 if it isn't given.
	Drive byte
}

// Answer is the answer to a request.
type Answer struct {
	Request  Request
	File     string // that the policies are of
	Policies int    // how many there are
	// Index is that of the policy that decides, in the list; -1 if none
	// matches, and the default policy decides.
	Index  int
	Policy policy.Policy // that decides, with the header's values filled in
	Header policy.Header
	// Explained is set if Earlier is: what the request misses of the policies
	// before the one that decides, or of all if none does.
	Explained bool
	Earlier   []Earlier
}

// Earlier is a policy that stands before the one that decides.
type Earlier struct {
	Policy *policy.Policy
	policy.MatchParts
}

// Of returns the answer of the policies of a file, of which that of an index
// decides the request; -1 is the default policy.
func Of(f *policy.File, index int, r Request) Answer {
	a := Answer{Request: r, Policies: len(f.Policies), Index: index, Header: f.HeaderOrZero()}
	if a.Default() {
		a.Policy = policy.Default()
	} else {
		a.Policy = f.Policies[index]
	}
	f.FillIn(&a.Policy)
	return a
}

// MaxDestination is how many UTF-16 units a destination may have, as in the
// runtime.
const MaxDestination = 1024

// errTooLong is in the runtime's words.
var errTooLong = fmt.Errorf("destination too long: it has more than %d UTF-16 units", MaxDestination)

// Decide finds the policy that decides a request by the definition, without an
// index. It doesn't explain the answer.
func Decide(f *policy.File, r Request) (Answer, error) {
	if len(r.Destination) > MaxDestination {
		return Answer{}, errTooLong
	}
	return Of(f, f.Decide(r.Request), r), nil
}

// Explain looks at the policies before the one that decides, at most so many.
func (a *Answer) Explain(f *policy.File, most int) {
	before := f.Policies
	if !a.Default() {
		before = before[:a.Index]
	}
	a.Explained = true
	for n := range before[:min(most, len(before))] {
		a.Earlier = append(a.Earlier, Earlier{&before[n], before[n].Explain(a.Request.Request)})
	}
}

// Default reports whether no policy matches, and the default one decides.
func (a *Answer) Default() bool { return a.Index < 0 }

// Asked is what the client library does with the request, if the executable
// came from that drive.
func (a *Answer) Asked(drive byte) policy.Answer {
	return a.Header.AuthorisationPolicy.Answer(a.Request.SID, a.Request.Passed, drive == 'z')
}

// Decision is what a policy without a prompt decides.
func (a *Answer) Decision() policy.Decision { return a.Policy.Options.SilentDecision() }

// ErrRefused is wrapped by the errors for a file that a device would refuse.
var ErrRefused = errors.New("a device refuses this file")

// Usable returns the first reason for which a device refuses a file.
func Usable(f *policy.File) error {
	violations := f.Violations()
	if len(violations) == 0 {
		return nil
	}
	first := violations[0]
	if first.Policy > 0 {
		return fmt.Errorf("%w: policy %d: %s", ErrRefused, first.Policy, first.Message)
	}
	return fmt.Errorf("%w: %s", ErrRefused, first.Message)
}
