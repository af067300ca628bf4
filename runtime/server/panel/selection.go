package panel

import (
	"context"
	"errors"
	"iter"
	"net/url"
	"strings"

	"ups/runtime/decision"
	"ups/runtime/internal/printable"
	"ups/runtime/service"
)

// selection says which stored answers somebody wants to see.
type selection struct {
	Client, Server, Service, Result string // as typed
	Text                            string // that the description has, in any case of letters
	More                            string // terms of decision.ParseFilter, one a line
	filter                          decision.Filter
	called                          []called
}

// called is the name, or a part of it, of who takes part.
type called struct {
	part string
	name func(*decision.Record) string
}

// isName reports whether somebody typed a name, where a number may be typed as well.
func isName(field, typed string) bool {
	_, err := decision.ParseFilter(field + "=" + typed)
	return err != nil && !strings.HasPrefix(typed, "0x")
}

// selectionOf reads a selection from a query. An error says what is wrong with it;
// its text is for people.
func (p *Panel) selectionOf(q url.Values) (s selection, err error) {
	s = selection{
		Client: q.Get("client"), Server: q.Get("server"), Service: q.Get("service"), Result: q.Get("result"),
		Text: q.Get("text"), More: q.Get("more"),
	}
	client, server, service := p.opt.Names.ofRecords()
	var terms []string
	for _, field := range []struct {
		key, typed string
		name       func(*decision.Record) string
	}{
		{"client", s.Client, client}, {"server", s.Server, server}, {"service", s.Service, service}, {"result", s.Result, nil},
	} {
		switch {
		case field.typed == "":
		case field.name != nil && isName(field.key, field.typed):
			s.called = append(s.called, called{field.typed, field.name})
		default:
			terms = append(terms, field.key+"="+field.typed)
		}
	}
	for line := range strings.Lines(s.More) {
		if line = strings.TrimRight(line, "\r\n"); strings.TrimSpace(line) != "" {
			terms = append(terms, line)
		}
	}
	s.filter, err = decision.ParseFilter(terms...)
	return s, err
}

// Query is the selection as a query.
func (s *selection) Query() string {
	q := url.Values{}
	for name, value := range map[string]string{
		"client": s.Client, "server": s.Server, "service": s.Service, "result": s.Result, "text": s.Text, "more": s.More,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q.Encode()
}

// At is the address of a page about the selection.
func (s *selection) At(path string) string {
	if q := s.Query(); q != "" {
		return path + "?" + q
	}
	return path
}

// has reports whether a record has the text and the names that are searched for.
func (s *selection) has(r *decision.Record) bool {
	for _, c := range s.called {
		if !contains(c.name(r), c.part) {
			return false
		}
	}
	return contains(r.Description, s.Text)
}

// contains is strings.Contains in any case of letters.
func contains(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}

// records yields what is selected, from the record after an id.
func (s *selection) records(ctx context.Context, m *service.Management, after uint64) iter.Seq2[decision.Record, error] {
	f := s.filter
	if f.ID.Comparison == decision.Unset {
		f.ID = decision.Number{Comparison: decision.Greater, Value: after}
	}
	return func(yield func(decision.Record, error) bool) {
		for r, err := range m.Records(ctx, f) {
			if err == nil && (r.ID <= after || !s.has(&r)) {
				continue
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// firstRecords returns the first of what is selected, at most max, and whether there are more.
func (s *selection) firstRecords(ctx context.Context, m *service.Management, after uint64, max int) (all []decision.Record, more bool, err error) {
	for r, err := range s.records(ctx, m, after) {
		if err != nil {
			return nil, false, err
		}
		if len(all) == max {
			return all, true, nil
		}
		all = append(all, r)
	}
	return all, false, nil
}

// errNoService says that the service isn't running.
var errNoService = errors.New("the service isn't running")

// manage runs something in a management session, which it opens for this alone: an
// open panel doesn't keep the service from ending.
func (p *Panel) manage(do func(*service.Management) error) error {
	s := p.opt.Service()
	if s == nil {
		return errNoService
	}
	m, err := s.Manage(p.opt.Caller)
	if err != nil {
		return err
	}
	defer m.Close()
	return do(m)
}

// sayError writes an error for people.
func sayError(err error) string {
	switch {
	case errors.Is(err, errNoService), errors.Is(err, service.ErrClosed):
		return "The service isn't running."
	case errors.Is(err, service.ErrPermissionDenied):
		return "The panel isn't allowed to do this: " + err.Error() + "."
	case errors.Is(err, decision.ErrViewLost):
		return "The decision database was deleted or replaced meanwhile. Look again."
	case errors.Is(err, decision.ErrInvalidFilter):
		return "This can't be searched for: " + printable.Text(err.Error())
	}
	return "The decision database says: " + printable.Text(err.Error())
}
