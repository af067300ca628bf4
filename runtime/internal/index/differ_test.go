package index

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"ups/internal/wildcard"
	"ups/policy"
)

// pieces is what patterns and destinations of the differential tests are made
// of, by alphabet. There are few, so that equal ones are common.
var pieces = [...][]string{
	{"*", "?", "a", "b"},
	{"*", "*", "?", "a", "A", "b", "ab", "aab", "abcd", "abce", "abcdabcdx", "bcdabcdabcdabcdabcdabcdabcd", "c"},
	{"*", "*", "?", "+44", "7700900", "1", "23", "sms:", "https://", "HTTP://", "www.", "example", ".com", ".co.uk", "shop", "/", "@", "x", "\x00"},
	{"*", "*", "?", "a", "A", "\u00E9", "e\u0301", "E\u0301", "\u0301", "\u0323", "\u212A", "k", "\u0130", "i", "\u65E5", "\u672C", "\u0345", "\u03B1", "\u03B9"},
}

// loneUnits are pieces that no string can hold.
var loneUnits = []uint16{0xD800, 0xDC00, 0xFFFE, 0xFFFF, 0xD801, 0x0345, 0x0340}

// source makes a test's choices from the bytes of a fuzzer.
type source []byte

// next returns a number below n; 0 when the bytes have run out.
func (s *source) next(n int) int {
	if len(*s) == 0 {
		return 0
	}
	b := (*s)[0]
	*s = (*s)[1:]
	return int(b) % n
}

// text returns a pattern, or a destination.
func (s *source) text(alphabet []string) (list []uint16) {
	for range s.next(9) {
		i := s.next(len(alphabet) + 1)
		if i < len(alphabet) {
			list = append(list, utf16.Encode([]rune(alphabet[i]))...)
		} else if s.next(8) == 7 {
			list = append(list, loneUnits[s.next(len(loneUnits))])
		}
	}
	return list
}

var (
	someSIDs    = []uint32{0x00000000, 0x10000001, 0x10000002, 0x8000000A, 0xF0000001, 0x10010001}
	someClasses = []policy.SIDClasses{policy.AllSIDs, policy.ProtectedSIDs, policy.UnprotectedSIDs, 0, 0x0002, 0xFFFF0100, 0x8001}
)

func (s *source) policy(alphabet []string) policy.Policy {
	p := policy.Policy{
		SIDClasses: someClasses[s.next(len(someClasses))],
		Security:   policy.Security(s.next(3)),
	}
	if s.next(4) == 3 {
		for range 1 + s.next(3) {
			p.SIDs = append(p.SIDs, someSIDs[s.next(len(someSIDs))])
		}
	}
	p.Destination = s.text(alphabet)
	return p
}

// file returns a list of up to 120 policies, and an alphabet for destinations.
func (s *source) file() (*policy.File, []string) {
	alphabet := pieces[s.next(len(pieces))]
	var list []policy.Policy
	for range s.next(121) {
		list = append(list, s.policy(alphabet))
	}
	return fileOf(list), alphabet
}

// request returns a request, often with a destination made of a pattern.
func (s *source) request(f *policy.File, alphabet []string) policy.Request {
	r := policy.Request{SID: someSIDs[s.next(len(someSIDs))], Passed: s.next(2) == 1}
	if n := len(f.Policies); n > 0 && s.next(3) > 0 {
		r.Destination = s.fill(f.Policies[s.next(n)].Destination, alphabet)
	} else {
		r.Destination = s.text(alphabet)
	}
	if s.next(4) == 3 {
		at := s.next(len(r.Destination) + 1)
		r.Destination = slices.Insert(r.Destination, at, loneUnits[s.next(len(loneUnits))])
	}
	return r
}

// fill returns a text that the pattern may match.
func (s *source) fill(pattern []uint16, alphabet []string) (text []uint16) {
	for _, u := range pattern {
		switch u {
		case '*':
			text = append(text, s.text(alphabet)...)
		case '?':
			text = append(text, utf16.Encode([]rune(alphabet[s.next(len(alphabet))]))...)
		default:
			text = append(text, u)
		}
	}
	return text
}

func fileOf(list []policy.Policy) *policy.File {
	return &policy.File{
		UID2: policy.ResourceFileUID, Version: policy.FormatVersion,
		Header:   &policy.Header{DialogCreator: 0x10000000},
		Policies: list,
	}
}

// tally counts what differential tests have met.
type tally struct{ lists, requests, decided, notFirst, notASCII, irregular, atOnce int }

// differ compares the index of a list with File.Decide, for some requests.
func differ(t testing.TB, data []byte, count *tally) {
	s := source(data)
	f, alphabet := s.file()
	l := mustList(t, f.Policies)
	count.lists++
	for range 12 {
		r := s.request(f, alphabet)
		want := f.Decide(r)
		count.add(r, want)
		agree(t, l, r, want)
	}
	count.atOnce += int(l.atOnce.Load())
}

func (c *tally) add(r policy.Request, want int) {
	c.requests++
	if want >= 0 {
		c.decided++
	}
	if want > 0 {
		c.notFirst++
	}
	if slices.ContainsFunc(r.Destination, func(u uint16) bool { return u >= firstOutsideASCII }) {
		c.notASCII++
	}
	if !wildcard.RegularText(r.Destination) && want >= 0 {
		c.irregular++
	}
}

// agree checks the answer to a request in both forms, if there are both.
func agree(t testing.TB, l *listed, r policy.Request, want int) {
	t.Helper()
	if got := l.DecideUTF16(r.SID, r.Passed, r.Destination); got != want {
		t.Fatalf("SID %#x, passed %t, destination %x: policy %d, want %d%s", r.SID, r.Passed, r.Destination, got, want, listing(l.file))
	}
	text := r.Destination.String()
	if !slices.Equal(policy.NewText(text), r.Destination) {
		return // an unpaired surrogate
	}
	if got, err := l.Decide(r.SID, r.Passed, text); err != nil || got != want {
		t.Fatalf("SID %#x, passed %t, destination %q: policy %d, %v, want %d%s", r.SID, r.Passed, text, got, err, want, listing(l.file))
	}
}

func listing(f *policy.File) string {
	var b strings.Builder
	for i, p := range f.Policies {
		fmt.Fprintf(&b, "\n%d: SIDs %x, classes %v, security %v, destination %q (%x)",
			i, p.SIDs, uint32(p.SIDClasses), p.Security, p.Destination.String(), p.Destination)
	}
	return b.String()
}

// seedCount is how many lists FuzzDecide begins with.
const seedCount = 400

// decideSeeds returns choices enough for a list of the seeded size and its
// requests.
func decideSeeds() [][]byte {
	r := rand.New(rand.NewPCG(11, 0))
	seeds := make([][]byte, seedCount)
	for i := range seeds {
		seeds[i] = make([]byte, 1600)
		for j := range seeds[i] {
			seeds[i][j] = byte(r.Uint32())
		}
	}
	return seeds
}

// FuzzDecide compares the index with File.Decide, for lists and requests made of
// any bytes.
func FuzzDecide(f *testing.F) {
	for _, s := range decideSeeds() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) { differ(t, data, &tally{}) })
}

// The seeds must meet everything that there is to go wrong.
func TestFuzzDecideSeeds(t *testing.T) {
	var c tally
	for _, s := range decideSeeds() {
		differ(t, s, &c)
	}
	if c.lists != seedCount || c.decided < 1500 || c.notFirst < 1000 || c.notASCII < 300 || c.irregular < 300 || c.atOnce < 100 {
		t.Errorf("the seeds of FuzzDecide met only %+v", c)
	}
}
