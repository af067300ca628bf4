package grammar

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"sort"

	"ups/diag"
	"ups/internal/readfile"
)

// ErrTooLarge is wrapped by the errors of Files for a file that is over the
// limit.
var ErrTooLarge = errors.New("larger than the 16 MiB that a source may have")

// Files is where sources and the files that they include are read from.
type Files interface {
	// ReadFile returns the content of a file. A file of more than limit bytes
	// is refused with an error that wraps ErrTooLarge, and no more than limit
	// bytes of it are held.
	ReadFile(name string, limit int64) ([]byte, error)
}

// linkedFiles are Files in which ".." may lead elsewhere than the text of a
// path says.
type linkedFiles interface {
	// Same reports whether two paths lead to one file, or both to none.
	Same(a, b string) bool
}

// Disk is the local file system.
type Disk struct{}

// ReadFile reads a regular file of at most limit bytes. It refuses a pipe or
// device, since nothing that a source includes may block.
func (Disk) ReadFile(name string, limit int64) ([]byte, error) {
	b, err := readfile.Found(name, limit)
	if errors.Is(err, readfile.ErrTooLarge) {
		return nil, fmt.Errorf("%s: %w", name, ErrTooLarge)
	}
	return b, err
}

// IsDir reports whether a name is that of a folder.
func (Disk) IsDir(name string) (bool, error) {
	info, err := os.Stat(name)
	return err == nil && info.IsDir(), err
}

// Same reports whether two paths lead to one file, or both to none.
func (Disk) Same(a, b string) bool {
	one, err := os.Stat(a)
	other, otherErr := os.Stat(b)
	if err != nil || otherErr != nil {
		return err != nil && otherErr != nil
	}
	return os.SameFile(one, other)
}

// Source is a file that was read.
type Source struct {
	Name    string // as it was asked for
	Text    []byte
	Builtin bool // one of the headers that come with the tool

	text  string   // Text, once more, for tokens to be slices of
	lines []uint32 // where each line begins
}

func newSource(name string, text []byte) *Source {
	lines := make([]uint32, 1, bytes.Count(text, []byte{'\n'})+1)
	for i, c := range text {
		if c == '\n' {
			lines = append(lines, uint32(i)+1)
		}
	}
	return &Source{Name: name, Text: text, text: string(text), lines: lines}
}

// line returns the number of the line that an offset is on, from 0.
func (s *Source) line(offset int) int {
	i, exact := slices.BinarySearch(s.lines, uint32(offset))
	if exact {
		return i
	}
	return i - 1
}

// location is an offset into all sources of one tree, laid end to end in the order
// of reading: the base of a reading plus an offset into its source.
type location uint32

// reading is one pass over a source: the source itself, or an #include of it.
type reading struct {
	source   *Source
	base     location
	included location // of the #include; 0 for the source itself
	marks    []lineMark
}

// lineMark is a line mark ("# 100 "file""): what follows is to be reported as
// if it stood elsewhere.
type lineMark struct {
	offset   int // of the line after the mark
	line     int // that this line is to have
	filename string
}

// locations turns a location into a position that a person can find.
type locations []*reading

// newLocations begins with a reading of each header, so that the headers have
// the same places in every tree.
func newLocations() locations {
	var ls locations
	for _, name := range headerNames {
		ls.add(headerSources()[name], 0)
	}
	return ls
}

// open returns a reading of s, included from a place: for the first of a
// header, the one that is there.
func (ls *locations) open(s *Source, included location) *reading {
	for _, r := range (*ls)[:len(headerNames)] {
		if r.source == s && r.included == 0 {
			r.included = included
			return r
		}
	}
	return ls.add(s, included)
}

func (ls *locations) add(s *Source, included location) *reading {
	base := location(1) // so that 0 means: nowhere
	if n := len(*ls); n > 0 {
		last := (*ls)[n-1]
		base = last.base + location(len(last.source.text)) + 1
	}
	r := &reading{source: s, base: base, included: included}
	*ls = append(*ls, r)
	return r
}

// find returns the reading that a location lies in.
func (ls locations) find(at location) *reading {
	i := sort.Search(len(ls), func(i int) bool { return ls[i].base > at })
	if i == 0 {
		return nil
	}
	return ls[i-1]
}

// pos returns the position of a location, line marks applied.
func (ls locations) pos(at location) diag.Pos {
	r := ls.find(at)
	if r == nil {
		return diag.Pos{}
	}
	return r.pos(int(at - r.base))
}

// own reports whether a location is in the source itself, not in what it
// includes. The first line mark of a source that is already preprocessed names
// the source.
func (ls locations) own(at location) bool {
	r := ls.find(at)
	if r == nil || r.included != 0 {
		return false
	}
	name := r.pos(int(at - r.base)).Filename
	return name == r.source.Name || name == r.marks[0].filename
}

func (r *reading) pos(offset int) diag.Pos {
	i := r.source.line(offset)
	p := diag.Pos{
		Filename: r.source.Name,
		Offset:   offset,
		Line:     i + 1,
		Column:   offset - int(r.source.lines[i]) + 1,
	}
	m := sort.Search(len(r.marks), func(j int) bool { return r.marks[j].offset > offset }) - 1
	if m >= 0 {
		mark := r.marks[m]
		p.Filename, p.Line = mark.filename, max(1, mark.line+i-r.source.line(mark.offset))
	}
	return p
}

// span returns the span between two locations of one reading.
func (ls locations) span(start, end location) diag.Span {
	return diag.Span{Start: ls.pos(start), End: ls.pos(end)}
}

// includes returns the chain of #include lines that led to a location.
func (ls locations) includes(at location) []diag.Frame {
	var chain []diag.Frame
	for r := ls.find(at); r != nil && r.included != 0; r = ls.find(r.included) {
		from := ls.pos(r.included)
		chain = append(chain, diag.Frame{
			Kind: diag.Included,
			Name: r.source.Name,
			Span: diag.Span{Start: from, End: from},
		})
	}
	return chain
}
