package lsp

import (
	"context"
	"slices"

	"ups/cmd/ups/lsp/protocol"
	"ups/grammar"
)

// maxNested is how many ranges are told of around one place, the innermost: the
// answer is nested as they are.
const maxNested = 200

// selectionRange finds what is around places: the word, the field, and what stands
// in each pair of braces, without them and with what they belong to.
func (s *server) selectionRange(ctx context.Context, p *protocol.SelectionRangeParams) ([]protocol.SelectionRange, error) {
	d := s.document(p.TextDocument.URI.Path())
	if d == nil {
		return nil, errNotOpen(p.TextDocument.URI)
	}
	all := slices.Collect(grammar.Lexemes(d.String()))
	out := make([]protocol.SelectionRange, 0, len(p.Positions))
	for _, at := range p.Positions {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		nested := around(all, d.Offset(at), len(d.String()))
		out = append(out, *d.nested(nested[max(0, len(nested)-maxNested):]))
	}
	return out, nil
}

// stretch is a part of a text.
type stretch struct{ from, to int }

// around returns the stretches that an offset is in, the outermost first.
func around(all []grammar.Lexeme, offset, length int) []stretch {
	out := []stretch{{0, length}}
	var open []int // the pieces that the braces around begin at
	begin := 0     // the piece that the statement or field begins at
	var begins []int
	for i, l := range all {
		end := l.Offset + len(l.Text)
		switch {
		case l.Is("{"):
			open, begins = append(open, i), append(begins, begin)
			begin = i + 1
		case l.Is("}") && len(open) > 0:
			brace, from := all[open[len(open)-1]].Offset, all[begins[len(begins)-1]].Offset
			if from <= offset && offset <= end {
				out = append(out, stretch{from, end})
			}
			if brace+1 <= offset && offset <= l.Offset {
				out = append(out, stretch{brace + 1, l.Offset})
			}
			begin = begins[len(begins)-1]
			open, begins = open[:len(open)-1], begins[:len(begins)-1]
		case l.Is(";") || l.Is(","):
			if from := all[min(begin, i)].Offset; from <= offset && offset <= end {
				out = append(out, stretch{from, end})
			}
			begin = i + 1
		}
		if has(l, offset) {
			out = append(out, stretch{l.Offset, end})
		}
	}
	return within(out)
}

// within sorts stretches from the outermost, and drops what doesn't lie in the one
// before.
func within(all []stretch) []stretch {
	slices.SortStableFunc(all, func(a, b stretch) int { return (b.to - b.from) - (a.to - a.from) })
	out := all[:1]
	for _, s := range all[1:] {
		if outer := out[len(out)-1]; s != outer && outer.from <= s.from && s.to <= outer.to {
			out = append(out, s)
		}
	}
	return out
}

func (d *document) nested(all []stretch) *protocol.SelectionRange {
	var out *protocol.SelectionRange
	for _, s := range all {
		out = &protocol.SelectionRange{Range: d.Span(s.from, s.to), Parent: out}
	}
	return out
}
