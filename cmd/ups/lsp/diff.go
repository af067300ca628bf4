package lsp

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"ups/cmd/ups/internal/changes"
	"ups/cmd/ups/internal/settings"
	"ups/cmd/ups/lsp/protocol"
	"ups/compiler"
	"ups/grammar"
	"ups/internal/gitfiles"
	"ups/lint/analysis"
	"ups/policy"
)

// head is the commit that texts are compared with.
const head = "HEAD"

// diff shows what would change for requests from the commit to the text as it is,
// as diagnostics at the policies that decide now. They stay until the next edit.
func (s *server) diff(ctx context.Context, src *source) error {
	c := s.compiled(src)
	if c.result.File == nil {
		return fmt.Errorf("the source has errors: correct them first")
	}
	before, err := s.committed(ctx, src.path)
	if err != nil {
		return err
	}
	d := analysis.Diff(before, c.result.File, analysis.Options{Stop: c.stopOr(ctx)})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case c.superseded():
		return errSuperseded
	}
	if len(d.Changes) == 0 {
		s.inform(unchanged(before, d))
		s.withdraw(diffOrigin(src.path))
		return nil
	}
	s.publishing.Lock()
	defer s.publishing.Unlock()
	if src.now.Load() == c {
		s.show(diffOrigin(src.path), byFile{src.path: c.changesAt(d)})
	}
	return nil
}

// stopOr returns what is closed when ctx is done, or the compilation superseded:
// others may wait for its lint, which ctx has nothing to do with.
func (c *compilation) stopOr(ctx context.Context) <-chan struct{} {
	either, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		select {
		case <-c.stop:
		case <-ctx.Done():
		}
	}()
	return either.Done()
}

// diffOrigin is what diagnostics of changes are shown as, beside those of the source.
func diffOrigin(path string) string { return "diff:" + path }

// forgetChanges takes back the changes that are shown of a text, and of the sources
// that read it: they mean something else now.
func (s *server) forgetChanges(path string) {
	s.mu.Lock()
	past := []string{path}
	for reader, src := range s.sources {
		if src.reads(path) && reader != path {
			past = append(past, reader)
		}
	}
	s.mu.Unlock()
	s.publishing.Lock()
	defer s.publishing.Unlock()
	for _, path := range past {
		if _, shown := s.shown[path][diffOrigin(path)]; shown {
			s.show(diffOrigin(path), nil)
		}
	}
}

func unchanged(before *policy.File, d *analysis.Difference) string {
	switch {
	case !d.Complete():
		return "Nothing is known to change against " + head + ", but not all could be compared."
	case before == nil:
		return "The file isn't in " + head + ", and nothing changes for any request: the server's check decided, and still does."
	}
	return "Nothing changes for any request against " + head + ": proved for all clients and all regular destinations."
}

// committed compiles a source as it is in the commit; nil if it isn't there.
func (s *server) committed(ctx context.Context, path string) (*policy.File, error) {
	commit, err := gitfiles.OpenIn(ctx, filepath.Dir(path), head)
	if err != nil {
		return nil, err
	}
	defer commit.Close()
	text, err := commit.ReadFile(path, grammar.MaxSource)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	under := settings.New(s.con, s.flags)
	under.Files = commit
	opt, err := under.Options(path)
	if err != nil {
		return nil, err
	}
	r := compiler.Compile(path, text, compiler.Options{Options: opt})
	if r.File == nil {
		return nil, fmt.Errorf("%s has errors in %s, and can't be compared with", filepath.Base(path), head)
	}
	return r.File, nil
}

// changesAt are the changes, each at the first policy that decides now.
func (c *compilation) changesAt(d *analysis.Difference) []protocol.Diagnostic {
	var out []protocol.Diagnostic
	for i := range d.Changes {
		change := &d.Changes[i]
		at := protocol.Range{}
		for _, by := range change.Deciders {
			if by.New < 0 {
				continue
			}
			if head, here := c.headOf(by.New, c.path); here {
				at = head
				break
			}
		}
		out = append(out, protocol.Diagnostic{
			Range: at, Severity: protocol.SeverityInformation, Source: program, Message: c.changeText(change),
		})
	}
	return out
}

// changeText tells of a change as ups diff does.
func (c *compilation) changeText(change *analysis.Change) string {
	lines := []string{"Since " + head + ": " + changes.Title(change)}
	for i := range change.Regions[:min(len(change.Regions), changes.MaxListed)] {
		r := &change.Regions[i]
		lines = append(lines, changes.Clients(r.Who)+", to "+changes.Destinations(r))
	}
	if more := len(change.Regions) - changes.MaxListed; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more groups of clients and destinations", more))
	}
	return strings.Join(append(lines,
		"before: "+changes.Outcomes(change.Before), "now: "+changes.Outcomes(change.After), "example: "+changes.Example(&change.Witness)), "\n")
}
