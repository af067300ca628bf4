package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/flags"
	"ups/cmd/ups/internal/settings"
	"ups/cmd/ups/internal/usage"
	"ups/cmd/ups/scenario"
)

// testFlags are the flags of ups test.
type testFlags struct {
	sources     settings.Flags
	only        flags.Pattern
	verbose     bool
	json        bool
	junit       string
	watch       bool
	coverage    bool
	coverageMin flags.Percent
	jobs        flags.Count
}

func newTest(con *console.Console) *cobra.Command {
	f := testFlags{jobs: flags.Count(runtime.NumCPU())}
	cmd := &cobra.Command{
		Use:   "test PATH...",
		Short: "Run scenario tests of policies",
		Long: `Run scenario tests of policies.

A scenario file says in YAML what is asked of a service, what the user answers,
and what must come of it; docs/scenarios.md tells how. PATH is such a file, or
a folder: every file in it and below whose name ends in .scenario.yaml. The
policies are compiled from their sources on the way. What a file on standard
input (-) names is looked for from the folder that ups runs in.

What differed is written with the line of the step; what passed, only with -v.
The exit status is 0 if all scenarios passed, 1 if some failed, --run selects
none or the coverage is below --coverage-min, 2 if a file could not be run.`,
		Example: `  ups test policies/
  ups test -v --run 'emergency|premium' policies/dial.scenario.yaml
  ups test --coverage-min 90 --junit results.xml policies/
  ups test --watch policies/`,
		Args: usage.NeedsArgs("a scenario file or a folder to look for them in"),
		RunE: func(cmd *cobra.Command, args []string) error {
			t := &tester{con: con, flags: &f, paths: args}
			return t.run(cmd.Context())
		},
	}
	f.register(cmd.Flags())
	return cmd
}

func (f *testFlags) register(fs *pflag.FlagSet) {
	f.sources.Register(fs, "")
	fs.Var(&f.only, "run", "run the scenarios whose name this expression matches (-run is taken too)")
	fs.BoolVarP(&f.verbose, "verbose", "v", false, "list what passed, too")
	fs.BoolVar(&f.json, "json", false, "write JSON")
	fs.StringVar(&f.junit, "junit", "", "write the results to `FILE` as JUnit's XML, too")
	fs.BoolVar(&f.watch, "watch", false, "run again whenever scenarios, sources or what they include change")
	fs.BoolVar(&f.coverage, "coverage", false, "tell which policies no step hits")
	fs.Var(&f.coverageMin, "coverage-min", "fail if less than that part of the policies is hit")
	fs.VarP(&f.jobs, "jobs", "j", "how many files to run at the same time")
}

// singleDash returns the arguments with -run, as go test has it, written as this
// program's flags are; it would else be taken for flags of one letter.
func singleDash(args []string) []string {
	out := make([]string, len(args))
	verb := ""
	for i, a := range args {
		if out[i] = a; a == "--" {
			copy(out[i:], args[i:])
			break
		}
		if a == "test" {
			verb = cmp.Or(verb, a)
		}
		if verb != "" && (a == "-run" || len(a) > 4 && a[:5] == "-run=") {
			out[i] = "-" + a
		}
	}
	return out
}

// tester runs scenario files side by side.
type tester struct {
	con   *console.Console
	flags *testFlags
	paths []string // of the command line

	folders []string // that were searched
	cannot  []error  // for what can't be read in them
	configs []string // where a configuration is, or would be if there were one
}

func (t *tester) run(ctx context.Context) error {
	if t.flags.junit == console.Stdio && t.flags.json {
		return console.UsageError("give --junit a file", "--json and --junit can't both have standard output")
	}
	if t.flags.watch && slices.Contains(t.paths, console.Stdio) {
		return console.UsageError("", "--watch runs files again, and standard input is read once")
	}
	if t.flags.watch {
		return t.follow(ctx)
	}
	results, err := t.all(ctx, t.write)
	if err != nil {
		return err
	}
	return t.conclude(ctx, results)
}

// all runs all files, and calls done with each result, in the order of the
// files, as soon as it and those before it are there.
func (t *tester) all(ctx context.Context, done func(*scenario.Result) error) ([]*scenario.Result, error) {
	found, err := scenario.Find(t.paths)
	t.folders, t.cannot = found.Folders, found.Cannot
	if err != nil {
		return nil, err
	}
	settings := settings.New(t.con, t.flags.sources)
	defer func() { t.configs = settings.Places() }()
	files, err := settings.Covered(t.paths, found.Files)
	if err != nil {
		return nil, err
	}
	options := scenario.Options{
		Grammar: settings.Options,
		Read:    t.con.Read,
		Only:    t.flags.only.Regexp,
	}
	results := make([]*scenario.Result, len(files))
	ready := make([]chan struct{}, len(files))
	var g errgroup.Group
	g.SetLimit(int(t.flags.jobs) + 1)
	for i := range files {
		ready[i] = make(chan struct{})
	}
	g.Go(func() error { return inOrder(results, ready, done) })
	for i, path := range files {
		g.Go(func() error {
			results[i] = scenario.Run(ctx, path, options)
			close(ready[i])
			return nil
		})
	}
	err = g.Wait()
	if ctx.Err() != nil {
		return nil, console.ErrInterrupted
	}
	return results, err
}

// conclude writes what is said of all files together, and returns the error that
// the command ends with.
func (t *tester) conclude(ctx context.Context, results []*scenario.Result) error {
	coverage := t.covered(results)
	if err := t.writeWhole(ctx, results, coverage); err != nil {
		return err
	}
	errs := slices.Clone(t.cannot)
	ran := 0
	for _, r := range results {
		ran += len(r.Scenarios)
		errs = append(errs, t.unusable(r)...)
		if r.Failed() > 0 {
			errs = append(errs, console.ErrFound)
		}
	}
	if only := t.flags.only.Regexp; only != nil && ran == 0 && len(errs) == 0 {
		errs = append(errs, console.Input(fmt.Errorf("--run %s: no scenario has a name that it matches", only)))
	}
	if min := t.flags.coverageMin; coverage != nil && min.Given && coverage.Percent() < min.Value {
		errs = append(errs, console.Input(fmt.Errorf("coverage is %.1f%%, below the minimum of %v%%", coverage.Percent(), min.Value)))
	}
	return errors.Join(errs...)
}

// covered returns the coverage of all files, if it is asked for.
func (t *tester) covered(results []*scenario.Result) *scenario.Coverage {
	if !t.flags.coverage && !t.flags.coverageMin.Given {
		return nil
	}
	var all []scenario.Coverage
	for _, r := range results {
		all = append(all, r.Coverage)
	}
	merged := scenario.Merge(all...)
	return &merged
}
