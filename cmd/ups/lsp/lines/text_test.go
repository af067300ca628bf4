package lines

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"ups/cmd/ups/lsp/protocol"
)

// TestReplaced looks for lines beside an edit only, and finds those of the whole.
func TestReplaced(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	parts := []string{"", "a", "\n", "\r", "\r\n", "\n\r", "bc", "é", "\r\r", "x\ny"}
	now := New("")
	for range 20_000 {
		from := r.IntN(len(now.content) + 1)
		to := min(len(now.content), from+r.IntN(4))
		now = now.Replaced(from, to, parts[r.IntN(len(parts))])
		if want := New(now.content); !slices.Equal(now.begins, want.begins) {
			t.Fatalf("%q: lines begin at %v, want %v", now.content, now.begins, want.begins)
		}
		if len(now.content) > 40 {
			now = New(now.content[:r.IntN(20)])
		}
	}
}

// TestLongLines finds places in lines that are longer than a stride, with bytes that
// are no UTF-8 among them.
func TestLongLines(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	parts := []string{"a", "é", "€", "𝄞", "\xff", "\x80", strings.Repeat("b", 50)}
	var b strings.Builder
	for range 3 {
		for range 400 + r.IntN(800) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		b.WriteString("\r\n")
	}
	doc := New(b.String())
	for line := range doc.begins {
		s, start := doc.Line(line)
		units := 0
		for i, c := range s {
			p := protocol.Position{Line: uint32(line), Character: uint32(units)}
			if got := doc.Position(start + i); got != p {
				t.Fatalf("offset %d is at %v, want %v", start+i, got, p)
			}
			if got := doc.Offset(p); got != start+i {
				t.Fatalf("%v is at %d, want %d", p, got, start+i)
			}
			units += len(utf16.Encode([]rune{c}))
		}
		end := protocol.Position{Line: uint32(line), Character: uint32(units) + 5000}
		if got := doc.Offset(end); got != start+len(s) {
			t.Errorf("past the end of line %d is %d, want %d", line, got, start+len(s))
		}
	}
}
