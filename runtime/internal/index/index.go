// Package index finds the policy that decides a request, in a time that hardly
// depends on how many policies there are.
//
// # One request
//
// Take a long list with these policies in it, all for every client,
//
//	12  http://*.example.com/pay
//	40  +447700900123
//	77  *SHOP*
//	99  ?*
//
// and a request for `HTTP://shop.Example.com/pay`.
//
// Codes (text.go). The destination is turned into codes, a byte for each
// character, folded.
//
// Keys (builder.go). Policy 12 decides no request unless the codes have
// `xample` in them, and `ample.`, and more such grams of six codes. Each is a
// key that leads to it. The builder picks one that few other patterns have: for
// `http:/`, half of the list would have to be tried. Policy 40 has no wildcard;
// its key is all its codes. Policy 77 has no six literals in a row; its key is a
// gram of two. What has no rare key, as policy 99, is tried for each request.
//
// Postings (table.go, posting.go). The request's grams are hashed, and looked up
// in a filter, which is small enough for the processor's cache; nearly always it
// says, without a branch, that there is nothing. `xample` leads to a posting.
// That holds what can be compared at once: which codes end the literal
// (`.com/pay`) and the text, and a bit set of clients. If they fit, the pattern
// is a candidate.
//
// Candidates (search.go, pattern.go, clients.go). The candidate is matched, and
// then its policies are asked for the first that is for the client: 12. From
// now on, postings of later policies are passed over: of 77, to which `sh` or
// `ho` leads. Policy 99 was the best before.
//
// # The worst case
//
// Policies and destinations can be written so that many patterns are candidates.
// When they have cost as much as it would cost to match all patterns at once, that
// is done, by an automaton (wildcard.Automaton). Nothing is remembered from one request to
// the next, so nothing grows.
//
// # Beyond ASCII
//
// Where pattern and text aren't both ASCII, the codes only say what can't match,
// and the definition (wildcard.Prepared) confirms. For some pairs they don't even
// say that: see textKind.
package index

import (
	"fmt"

	"ups/internal/wildcard"
	"ups/policy"
)

// Index finds the policy that decides. It always agrees with
// policy.File.Decide. Any number of goroutines may use it.
type Index struct {
	policies   []policy.Policy
	patterns   []pattern // in the order of their first policies
	tables     []table
	unkeyed    []posting                  // of patterns without a rare key, in order
	definition [textKinds][]int32         // patterns that the codes of such a text say nothing of
	automaton  func() *wildcard.Automaton // of all regular patterns; made when first needed
	globs      []int32                    // of the automaton: their patterns, in order
	maxCost    int32                      // of candidates that are tried one by one
}

// textKind is what the codes of a text can decide.
type textKind int

const (
	ascii     textKind = iota // which regular patterns match
	regular                   // which regular patterns can't match
	irregular                 // which ASCII patterns can't match
	textKinds
)

// none stands for no policy. It is after all of them.
const none int32 = 1<<31 - 1

// usualText and longText are how many codes are kept without allocation. There
// are two sizes since clearing what a few texts need would take all others a
// tenth of their time.
const (
	usualText = 96
	longText  = 256 // more than any pattern without a star matches
)

// Decide returns the place of the first policy that matches a request, or -1. A
// destination that isn't valid UTF-8 is refused with an error that wraps
// wildcard.ErrInvalidUTF8.
func (x *Index) Decide(sid uint32, passed bool, destination string) (int, error) {
	if len(destination) > usualText {
		var buffer [longText + padding]byte
		return x.decide(buffer[:], sid, passed, destination)
	}
	var buffer [usualText + padding]byte
	return x.decide(buffer[:], sid, passed, destination)
}

func (x *Index) decide(buffer []byte, sid uint32, passed bool, destination string) (int, error) {
	q := query{Index: x, text: newText(buffer, len(destination)), client: newClient(sid, passed), best: none}
	if q.fold(destination) && len(x.definition[ascii]) == 0 {
		q.search()
		return q.decided(), nil
	}
	var units [longText]uint16
	list, err := wildcard.AppendUTF16(units[:0], destination)
	if err != nil {
		return -1, fmt.Errorf("destination: %w", err)
	}
	return x.DecideUTF16(sid, passed, list), nil
}

// DecideUTF16 is Decide for a destination in UTF-16 units, unpaired surrogates
// included.
func (x *Index) DecideUTF16(sid uint32, passed bool, destination []uint16) int {
	var buffer [longText + padding]byte
	q := query{Index: x, text: newText(buffer[:], len(destination)), client: newClient(sid, passed), best: none}
	q.encode(destination)
	decoded := wildcard.Decode(destination)
	q.textKind, q.decoded = textKindOf(destination), &decoded
	q.search()
	q.searchDefinition()
	return q.decided()
}

func textKindOf(destination []uint16) textKind {
	or := uint16(0)
	for _, u := range destination {
		or |= u
	}
	switch {
	case or < firstOutsideASCII:
		return ascii
	case wildcard.RegularText(destination):
		return regular
	}
	return irregular
}
