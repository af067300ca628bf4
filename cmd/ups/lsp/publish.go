package lsp

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"ups/cmd/ups/lsp/protocol"
	"ups/diag"
	"ups/lint"
)

// byFile are the diagnostics of files, by path.
type byFile map[string][]protocol.Diagnostic

// recheck checks the sources that are meant.
func (s *server) recheck(meant func(*source) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, src := range s.sources {
		if !meant(src) {
			continue
		}
		if c := src.now.Load(); c != nil && s.changedSince(c) {
			c.supersede() // another request may have made a newer one already
		}
		s.checkSoon(src)
	}
}

// checkSoon has a source checked as it is now. While it is being checked, it is
// checked once more after that, however often this is asked for.
func (s *server) checkSoon(src *source) {
	if src.wanted.Add(1) > 1 {
		return
	}
	go func() {
		for {
			wanted, before := src.wanted.Load(), src.now.Load()
			s.check(src)
			if !s.missed(src, before) && src.wanted.CompareAndSwap(wanted, 0) {
				return
			}
		}
	}()
}

// missed reports whether a file changed that was being read for the first time while
// the source was checked: nobody knew then that it is to be checked for it. before is
// the compilation that there was when the check began; a check that made none failed.
func (s *server) missed(src *source, before *compilation) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := src.now.Load()
	return c != before && s.sources[src.path] == src && s.changedSince(c)
}

// check compiles and lints a source, and shows what is found by each.
func (s *server) check(src *source) {
	defer s.recoverFrom("checking a source")
	c := s.compiled(src)
	s.publish(src, c, s.compilerFound(src, c))
	s.refresh(src, c)
	if !s.lints {
		return
	}
	c.lint()
	select {
	case <-c.done:
	case <-c.stop:
		return
	}
	if c.found == nil || c.result.File == nil {
		return
	}
	found := c.byFile(c.found.diagnostics())
	src.carried.set(found)
	s.publish(src, c, found)
}

// refresh has the client ask anew for what it shows within the text of a source, if
// that means something else now for another reason than its own edits, after which
// the client asks anyway.
func (s *server) refresh(src *source, c *compilation) {
	last := src.checked
	src.checked = c
	if last == nil || c.texts[src.path] == nil || bytes.Equal(last.result.Bytes, c.result.Bytes) {
		return
	}
	if last.texts[src.path] != c.texts[src.path] && !c.readsOthersThan(last) {
		return
	}
	ask := func(method string, can bool) {
		if can {
			go func() { _ = s.conn.Call(context.Background(), method, nil, nil) }() // the client may refuse
		}
	}
	ask("workspace/inlayHint/refresh", s.client.Workspace.InlayHint.RefreshSupport)
	ask("workspace/semanticTokens/refresh", s.client.Workspace.SemanticTokens.RefreshSupport)
}

// readsOthersThan reports whether a file that is included is open in another version
// than for a compilation before.
func (c *compilation) readsOthersThan(last *compilation) bool {
	for path := range c.read {
		if path != c.path && c.texts[path] != last.texts[path] {
			return true
		}
	}
	return false
}

// compilerFound is what is shown until lint is ready: what the compiler found, and
// if it found no error, what lint found last.
func (s *server) compilerFound(src *source, c *compilation) byFile {
	if c.failed != nil {
		return byFile{c.path: {{
			Severity: protocol.SeverityError, Code: "config-invalid", Source: program, Message: c.failed.Error(),
		}}}
	}
	if last := src.carried.get(); s.lints && c.result.File != nil && last != nil {
		return last
	}
	return c.byFile(c.result.Diagnostics)
}

// diagnostics are the findings without what lint alone knows of them.
func (f *findings) diagnostics() []diag.Diagnostic {
	out := make([]diag.Diagnostic, len(f.merged))
	for i, m := range f.merged {
		out[i] = m.Diagnostic
	}
	return out
}

// publish shows the diagnostics of a source, unless they are of a state that is
// past.
func (s *server) publish(src *source, c *compilation, found byFile) {
	s.publishing.Lock()
	defer s.publishing.Unlock()
	s.mu.Lock()
	current := s.sources[src.path] == src && src.now.Load() == c && !s.changedSince(c)
	s.mu.Unlock()
	if current {
		s.show(src.path, found)
	}
}

