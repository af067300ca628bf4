package runtime

import (
	"fmt"
	"unicode/utf16"

	"ups/internal/rsc"
	"ups/policy"
	"ups/runtime/internal/index"
)

// List is one loaded policy file: its policies and an index over them. It
// does not change; any number of goroutines may use it.
type List struct {
	file           *policy.File
	index          *index.Index
	maxDestination int
}

// DefaultMaxDestination is how many UTF-16 units a destination may have unless
// StoreOptions say otherwise: four times the longest pattern. At that length no
// policy file makes a decision take more than 10 ms. The platform has no limit
// of its own below the 2^28 of a descriptor, which no service could match.
const DefaultMaxDestination = 1024

// Load reads the content of a compiled policy file (.rsc). If it isn't one, or
// a device would refuse it, the error wraps ErrBadPolicyFile.
func Load(b []byte) (*List, error) {
	f, err := rsc.Decode(b)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadPolicyFile, err)
	}
	return NewList(f)
}

// NewList makes a list of f, which must not change from then on. If a device
// would refuse f (docs/service.md, Policy files), the error wraps
// ErrBadPolicyFile.
func NewList(f *policy.File) (*List, error) {
	if err := check(f); err != nil {
		return nil, err
	}
	return &List{file: f, index: index.New(f.Policies), maxDestination: DefaultMaxDestination}, nil
}

// check returns the first reason for which a device refuses f.
func check(f *policy.File) error {
	violations := f.Violations()
	if len(violations) == 0 {
		return nil
	}
	first := violations[0]
	err := fmt.Errorf("%w: %s", ErrBadPolicyFile, first.Message)
	if first.Policy > 0 {
		err = fmt.Errorf("policy %d: %w", first.Policy, err)
	}
	return err
}

// File is what the list was made of. It is shared, and must not be changed.
func (l *List) File() *policy.File { return l.file }

// Decide returns the index in File().Policies of the policy that decides a
// request: the first that matches (docs/service.md, Matching). It is -1 if none
// does; then the default policy decides. Passed is the result of the system
// server's own check. A destination that isn't valid UTF-8 is refused with an
// error that wraps ErrInvalidUTF8, one that is too long (DefaultMaxDestination)
// with one that wraps ErrDestinationTooLong.
func (l *List) Decide(sid uint32, passed bool, destination string) (int, error) {
	if len(destination) > l.maxDestination && l.isTooLong(destination) {
		return -1, l.tooLong()
	}
	return l.index.Decide(sid, passed, destination)
}

// limited sets the limit of a list that no other goroutine has yet. One that is
// taken over from the version before has it already.
func (l *List) limited(maxDestination int) *List {
	if l.maxDestination != maxDestination {
		l.maxDestination = maxDestination
	}
	return l
}

// isTooLong counts the units of a destination, and stops where they are too
// many.
func (l *List) isTooLong(destination string) bool {
	n := 0
	for _, c := range destination {
		if n += utf16.RuneLen(c); n > l.maxDestination {
			return true
		}
	}
	return false
}

func (l *List) tooLong() error {
	return fmt.Errorf("%w: it has more than %d UTF-16 units", ErrDestinationTooLong, l.maxDestination)
}

// DecideUTF16 is Decide for a destination in UTF-16 units, as the device holds
// it; unpaired surrogates are legal.
func (l *List) DecideUTF16(sid uint32, passed bool, destination []uint16) (int, error) {
	if len(destination) > l.maxDestination {
		return -1, l.tooLong()
	}
	return l.index.DecideUTF16(sid, passed, destination), nil
}

// Decisive is the policy that decides a request, with the header's values
// filled in.
type Decisive struct {
	// Policy has no zero DialogCreator. A zero PolicyEvaluator is the
	// built-in default evaluator.
	Policy       policy.Policy
	Index        int    // in List.File().Policies; -1 for the default policy
	Default      bool   // no policy matched, and this one is made up
	Major, Minor uint16 // versions of the file
}

// Policy returns the policy of index i in File().Policies as it takes effect:
// the header's evaluator and creator stand in for its own that are zero. For
// -1 it is the default policy. Any other i outside of the list is the caller's
// mistake; it gets the default policy too.
func (l *List) Policy(i int) Decisive {
	h := l.file.Header
	d := Decisive{Index: i, Major: h.MajorVersion, Minor: h.MinorVersion}
	if 0 <= i && i < len(l.file.Policies) {
		d.Policy = l.file.Policies[i]
	} else {
		d.Policy, d.Index, d.Default = policy.Default(), -1, true
	}
	l.file.FillIn(&d.Policy)
	return d
}
