package packaging

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"ups/cmd/ups/internal/batch"
	"ups/cmd/ups/internal/compiled"
	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/settings"
	"ups/cmd/ups/internal/sources"
	"ups/internal/delivery"
	"ups/internal/readfile"
	"ups/policy"
)

// reader reads the policies of a folder.
type reader struct {
	con               *console.Console
	batch             batch.Batch
	sources, compiled []delivery.Policy
	outcomes          []batch.Outcome
	errs              []error
}

// read returns the policies of a folder: its sources, compiled, or else its
// compiled files.
func (f *command) read(ctx context.Context, con *console.Console, dir string) ([]delivery.Policy, error) {
	under := settings.New(con, f.sources)
	search := sources.Search{Con: con, Wanted: wanted, Excludes: under.Excludes, Kind: "policy file", Exts: ".rss or .rsc"}
	paths, err := search.Folder(dir)
	if err := errors.Join(append(search.Cannot, err)...); err != nil {
		return nil, err
	}
	r := reader{con: con, batch: batch.Batch{Con: con, Options: under.Options}}
	for _, path := range paths {
		if ctx.Err() != nil {
			return nil, console.ErrInterrupted
		}
		r.file(ctx, path)
	}
	if err := batch.Show(con, r.outcomes); err != nil {
		return nil, err
	}
	if err := batch.Join(errors.Join(r.errs...), r.outcomes); err != nil {
		return nil, err
	}
	return r.chosen()
}

func wanted(path string) bool {
	return sources.IsSource(path) || strings.EqualFold(filepath.Ext(path), policy.CompiledExt)
}

// file reads one file.
func (r *reader) file(ctx context.Context, path string) {
	service, _, named := policy.ParseFileName(filepath.Base(path))
	if !named {
		r.errs = append(r.errs, console.Input(console.Hint(
			fmt.Errorf("%s: a device finds a policy file by its server and service, which this name doesn't say", path),
			"call it after their ids, as in ups_101f7f1f_1000a00a"+strings.ToLower(filepath.Ext(path)))))
		return
	}
	p := delivery.Policy{Service: service, Path: path}
	if sources.IsSource(path) {
		r.source(ctx, p)
		return
	}
	r.compiledFile(p)
}

func (r *reader) source(ctx context.Context, p delivery.Policy) {
	result, outcome := r.batch.Compile(ctx, batch.Job{Source: p.Path})
	r.outcomes = append(r.outcomes, outcome)
	if result == nil || outcome.Failed || outcome.Err != nil {
		return
	}
	p.Data, p.File = result.Bytes, result.File
	r.sources = append(r.sources, p)
}

func (r *reader) compiledFile(p delivery.Policy) {
	b, err := readfile.Found(p.Path, compiled.MaxSize)
	if err == nil {
		r.con.Inputs.Add(p.Path)
		p.Data = b
		p.File, err = compiled.Decode(p.Path, b)
	}
	if err != nil {
		r.errs = append(r.errs, err)
		return
	}
	r.compiled = append(r.compiled, p)
}

// chosen returns what is packaged. Compiled files beside sources have to be what
// the sources compile to: otherwise it isn't clear which are meant.
func (r *reader) chosen() ([]delivery.Policy, error) {
	if len(r.sources) == 0 {
		return r.compiled, nil
	}
	from := map[policy.Service]delivery.Policy{}
	for _, p := range r.sources {
		from[p.Service] = p
	}
	var errs []error
	for _, p := range r.compiled {
		source, ok := from[p.Service]
		switch {
		case !ok:
			errs = append(errs, console.Input(console.Hint(
				fmt.Errorf("%s: no source in the folder compiles to this file, and other policies have sources", p.Path),
				"package a folder of sources, or one of compiled files")))
		case !bytes.Equal(p.Data, source.Data):
			errs = append(errs, console.Input(console.Hint(
				fmt.Errorf("%s: is not what %s compiles to", p.Path, source.Path), "compile it again, or remove it")))
		}
	}
	return r.sources, errors.Join(errs...)
}