// withdraw takes back what is shown of an origin.
func (s *server) withdraw(origin string) {
	s.publishing.Lock()
	defer s.publishing.Unlock()
	s.show(origin, nil)
}

// show puts the diagnostics of an origin, a source or a command, in place of those
// that it had, and sends those of all files that are concerned. The caller holds
// s.publishing.
func (s *server) show(origin string, found byFile) {
	concerned := map[string]bool{}
	for path, of := range s.shown {
		if _, had := of[origin]; had {
			concerned[path] = true
			delete(of, origin)
		}
	}
	for path, ds := range found {
		concerned[path] = true
		if s.shown[path] == nil {
			s.shown[path] = map[string][]protocol.Diagnostic{}
		}
		s.shown[path][origin] = ds
	}
	for path := range concerned {
		s.send(path)
	}
}

// send sends the diagnostics of a file, those of all origins.
func (s *server) send(path string) {
	out := []protocol.Diagnostic{}
	seen := map[string]bool{}
	for _, origin := range slices.Sorted(maps.Keys(s.shown[path])) {
		for _, d := range s.shown[path][origin] {
			if key := fmt.Sprint(d.Range, d.Code, d.Message); !seen[key] {
				seen[key] = true
				out = append(out, d)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b protocol.Diagnostic) int { return compare(a.Range.Start, b.Range.Start) })
	if len(s.shown[path]) == 0 {
		delete(s.shown, path)
	}
	open, _ := s.snapshot()
	p := protocol.PublishDiagnosticsParams{URI: open.uri(path), Diagnostics: out}
	if d := open[path]; d != nil {
		p.Version = &d.version
	}
	s.notify("textDocument/publishDiagnostics", p)
}

// program is the source that diagnostics name.
const program = "ups"

// byFile turns diagnostics into those of the protocol. The file of the source is
// always among those of the result.
func (c *compilation) byFile(ds []diag.Diagnostic) byFile {
	out := byFile{absolute(c.path): nil}
	for _, d := range ds {
		path, r := c.places.place(d.Span)
		out[path] = append(out[path], protocol.Diagnostic{
			Range: r, Severity: severityOf(d.Severity), Code: d.Code, Source: program,
			Message: c.message(d), Tags: tagsOf(d), RelatedInformation: c.related(d),
		})
	}
	return out
}

// message is the message with its hint, and where the place can't be shown, with
// the place.
func (c *compilation) message(d diag.Diagnostic) string {
	m := d.Message
	if d.Hint != "" {
		m += "\n" + d.Hint
	}
	if d.Span.IsValid() && c.places.text(d.Span.Start.Filename) == nil { // a line mark names the file
		m = d.Span.Start.String() + ": " + m
	}
	return m
}

func (c *compilation) related(d diag.Diagnostic) []protocol.DiagnosticRelatedInformation {
	var out []protocol.DiagnosticRelatedInformation
	for _, f := range d.Chain {
		out = append(out, protocol.DiagnosticRelatedInformation{Location: c.places.location(f.Span), Message: frameText(f)})
	}
	for _, r := range d.Related {
		out = append(out, protocol.DiagnosticRelatedInformation{Location: c.places.location(r.Span), Message: r.Message})
	}
	return out
}

func frameText(f diag.Frame) string {
	switch f.Kind {
	case diag.Included:
		return "in " + f.Name + ", which is included here"
	case diag.Defined:
		return "in the definition of " + f.Name
	}
	return "in the macro " + f.Name + ", which is used here"
}

func severityOf(s diag.Severity) int {
	switch s {
	case diag.Error:
		return protocol.SeverityError
	case diag.Warning:
		return protocol.SeverityWarning
	}
	return protocol.SeverityInformation
}

// tagsOf marks what can be taken out without a change.
func tagsOf(d diag.Diagnostic) []int {
	if r := lint.RuleByID(d.Code); r != nil && unnecessary[r.ID] {
		return []int{protocol.TagUnnecessary}
	}
	return nil
}

// unnecessary are the rules that find what changes no decision.
var unnecessary = map[string]bool{
	"unreachable": true, "redundant": true, "never-asked": true, "classes-ignored": true, "sid-repeated": true,
	"field-twice": true, "star-repeated": true, "semicolon-unneeded": true, "ignore-unused": true,
}
