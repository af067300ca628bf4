package report

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"

	"ups/cmd/ups/internal/batch"
	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/loader"
	"ups/cmd/ups/internal/parallel"
	"ups/cmd/ups/internal/settings"
	"ups/cmd/ups/internal/targets"
	"ups/cmd/ups/page/model"
	"ups/diag"
	"ups/grammar"
	"ups/lint"
	"ups/policy"
)

// reader reads what the page is about.
type reader struct {
	flags  *command
	finder targets.Finder
	files  *loader.Loader
	older  *targets.Older // nil without --against
}

// list is one policy list, with what is known of it.
type list struct {
	Title   string // the name of its file
	Path    string
	service policy.Service
	named   bool // the service is known, by the name
	input   *lint.Input
	checked *lint.Checked
	Model   *model.List

	Findings []lint.Finding
	Coverage *coverage // nil without --coverage, or if it has none of this list
	Stored   *stored   // nil without --db
	compared bool      // with --against
}

func newReader(f *command) *reader {
	s := settings.New(f.con, f.sources)
	r := &reader{flags: f, files: loader.New(s)}
	r.finder.Settings = s
	return r
}

// read reads all lists. If one has errors they are shown, and nothing is returned.
func (r *reader) read(ctx context.Context, args []string) ([]*list, error) {
	found, err := r.finder.Find(args)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, console.UsageError("", "there is no list to show")
	}
	if r.flags.against != "" {
		if r.older, err = targets.OpenOlder(ctx, r.flags.con, r.flags.against, r.flags.sources, nil); err != nil {
			return nil, err
		}
		defer r.older.Close()
	}
	lists, err := r.readAll(ctx, found)
	if err == nil {
		err = r.refuse(lists)
	}
	if err != nil {
		return nil, err
	}
	addFindings(lists)
	distinguish(lists)
	return lists, nil
}

// distinguish calls lists of the same name by their paths.
func distinguish(lists []*list) {
	count := map[string]int{}
	for _, l := range lists {
		count[l.Title]++
	}
	for _, l := range lists {
		if count[l.Title] > 1 {
			l.Title = l.Path
		}
	}
}

// readAll reads lists side by side.
func (r *reader) readAll(ctx context.Context, found []targets.Target) ([]*list, error) {
	w := parallel.Begin(r.flags.con, len(found))
	defer w.End()
	lists, errs := make([]*list, len(found)), make([]error, len(found))
	w.Each(runtime.NumCPU(), func(i int) {
		if ctx.Err() == nil {
			lists[i], errs[i] = r.readOne(ctx, found[i])
		}
	})
	if ctx.Err() != nil {
		return nil, console.ErrInterrupted
	}
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return lists, nil
}

func (r *reader) readOne(ctx context.Context, t targets.Target) (*list, error) {
	cfg, err := r.finder.Config(t.Path)
	if err != nil {
		return nil, err
	}
	in, err := r.files.Input(ctx, t.Name(), t.Path)
	if err != nil {
		return nil, err
	}
	l := &list{Title: filepath.Base(t.Path), Path: t.Path, input: in, compared: r.older != nil}
	l.service, _, l.named = policy.ParseFileName(l.Title)
	if r.older != nil {
		if in.Against, err = r.older.Version(ctx, t); err != nil {
			return nil, err
		}
	}
	if in.File == nil {
		return l, nil
	}
	l.checked = lint.Check(in, cfg)
	l.Model = model.Of(in.File, in.Analysis())
	return l, nil
}

// refuse shows what keeps lists from being shown.
func (r *reader) refuse(lists []*list) error {
	var outcomes []batch.Outcome
	for _, l := range lists {
		o := batch.Outcome{Texts: textsOf(l.input.Tree)}
		for _, d := range l.input.Diagnostics {
			if d.Severity == diag.Error {
				o.Diagnostics = append(o.Diagnostics, d)
			}
		}
		if len(o.Diagnostics) > 0 || l.Model == nil {
			outcomes = append(outcomes, o)
		}
	}
	if len(outcomes) == 0 {
		return nil
	}
	if err := batch.Show(r.flags.con, outcomes); err != nil {
		return err
	}
	return console.ErrFound
}

// textsOf returns the texts of the files that a source was read from.
func textsOf(tree *grammar.Tree) map[string][]byte {
	texts := map[string][]byte{}
	if tree != nil {
		for _, s := range tree.Sources {
			texts[s.Name] = s.Text
		}
	}
	return texts
}

// addFindings runs the rules that look at all lists, and gives each list what was
// found in it.
func addFindings(lists []*list) {
	var checked []*lint.Checked
	byPath := map[string]*list{}
	for _, l := range lists {
		checked = append(checked, l.checked)
		byPath[l.Path] = l
	}
	for _, f := range lint.Merge(lint.Finish(checked)) {
		if l := byPath[f.Path]; l != nil {
			l.Findings = append(l.Findings, f)
		}
	}
}

// Service says which service the list is of.
func (l *list) Service() string {
	if !l.named {
		return ""
	}
	return fmt.Sprintf("server 0x%08X, service 0x%08X", l.service.Server, l.service.Service)
}
