package main

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ups/grammar"
)

// compileFlags are the flags of ups compile.
type compileFlags struct {
	output, dir     string
	include         []string
	defines         []grammar.Define
	rsg, depfile    string
	server, service uid
	noCheck         bool
	outputs         outputFlag
	jobs            count

	settings *settings
	cannot   []error // what of folders can't be compiled
}

func newCompile(sys *system, color *choice) *cobra.Command {
	f := compileFlags{jobs: count(runtime.NumCPU())}
	cmd := &cobra.Command{
		Use:   "compile FILE|DIR...",
		Short: "Compile policy sources into the files that a device reads",
		Long: `Compile policy sources into the files that a device reads.

A source is named after the SID of its system server and the UID of its
service, as in ups_101f7f1f_1000a00a.rss, and makes the file of that name that
ends in .rsc, next to the source or in the folder of -d. For a source by another
name --server and --service say the ids, or -o the whole name. For a folder
every policy source below it is compiled: what is named so, or has a POLICIES
resource; with -d the folders below it are kept.

A file that a device would refuse isn't written, unless --no-check is given.
Files are replaced whole: after an error, or if ups is killed, the old file is
still there. Diagnostics go to standard error as text; other formats go to
standard output, and all to FILE with --format FORMAT:FILE.`,
		Example: `  ups compile ups_101f7f1f_1000a00a.rss
  ups compile -d out/ -I include/ policies/
  ups compile --server 0x101f7f1f --service 0x1000a00a payments.rss
  ups compile --depfile payments.d -o out/payments.rsc payments.rss
  generate-policies | ups compile -o - - > payments.rsc`,
		Args: needsArgs("a source or a folder to compile"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runCompile(cmd.Context(), sys, &f, color, args)
		},
	}
	f.register(cmd.Flags())
	completeChoice(cmd, "format", &choice{of: reportFormats})
	return cmd
}

func (f *compileFlags) register(fs *pflag.FlagSet) {
	fs.StringVarP(&f.output, "output", "o", "", "write the compiled `FILE` (one source only)")
	fs.StringVarP(&f.dir, "dir", "d", "", "write compiled files below `DIR`")
	fs.StringArrayVarP(&f.include, "include", "I", nil, "look for included files in `DIR` too")
	fs.VarP(define{list: &f.defines}, "define", "D", "define a macro, as 1 if no value is given")
	fs.VarP(define{list: &f.defines, undef: true}, "undefine", "U", "take back the definition of a macro")
	fs.StringVar(&f.rsg, "rsg", "", "write the ids of the resources as a header `FILE` (one source only)")
	fs.StringVar(&f.depfile, "depfile", "", "write to `FILE`, as rules for make, which files were read")
	fs.Var(&f.server, "server", "SID of the system server, for a source whose name doesn't say it")
	fs.Var(&f.service, "service", "UID of the service, for a source whose name doesn't say it")
	fs.BoolVar(&f.noCheck, "no-check", false, "write a file even if a device would refuse it")
	fs.Var(&f.outputs, "format", "write diagnostics as text, json, sarif, github or junit, to a file or standard output; may be repeated")
	fs.VarP(&f.jobs, "jobs", "j", "how many sources to compile at the same time")
}

// needsArgs refuses a command line without arguments.
func needsArgs(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return nil
		}
		return usageError("see "+cmd.CommandPath()+" --help", "%s needs %s", cmd.CommandPath(), what)
	}
}

func runCompile(ctx context.Context, sys *system, f *compileFlags, color *choice, args []string) error {
	f.settings = newSettings(sys, f.include, f.defines)
	jobs, err := f.plan(args)
	if err != nil {
		return err
	}
	if err := f.checkStdout(sys, jobs); err != nil {
		return err
	}
	b := &batch{
		sys: sys, noCheck: f.noCheck, folders: f.dir != "", also: f.depfile,
		options: f.settings.options,
	}
	outcomes, err := b.run(ctx, jobs, int(f.jobs))
	switch {
	case ctx.Err() != nil:
		return errInterrupted
	case err != nil:
		return err
	}
	return f.conclude(ctx, sys, color, jobs, outcomes)
}

// checkStdout refuses to send a terminal what would garble it.
func (f *compileFlags) checkStdout(sys *system, jobs []job) error {
	for _, j := range jobs {
		if j.output == stdio && sys.isTerminal(sys.stdout) {
			return usageError("give -o FILE, or send it on: ups compile -o - FILE | ups dump -",
				"a compiled file isn't text, and standard output is a terminal")
		}
	}
	return nil
}

// conclude writes what is said of all sources together.
func (f *compileFlags) conclude(ctx context.Context, sys *system, color *choice, jobs []job, outcomes []outcome) error {
	err := f.report(ctx, sys, color, jobs, outcomes)
	if err == nil && f.depfile != "" && len(f.cannot) == 0 {
		err = f.writeDepfile(ctx, sys, jobs, outcomes)
	}
	return joinOutcomes(errors.Join(append(f.cannot, err)...), outcomes)
}

// writeDepfile writes the dependencies of all sources, unless some failed: a
// list of less than all files would make the next build trust an old output.
func (f *compileFlags) writeDepfile(ctx context.Context, sys *system, jobs []job, outcomes []outcome) error {
	deps := make([]dependency, len(jobs))
	for i, o := range outcomes {
		if o.err != nil || o.failed {
			return nil
		}
		deps[i] = dependency{jobs[i].output, o.read}
	}
	rules, err := makeRules(deps)
	if err != nil {
		return err
	}
	return sys.writeOutputs(ctx, []output{{name: f.depfile, data: rules}})
}

// job is one source to compile.
type job struct {
	source string // "-" for standard input
	output string // "-" for standard output, "" for none
	rsg    string // "" for none
}

// name gives what the compiler calls the source.
func (j job) name() string {
	if j.source == stdio {
		return stdinName
	}
	return j.source
}

// outputPath gives where the compiled file of a source goes; below is the
// folder of the source, as seen from the folder argument it was found through.
func (f *compileFlags) outputPath(source, below string) (string, error) {
	if f.output != "" {
		return f.output, nil
	}
	name, err := f.outputName(source)
	if err != nil {
		return "", err
	}
	switch {
	case f.dir != "":
		return filepath.Join(f.dir, below, name), nil
	case source == stdio:
		return name, nil
	}
	return filepath.Join(filepath.Dir(source), name), nil
}

// outputName names the compiled file after the ids, from flags or from the
// name of the source.
func (f *compileFlags) outputName(source string) (string, error) {
	server, service, named := idsOf(source)
	switch {
	case strings.EqualFold(filepath.Ext(source), ".rsc"):
		return "", usageError("ups dump shows it as a source", "%s: a compiled file, by its name, and a source is wanted", source)
	case f.server.given && named && (server != f.server.value || service != f.service.value):
		return "", usageError("leave out --server and --service, or rename the source",
			"%s: the name says other ids than --server and --service", source)
	case f.server.given:
		return compiledName(f.server.value, f.service.value), nil
	case named:
		return compiledName(server, service), nil
	}
	return "", usageError(
		"call it after their ids, as in ups_101f7f1f_1000a00a.rss, or give --server 0x... and --service 0x..., or -o FILE",
		"%s: a compiled policy file is named after its system server and service, which this name doesn't say", source)
}
