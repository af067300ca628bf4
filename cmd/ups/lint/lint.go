// Package lint is ups lint: it finds what is wrong with policies although they
// compile.
package lint

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/flags"
	"ups/cmd/ups/internal/gitref"
	"ups/cmd/ups/internal/output"
	"ups/cmd/ups/internal/reports"
	"ups/cmd/ups/internal/settings"
	"ups/cmd/ups/internal/targets"
	"ups/cmd/ups/internal/usage"
	"ups/lint"
)

// command are the flags of ups lint.
type command struct {
	sources       settings.Flags
	outputs       reports.Flag
	failLevel     flags.Choice
	profile       flags.Choice
	config        string
	baseline      string
	writeBaseline bool
	against       string
	list          bool
	fix, diff     bool
	jobs          flags.Count
}

// New returns the command.
func New(con *console.Console) *cobra.Command {
	f := command{
		failLevel: flags.Choice{Of: []string{"info", "warning", "error"}, Name: "LEVEL"},
		profile:   flags.Choice{Of: lint.ProfileNames(), Name: "PROFILE"},
		jobs:      flags.Count(runtime.NumCPU()),
	}
	cmd := &cobra.Command{
		Use:   "lint PATH...",
		Short: "Find what is wrong with policies although they compile",
		Long: `Find what is wrong with policies although they compile: above all, policies that
stand in the wrong place. Nothing is claimed that can't be shown, by a request
or by the policies that are to blame.

Sources (.rss) and compiled files (.rsc) are looked at; of a folder all below
it, but for a compiled file that stands beside its source. ` + lint.ConfigName + ` in the
folder of a file, or above, says which rules are off, how severe the others
are, and which paths are left out. A comment "ups:ignore RULE reason" in a
source, on a policy or at the head of the file, drops findings there.

--against compares with an older version: a file, a folder, or with git:REF a
commit of the git repository that ups runs in, each file with the one in its
place, and with git:REF:PATH those of a folder of the commit.

Findings are defects (errors), suspicions (warnings) or opinions (info), which
are shown only with --profile all, or where the configuration asks for them.

The exit status is 0 if there is nothing at or above the fail level, 1 if there
is, 2 if the command could not do its work.`,
		Example: `  ups lint policies/
  ups lint --format text --format sarif:ups.sarif policies/
  ups lint --against released/ policies/
  ups lint --against git:v1.0 policies/
  ups lint --baseline ups.baseline --write-baseline policies/
  ups lint --fix --diff ups_101f7f1f_1000a00a.rss
  ups lint --list`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.list {
				return listRules(con)
			}
			if err := usage.NeedsArgs("a file or a folder to look at")(cmd, args); err != nil {
				return err
			}
			return f.run(cmd.Context(), con, args)
		},
	}
	f.register(cmd.Flags())
	flags.CompleteChoice(cmd, "fail-level", &f.failLevel)
	flags.CompleteChoice(cmd, "profile", &f.profile)
	flags.CompleteChoice(cmd, "format", &flags.Choice{Of: reports.Formats})
	// It fails only if there is no such flag.
	_ = cmd.RegisterFlagCompletionFunc("against", gitref.Complete)
	return cmd
}

func (f *command) register(fs *pflag.FlagSet) {
	f.sources.Register(fs, "")
	fs.Var(&f.outputs, "format", "write text, json, sarif, github or junit, to a file or standard output; may be repeated")
	fs.Var(&f.failLevel, "fail-level", "fail on findings from info, warning or error (unless configured)")
	fs.Var(&f.profile, "profile", "show defects, what is recommended (also suspicions; unless configured), or all (also opinions)")
	fs.StringVar(&f.config, "config", "", "read the configuration `FILE`, whatever folder a source is in")
	fs.StringVar(&f.baseline, "baseline", "", "leave out the findings that `FILE` lists")
	fs.BoolVar(&f.writeBaseline, "write-baseline", false, "write the findings to the file of --baseline")
	fs.StringVar(&f.against, "against", "", "compare with the older version `OLD`, a file or folder, or git:REF[:PATH], those of a commit")
	fs.BoolVar(&f.list, "list", false, "list the rules")
	fs.BoolVar(&f.fix, "fix", false, "apply the fixes that are proved to keep every decision")
	fs.BoolVar(&f.diff, "diff", false, "show what --fix would change, and change nothing")
	fs.VarP(&f.jobs, "jobs", "j", "how many files to look at at the same time")
}

func (f *command) run(ctx context.Context, con *console.Console, args []string) error {
	if err := f.check(); err != nil {
		return err
	}
	l, err := newLinter(con, f)
	if err != nil {
		return err
	}
	found, err := l.find.Find(args)
	if err == nil {
		err = f.checkOutputs(found)
	}
	if err != nil {
		return err
	}
	if f.against != "" {
		if l.older, err = targets.OpenOlder(ctx, con, f.against, f.sources, l.Given); err != nil {
			return err
		}
		defer l.older.Close()
	}
	var shown error
	if f.fix || f.diff {
		if shown, err = l.fix(ctx, found); err != nil || f.diff {
			return errors.Join(err, shown)
		}
	}
	findings, err := l.run(ctx, found)
	if err != nil {
		return err
	}
	return errors.Join(append(l.find.Cannot, l.conclude(ctx, found, findings))...)
}

// check refuses flags that contradict each other.
func (f *command) check() error {
	switch {
	case f.writeBaseline && f.baseline == "":
		return console.UsageError("", "--write-baseline needs --baseline FILE")
	case f.writeBaseline && (f.fix || f.diff):
		return console.UsageError("", "--write-baseline doesn't go with --fix or --diff")
	}
	f.outputs.Complete()
	return nil
}

// checkOutputs refuses two reports in one place, and reports in place of what
// is read.
func (f *command) checkOutputs(found []targets.Target) error {
	var c output.Claims
	for _, t := range found {
		c.Read(t.Path, "a file to look at")
	}
	c.Write(f.config, "the configuration")
	c.Write(f.baseline, "the baseline")
	for _, one := range f.outputs.List {
		c.Write(one.File, "the "+one.Format)
	}
	return c.Err()
}

// conclude writes what was found, and returns the error that says so.
func (l *linter) conclude(ctx context.Context, found []targets.Target, findings []lint.Finding) error {
	if l.flags.writeBaseline {
		return l.writeBaseline(ctx, findings)
	}
	findings, err := l.dropKnown(findings)
	if err != nil {
		return err
	}
	findings = lint.Merge(findings)
	if err := l.write(ctx, found, findings); err != nil {
		return err
	}
	if slices.ContainsFunc(findings, l.fails) {
		return console.ErrFound
	}
	return nil
}

// listRules writes a line for each rule.
func listRules(con *console.Console) error {
	var b strings.Builder
	for _, r := range lint.Rules() {
		fmt.Fprintf(&b, "%-20s %-10s %s\n", r.ID, r.Category, r.Summary)
	}
	return con.Write([]byte(b.String()))
}
