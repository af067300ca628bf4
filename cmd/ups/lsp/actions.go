package lsp

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"ups/cmd/ups/lsp/protocol"
	"ups/diag"
	"ups/lint"
)

// maxFixes is how many fixes are proved for one place.
const maxFixes = 8

// codeAction offers what can be done at a range: fixes that are proved to keep
// every decision, what a misspelt word was meant to be, ignoring a finding, and the
// commands.
func (s *server) codeAction(ctx context.Context, p *protocol.CodeActionParams) ([]protocol.CodeAction, error) {
	d, c, err := s.open(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	from, to := d.Offsets(p.Range)
	a := &actor{server: s, c: c, d: d, from: from, to: to, only: p.Context.Only, out: []protocol.CodeAction{}}
	a.meant()
	if s.lints && c.result.File != nil && a.wants(protocol.KindQuickFix) {
		found, err := c.linted(ctx)
		if err != nil {
			return nil, err
		}
		a.fixes(ctx, found)
	}
	a.commands()
	return a.out, ctx.Err()
}

// actor collects actions for a range.
type actor struct {
	*server
	c        *compilation
	d        *document
	from, to int
	only     []string
	out      []protocol.CodeAction
}

// wants reports whether the client wants a kind of actions.
func (a *actor) wants(kind string) bool {
	return len(a.only) == 0 || slices.ContainsFunc(a.only, func(only string) bool {
		return kind == only || strings.HasPrefix(kind, only+".")
	})
}

// touches reports whether a span of the document is in the range, or around it.
func (a *actor) touches(s diag.Span) bool {
	s = a.c.places.lying(s)
	return s.IsValid() && absolute(s.Start.Filename) == a.d.path && s.Start.Offset <= a.to && a.from <= s.End.Offset
}

// meant offers the word that a diagnostic of the compiler names.
func (a *actor) meant() {
	if !a.wants(protocol.KindQuickFix) {
		return
	}
	for _, d := range a.c.result.Diagnostics {
		word, ok := diag.Meant(d.Hint)
		if !ok || !a.touches(d.Span) || len(d.Chain) > 0 {
			continue
		}
		edit := []protocol.TextEdit{{Range: a.d.Span(d.Span.Start.Offset, d.Span.End.Offset), NewText: word}}
		a.add("Write "+word, edit, d, true)
	}
}

func (a *actor) add(title string, edits []protocol.TextEdit, d diag.Diagnostic, preferred bool) {
	open := a.c.texts
	a.out = append(a.out, protocol.CodeAction{
		Title: title, Kind: protocol.KindQuickFix, IsPreferred: preferred,
		Diagnostics: a.c.byFile([]diag.Diagnostic{d})[a.d.path],
		Edit:        a.workspaceEdit(open, map[string][]protocol.TextEdit{a.d.path: edits}),
	})
}

// fixes offers the fixes of findings, each if it is proved, and to ignore them.
func (a *actor) fixes(ctx context.Context, found *findings) {
	proved := 0
	var ignorable []lint.Finding
	for i, f := range found.all {
		if !a.touches(f.Span) && !a.inPolicy(f) {
			continue
		}
		if len(f.Fixes) > 0 && proved < maxFixes && ctx.Err() == nil {
			proved++
			a.fix(i, f)
		}
		ignorable = append(ignorable, f)
	}
	for _, f := range ignorable {
		a.ignore(f)
	}
}

// inPolicy reports whether the range is in the policy that a finding is about.
func (a *actor) inPolicy(f lint.Finding) bool {
	return f.Policy > 0 && f.Policy <= len(a.c.policies) && a.touches(a.c.policies[f.Policy-1])
}

// fix offers the fix of the ith finding, if it is proved to keep every decision.
func (a *actor) fix(i int, f lint.Finding) {
	if a.c.path != a.d.path || a.c.texts[a.d.path] != a.d {
		return
	}
	if edits := a.c.proved(a.d, i, f); edits != nil {
		a.add(upperFirst(f.Fixes[0].Message)+" (proved to keep every decision)", edits, f.Diagnostic, true)
	}
}

// proofs are the fixes of the findings in one state of a source that were asked for,
// by the place of the finding: editors ask whenever the cursor moves.
type proofs struct {
	mu    sync.Mutex
	edits map[int][]protocol.TextEdit // nil for one that isn't proved
}

// proved returns the fix of the ith finding in a document, or nil if it isn't proved.
func (c *compilation) proved(d *document, i int, f lint.Finding) []protocol.TextEdit {
	c.proofs.mu.Lock()
	defer c.proofs.mu.Unlock()
	edits, known := c.proofs.edits[i]
	if known {
		return edits
	}
	if text, why := lint.FixOne(c.input(), c.config, f, c.again); why == "" {
		edits = d.differences(string(text))
	}
	if c.proofs.edits == nil {
		c.proofs.edits = map[int][]protocol.TextEdit{}
	}
	c.proofs.edits[i] = edits
	return edits
}

// ignore offers a comment that ignores a finding. The reason is for the user to
// write; without one nothing is ignored.
func (a *actor) ignore(f lint.Finding) {
	r := lint.RuleByID(f.Code)
	if r == nil || strings.HasPrefix(r.ID, "ignore-") {
		return
	}
	at, indent := a.ignorePlace(f)
	if at < 0 {
		return
	}
	end := "\n"
	if strings.Contains(a.d.String(), "\r\n") {
		end = "\r\n"
	}
	comment := fmt.Sprintf("%s// ups:ignore %s %s", indent, r.ID, end)
	title := "Ignore " + r.ID + " here: write the reason after it"
	a.add(title, []protocol.TextEdit{{Range: a.d.Span(at, at), NewText: comment}}, f.Diagnostic, false)
}

// ignorePlace returns the beginning of the line that a comment for a finding goes
// before, and its indentation; -1 where it would not be on a line of its own.
func (a *actor) ignorePlace(f lint.Finding) (at int, indent string) {
	if f.Policy == 0 {
		return len(a.d.String()) - len(strings.TrimPrefix(a.d.String(), "\ufeff")), ""
	}
	if f.Policy > len(a.c.policies) {
		return -1, ""
	}
	s := a.c.policies[f.Policy-1]
	if absolute(s.Start.Filename) != a.d.path || !s.IsValid() || s.Start.Offset > len(a.d.String()) {
		return -1, ""
	}
	indent, start := a.d.LineAt(s.Start.Offset)
	if strings.TrimSpace(indent) != "" {
		return -1, ""
	}
	return start, indent
}

// commands offers the commands of the server that make sense here.
func (a *actor) commands() {
	if a.c.result.File == nil || a.c.path != a.d.path {
		return
	}
	offer := func(kind, title, command string, arguments ...any) {
		if a.wants(kind) {
			a.out = append(a.out, protocol.CodeAction{
				Title: title, Kind: kind, Command: &protocol.Command{Title: title, Command: command, Arguments: append([]any{a.d.uri}, arguments...)},
			})
		}
	}
	offer(protocol.KindSort, "Sort the policies, as far as that keeps every decision", sortCommand)
	if i := a.c.policyAt(a.d.path, a.from); i >= 0 {
		offer(protocol.KindSource, fmt.Sprintf("Explain policy %d", i+1), explainCommand, i+1)
	}
	offer(protocol.KindSource, "Show what would change for requests (against git HEAD)", diffCommand)
}
