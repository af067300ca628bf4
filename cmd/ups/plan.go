package main

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/output"
	"ups/internal/walk"
)

// plan finds the sources and says what becomes of each, in the order of their
// paths. Whatever is wrong with the command line as a whole is found here,
// before anything is written.
func (f *compileFlags) plan(args []string) ([]job, error) {
	if err := f.checkIDs(); err != nil {
		return nil, err
	}
	var jobs []job
	for _, arg := range args {
		more, err := f.planArg(arg)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, more...)
	}
	slices.SortFunc(jobs, func(a, b job) int {
		return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.output, b.output))
	})
	jobs = slices.Compact(jobs)
	if err := f.checkSingle(jobs); err != nil {
		return nil, err
	}
	return jobs, f.checkOutputs(jobs)
}

// checkIDs refuses flags for the name of the output that contradict each other.
func (f *compileFlags) checkIDs() error {
	switch {
	case f.server.Given != f.service.Given:
		return console.UsageError("", "--server and --service go together")
	case f.output != "" && f.server.Given:
		return console.UsageError("", "-o says the name already: --server and --service don't go with it")
	case f.output != "" && f.dir != "":
		return console.UsageError("", "-o says where the file goes already: -d doesn't go with it")
	}
	return nil
}

// checkSingle refuses more than one source with flags that are for one.
func (f *compileFlags) checkSingle(jobs []job) error {
	if len(jobs) < 2 {
		return nil
	}
	name := ""
	switch {
	case f.output != "":
		name = "-o"
	case f.rsg != "":
		name = "--rsg"
	case f.server.Given:
		name = "--server"
	default:
		return nil
	}
	return console.UsageError("", "%s is for one source, and these are %d", name, len(jobs))
}

// planArg gives the jobs of one argument, a file or a folder.
func (f *compileFlags) planArg(arg string) ([]job, error) {
	if arg != console.Stdio {
		info, err := os.Stat(arg)
		if err != nil {
			return nil, err
		}
		if info.IsDir() {
			return f.planDir(arg)
		}
		if clean := filepath.Clean(arg); clean != console.Stdio { // "./-" is a file
			arg = clean
		}
	}
	output, err := f.outputPath(arg, "")
	return []job{{arg, output, f.rsg}}, err
}

// planDir returns the jobs of a folder: every policy source below it. What
// can't be done there is kept for the end.
func (f *compileFlags) planDir(dir string) ([]job, error) {
	var jobs []job
	tree, sources, others := walk.Folder(dir), 0, 0
	f.cannot = slices.Concat(f.cannot, tree.Errors, specials(tree, isSource))
	for _, path := range tree.Files {
		if !isSource(path) {
			continue
		}
		excluded, err := f.settings.excludes(path)
		if err != nil {
			return nil, err
		}
		if sources++; excluded {
			continue
		}
		is, err := isPolicySource(path)
		var output string
		if is {
			output, err = f.outputBelow(dir, path)
		}
		switch {
		case err != nil:
			f.cannot = append(f.cannot, err)
		case is:
			jobs = append(jobs, job{path, output, f.rsg})
		default:
			others++
		}
	}
	sayPassedOver(f.settings.con, dir, others)
	switch {
	case sources == 0 && len(f.cannot) == 0:
		return nil, console.UsageError("", "%s: no .rss file in this folder or below", dir)
	case sources == others && others > 0:
		return nil, console.UsageError("they are named as in ups_101f7f1f_1000a00a.rss", "%s: no policy source in this folder or below", dir)
	}
	return jobs, nil
}

// outputBelow returns where the compiled file of a source in a folder goes.
func (f *compileFlags) outputBelow(dir, path string) (string, error) {
	below, err := filepath.Rel(dir, filepath.Dir(path))
	if err != nil {
		return "", err
	}
	return f.outputPath(path, below)
}

// checkOutputs refuses to write one file twice, or over a source.
func (f *compileFlags) checkOutputs(jobs []job) error {
	if f.depfile != "" && len(jobs) == 1 && jobs[0].output == console.Stdio {
		return console.UsageError("", "--depfile needs the name of an output: give -o FILE")
	}
	var c output.Claims
	for _, j := range jobs {
		if j.source != console.Stdio {
			c.Source(j.source)
		}
	}
	for _, o := range f.outputs.list {
		if o != (reportOutput{"text", console.Stdio}) {
			c.Claim(o.file, "the "+o.format)
		}
	}
	for _, j := range jobs {
		c.Claim(j.output, "the output of "+j.source)
		c.Claim(j.rsg, "the header of --rsg")
	}
	c.Claim(f.depfile, "the file of --depfile")
	return c.Err
}
