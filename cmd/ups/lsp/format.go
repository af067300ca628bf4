package lsp

import (
	"context"
	"fmt"

	"ups/cmd/ups/lsp/protocol"
	"ups/grammar/format"
)

// formatting lays a document out as ups fmt does. What must stay as it is stays,
// and the user is told.
func (s *server) formatting(_ context.Context, p *protocol.DocumentParams) ([]protocol.TextEdit, error) {
	d := s.document(p.TextDocument.URI.Path())
	if d == nil {
		return nil, errNotOpen(p.TextDocument.URI)
	}
	r, err := format.Source(d.String())
	if err != nil {
		return nil, err
	}
	for _, left := range r.Left {
		s.inform(fmt.Sprintf("lines %d to %d stay as they are: %s", left.First, left.Last, left.Reason))
	}
	return d.differences(r.Text), nil
}

// differences are the edits that turn a document into another text, line by line
// as far as both begin and end alike.
func (d *document) differences(now string) []protocol.TextEdit {
	was := d.String()
	if was == now {
		return []protocol.TextEdit{}
	}
	begin := commonLines(was, now)
	end := commonEnd(was[begin:], now[begin:])
	return []protocol.TextEdit{{Range: d.Span(begin, len(was)-end), NewText: now[begin : len(now)-end]}}
}

// commonLines returns the length of the whole lines that two texts begin with.
func commonLines(a, b string) int {
	n := 0
	for i := 0; i < min(len(a), len(b)) && a[i] == b[i]; i++ {
		if a[i] == '\n' {
			n = i + 1
		}
	}
	return n
}

// commonEnd returns the length of the whole lines that two texts end with.
func commonEnd(a, b string) int {
	n := 0
	for i := 1; i <= min(len(a), len(b)) && a[len(a)-i] == b[len(b)-i]; i++ {
		if i < min(len(a), len(b)) && a[len(a)-i-1] == '\n' && b[len(b)-i-1] == '\n' {
			n = i
		}
	}
	return n
}
