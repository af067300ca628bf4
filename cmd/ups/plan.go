package main

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
	case f.server.given != f.service.given:
		return usageError("", "--server and --service go together")
	case f.output != "" && f.server.given:
		return usageError("", "-o says the name already: --server and --service don't go with it")
	case f.output != "" && f.dir != "":
		return usageError("", "-o says where the file goes already: -d doesn't go with it")
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
	case f.server.given:
		name = "--server"
	default:
		return nil
	}
	return usageError("", "%s is for one source, and these are %d", name, len(jobs))
}

// planArg gives the jobs of one argument, a file or a folder.
func (f *compileFlags) planArg(arg string) ([]job, error) {
	if arg != stdio {
		info, err := os.Stat(arg)
		if err != nil {
			return nil, err
		}
		if info.IsDir() {
			return f.planDir(arg)
		}
		if clean := filepath.Clean(arg); clean != stdio { // "./-" is a file
			arg = clean
		}
	}
	output, err := f.outputPath(arg, "")
	return []job{{arg, output, f.rsg}}, err
}

// planDir gives the jobs of a folder: every .rss below it. Like find, it
// doesn't follow links to folders; pipes and the like are passed over.
func (f *compileFlags) planDir(dir string) ([]job, error) {
	var jobs []job
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !isFile(entry) || !strings.EqualFold(filepath.Ext(path), ".rss") {
			return err
		}
		below, err := filepath.Rel(dir, filepath.Dir(path))
		if err != nil {
			return err
		}
		output, err := f.outputPath(path, below)
		jobs = append(jobs, job{path, output, f.rsg})
		return err
	})
	if err == nil && len(jobs) == 0 {
		err = usageError("", "%s: no .rss file in this folder or below", dir)
	}
	return jobs, err
}

// isFile reports whether an entry of a folder is a file, or a link that may
// lead to one. A pipe isn't: to read it could wait for ever.
func isFile(entry fs.DirEntry) bool {
	return entry.Type().IsRegular() || entry.Type() == fs.ModeSymlink
}

// checkOutputs refuses to write one file twice, or over a source.
func (f *compileFlags) checkOutputs(jobs []job) error {
	if f.depfile != "" && len(jobs) == 1 && jobs[0].output == stdio {
		return usageError("", "--depfile needs the name of an output: give -o FILE")
	}
	var c claims
	for _, j := range jobs {
		if j.source != stdio {
			c.claim(j.source, "the source "+j.source)
		}
	}
	if f.format.value == "json" {
		c.claim(stdio, "the diagnostics")
	}
	for _, j := range jobs {
		c.claim(j.output, "the output of "+j.source)
		c.claim(j.rsg, "the header of --rsg")
	}
	c.claim(f.depfile, "the file of --depfile")
	return c.err
}

// claims holds what each file is for, and the first conflict.
type claims struct {
	taken map[string]string
	err   error
}

func (c *claims) claim(name, what string) {
	if name == "" || c.err != nil {
		return
	}
	if c.taken == nil {
		c.taken = map[string]string{}
	}
	id := identity(name)
	if other, ok := c.taken[id]; ok {
		if name == stdio {
			name = "standard output"
		}
		c.err = usageError("", "%s can't be both %s and %s; nothing was written", name, other, what)
	}
	c.taken[id] = what
}

// identity gives one name for a file however it is reached, as far as its
// folder exists.
func identity(name string) string {
	if name == stdio {
		return stdio
	}
	abs, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		return filepath.Join(dir, filepath.Base(abs))
	}
	return abs
}
