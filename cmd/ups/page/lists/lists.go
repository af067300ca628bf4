// Package lists answers requests from policy lists: what the request box of a
// page asks. It is compiled to WebAssembly, and does without what would make the
// module large.
package lists

import (
	"fmt"

	"ups/cmd/ups/internal/answer"
	"ups/internal/rsc"
	"ups/policy"
)

// MaxCompiled is the most that a compiled file may have, in bytes. The format
// ends at 64 KiB; what is larger is taken so far that the reader says so.
const MaxCompiled = 1 << 20

// Lists are the policy lists of a page by their numbers. The zero value has none.
type Lists struct {
	lists map[int]list
}

type list struct {
	name string
	file *policy.File
}

// Load takes a compiled file as the list of a number. One that a device would
// refuse is refused.
func (l *Lists) Load(number int, name string, compiled []byte) error {
	f, err := rsc.Decode(compiled)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return l.Put(number, name, f)
}

// Put takes a file as the list of a number, in place of the one before.
func (l *Lists) Put(number int, name string, f *policy.File) error {
	if err := answer.Usable(f); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if l.lists == nil {
		l.lists = map[int]list{}
	}
	l.lists[number] = list{name, f}
	return nil
}

// Answer returns what decides a request, as JSON: in answer what ups match
// --json --explain writes, but of at most so many earlier policies, in lines what it
// writes of the policy for people.
func (l *Lists) Answer(number int, r answer.Request, most int) ([]byte, error) {
	list, ok := l.lists[number]
	if !ok {
		return nil, fmt.Errorf("there is no list %d", number)
	}
	a, err := answer.Decide(list.file, r)
	if err != nil {
		return nil, err
	}
	a.Explain(list.file, most)
	a.File = list.name
	b := a.AppendJSON([]byte(`{"answer":`), 0)
	b = a.AppendLines(append(b, `,"lines":`...))
	return append(b, '}'), nil
}
