package compile

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"

	"ups/cmd/ups/internal/batch"
	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/output"
)

// plan finds the sources and says what becomes of each, in the order of their
// paths. Whatever is wrong with the command line as a whole is found here,
// before anything is written.
func (f *command) plan(args []string) ([]batch.Job, error) {
	if err := f.checkIDs(); err != nil {
		return nil, err
	}
	var jobs []batch.Job
	for _, arg := range args {
		more, err := f.planArg(arg)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, more...)
	}
	slices.SortFunc(jobs, func(a, b batch.Job) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Output, b.Output))
	})
	jobs = slices.Compact(jobs)
	if err := f.checkSingle(jobs); err != nil {
		return nil, err
	}
	return jobs, f.checkOutputs(jobs)
}

// checkIDs refuses flags for the name of the output that contradict each other.
func (f *command) checkIDs() error {
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
func (f *command) checkSingle(jobs []batch.Job) error {
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

// planArg returns the jobs of one argument, a file or a folder.
func (f *command) planArg(arg string) ([]batch.Job, error) {
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
	return []batch.Job{{Source: arg, Output: output, Rsg: f.rsg}}, err
}

// planDir returns the jobs of a folder: every policy source below it. What
// can't be done there is kept for the end.
func (f *command) planDir(dir string) ([]batch.Job, error) {
	found, err := f.search.Folder(dir)
	var jobs []batch.Job
	for _, path := range found {
		output, err := f.outputBelow(dir, path)
		if err != nil {
			f.search.Cannot = append(f.search.Cannot, err)
			continue
		}
		jobs = append(jobs, batch.Job{Source: path, Output: output, Rsg: f.rsg})
	}
	return jobs, err
}

// outputBelow returns where the compiled file of a source in a folder goes.
func (f *command) outputBelow(dir, path string) (string, error) {
	below, err := filepath.Rel(dir, filepath.Dir(path))
	if err != nil {
		return "", err
	}
	return f.outputPath(path, below)
}

// checkOutputs refuses to write one file twice, or over a source.
func (f *command) checkOutputs(jobs []batch.Job) error {
	if f.depfile != "" && len(jobs) == 1 && jobs[0].Output == console.Stdio {
		return console.UsageError("", "--depfile needs the name of an output: give -o FILE")
	}
	var c output.Claims
	for _, j := range jobs {
		if j.Source != console.Stdio {
			c.Read(j.Source, "the source "+j.Source)
		}
	}
	for _, o := range f.outputs.List {
		if !o.IsText() {
			c.Write(o.File, "the "+o.Format)
		}
	}
	for _, j := range jobs {
		c.Write(j.Output, "the output of "+j.Source)
		c.Write(j.Rsg, "the header of --rsg")
	}
	c.Write(f.depfile, "the file of --depfile")
	return c.Err()
}
