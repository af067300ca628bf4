package lsp

import (
	"context"
	"fmt"

	"ups/cmd/ups/lsp/protocol"
	"ups/lint"
)

// The commands of the server. The first argument of each is the URI of a source.
const (
	sortCommand    = "ups.sort"
	explainCommand = "ups.explain" // and the number of a policy
	diffCommand    = "ups.diff"
)

func commandNames() []string { return []string{sortCommand, explainCommand, diffCommand} }

func (s *server) executeCommand(ctx context.Context, p *protocol.ExecuteCommandParams) (any, error) {
	uri, _ := argument(p, 0).(string)
	src, err := s.openSource(protocol.DocumentURI(uri))
	if err != nil {
		return nil, err
	}
	switch p.Command {
	case sortCommand:
		return nil, s.sort(ctx, src)
	case explainCommand:
		number, _ := argument(p, 1).(float64)
		return s.explain(ctx, src, int(number))
	case diffCommand:
		return nil, s.diff(ctx, src)
	}
	return nil, fmt.Errorf("unknown command %s", p.Command)
}

func argument(p *protocol.ExecuteCommandParams, i int) any {
	if i < len(p.Arguments) {
		return p.Arguments[i]
	}
	return nil
}

// openSource returns a policy source that is open.
func (s *server) openSource(uri protocol.DocumentURI) (*source, error) {
	path := uri.Path()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.texts[path] == nil {
		return nil, errNotOpen(uri)
	}
	if s.sources[path] == nil {
		return nil, fmt.Errorf("%s is not a policy source", path)
	}
	return s.sources[path], nil
}

// sort puts the policies of a source in order, in the client.
func (s *server) sort(ctx context.Context, src *source) error {
	c := s.compiled(src)
	d := c.texts[src.path]
	if c.result.File == nil || d == nil {
		return fmt.Errorf("the source has errors: correct them first")
	}
	sorted := lint.Sort(c.input(), c.config.Budget, c.again)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case s.document(src.path) != d:
		return errSuperseded
	case sorted.Refused != "":
		s.inform("The policies stay as they are: " + sorted.Refused + ".")
		return nil
	case !sorted.Moves():
		s.inform("The policies are in order already" + stuckText(len(sorted.Stuck)) + ".")
		return nil
	}
	edit := s.workspaceEdit(c.texts, map[string][]protocol.TextEdit{src.path: d.differences(string(sorted.Text))})
	if err := s.apply(ctx, "Sort the policies", edit); err != nil {
		return err
	}
	moved := "1 policy"
	if n := len(sorted.Moved()); n != 1 {
		moved = fmt.Sprintf("%d policies", n)
	}
	s.inform(moved + " moved; every decision is proved to stay" + stuckText(len(sorted.Stuck)) + ".")
	return nil
}

func stuckText(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "; 1 stands after a more general one, and can't be moved without a change of decisions"
	}
	return fmt.Sprintf("; %d stand after more general ones, and can't be moved without a change of decisions", n)
}

// apply has the client change files.
func (s *server) apply(ctx context.Context, label string, edit *protocol.WorkspaceEdit) error {
	var done protocol.ApplyWorkspaceEditResult
	if err := s.conn.Call(ctx, "workspace/applyEdit", protocol.ApplyWorkspaceEditParams{Label: label, Edit: *edit}, &done); err != nil {
		return err
	}
	if !done.Applied {
		return fmt.Errorf("the editor did not make the change: %s", done.FailureReason)
	}
	return nil
}

// explain tells of a policy. The result is Markdown, for clients that show it; the
// message is for all.
func (s *server) explain(ctx context.Context, src *source, number int) (any, error) {
	c, found, err := s.linted(ctx, src)
	switch {
	case err != nil:
		return nil, err
	case found.analysis == nil:
		return nil, fmt.Errorf("the source has errors: correct them first")
	case number < 1 || number > len(found.analysis.Policies):
		return nil, fmt.Errorf("there is no policy %d", number)
	}
	text := c.explain(number-1, found.analysis)
	s.inform(plainText(text))
	return text, nil
}
