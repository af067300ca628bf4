package lsp

import (
	"context"
	"strings"

	"ups/cmd/ups/lsp/protocol"
	"ups/grammar"
)

// foldingRange finds what can be hidden: what stands in braces, comments of several
// lines, and conditionals.
func (s *server) foldingRange(_ context.Context, p *protocol.DocumentParams) ([]protocol.FoldingRange, error) {
	d := s.document(p.TextDocument.URI.Path())
	if d == nil {
		return nil, errNotOpen(p.TextDocument.URI)
	}
	f := folder{d: d, out: []protocol.FoldingRange{}}
	for l := range grammar.Lexemes(d.String()) {
		f.take(l)
	}
	f.endComments()
	return f.out, nil
}

// folder follows the pieces of a text.
type folder struct {
	d          *document
	out        []protocol.FoldingRange
	braces     []int // where those begin that are open
	conditions []int
	comments   [2]int // the lines of // comments that follow each other, from 1; 0 for none
	sign       bool   // the piece before was the # of a directive
}

func (f *folder) take(l grammar.Lexeme) {
	if l.Comment && strings.HasPrefix(l.Text, "//") {
		f.comment(l.Offset)
		return
	}
	f.endComments()
	switch {
	case l.Comment:
		f.add(l.Offset, l.Offset+len(l.Text), "comment")
	case l.Is("{"):
		f.braces = append(f.braces, l.Offset)
	case l.Is("}") && len(f.braces) > 0:
		f.add(f.braces[len(f.braces)-1], l.Offset, "")
		f.braces = f.braces[:len(f.braces)-1]
	case f.sign && (l.Is("if") || l.Is("ifdef") || l.Is("ifndef")):
		f.conditions = append(f.conditions, l.Offset)
	case f.sign && l.Is("endif") && len(f.conditions) > 0:
		f.add(f.conditions[len(f.conditions)-1], l.Offset, "region")
		f.conditions = f.conditions[:len(f.conditions)-1]
	}
	f.sign = l.Is("#")
}

// comment takes in a comment to the end of its line.
func (f *folder) comment(offset int) {
	line := int(f.d.Position(offset).Line) + 1
	if f.comments[1] == 0 || f.comments[1] != line-1 {
		f.endComments()
		f.comments[0] = line
	}
	f.comments[1] = line
}

func (f *folder) endComments() {
	if f.comments[1] > f.comments[0] {
		f.out = append(f.out, protocol.FoldingRange{StartLine: uint32(f.comments[0] - 1), EndLine: uint32(f.comments[1] - 1), Kind: "comment"})
	}
	f.comments = [2]int{}
}

func (f *folder) add(from, to int, kind string) {
	start, end := f.d.Position(from).Line, f.d.Position(to).Line
	if end > start {
		f.out = append(f.out, protocol.FoldingRange{StartLine: start, EndLine: end, Kind: kind})
	}
}
