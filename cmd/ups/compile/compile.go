// Package compile is ups compile and ups rcomp: from sources to the files that a
// device reads.
package compile

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ups/cmd/ups/internal/batch"
	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/flags"
	"ups/cmd/ups/internal/output"
	"ups/cmd/ups/internal/reports"
	"ups/cmd/ups/internal/settings"
	"ups/cmd/ups/internal/sources"
	"ups/cmd/ups/internal/usage"
	"ups/policy"
)

// command are the flags of ups compile.
type command struct {
	output, dir     string
	sources         settings.Flags
	rsg, depfile    string
	server, service flags.UID
	noCheck         bool
	outputs         reports.Flag
	jobs            flags.Count

	settings *settings.Settings
	search   sources.Search
}

// New returns the command.
func New(con *console.Console) *cobra.Command {
	f := command{jobs: flags.Count(runtime.NumCPU())}
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
		Args: usage.NeedsArgs("a source or a folder to compile"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runCompile(cmd.Context(), con, &f, args)
		},
	}
	f.register(cmd.Flags())
	flags.CompleteChoice(cmd, "format", &flags.Choice{Of: reports.Formats})
	return cmd
}

func (f *command) register(fs *pflag.FlagSet) {
	fs.StringVarP(&f.output, "output", "o", "", "write the compiled `FILE` (one source only)")
	fs.StringVarP(&f.dir, "dir", "d", "", "write compiled files below `DIR`")
	f.sources.Register(fs, "")
	fs.StringVar(&f.rsg, "rsg", "", "write the ids of the resources as a header `FILE` (one source only)")
	fs.StringVar(&f.depfile, "depfile", "", "write to `FILE`, as rules for make, which files were read")
	fs.Var(&f.server, "server", "SID of the system server, for a source whose name doesn't say it")
	fs.Var(&f.service, "service", "UID of the service, for a source whose name doesn't say it")
	fs.BoolVar(&f.noCheck, "no-check", false, "write a file even if a device would refuse it")
	fs.Var(&f.outputs, "format", "write diagnostics as text, json, sarif, github or junit, to a file or standard output; may be repeated")
	fs.VarP(&f.jobs, "jobs", "j", "how many sources to compile at the same time")
}

func runCompile(ctx context.Context, con *console.Console, f *command, args []string) error {
	f.settings = settings.New(con, f.sources)
	f.search = sources.Search{
		Con: con, Wanted: sources.IsSource, Excludes: f.settings.Excludes, Kind: "policy source", Exts: ".rss",
	}
	jobs, err := f.plan(args)
	if err != nil {
		return err
	}
	if err := f.checkStdout(con, jobs); err != nil {
		return err
	}
	b := &batch.Batch{
		Con: con, NoCheck: f.noCheck, Folders: f.dir != "", Also: f.depfile,
		Options: f.settings.Options,
	}
	outcomes, err := b.Run(ctx, jobs, int(f.jobs))
	switch {
	case ctx.Err() != nil:
		return console.ErrInterrupted
	case err != nil:
		return err
	}
	return f.conclude(ctx, con, jobs, outcomes)
}

// checkStdout refuses to send a terminal what would garble it.
func (f *command) checkStdout(con *console.Console, jobs []batch.Job) error {
	for _, j := range jobs {
		if j.Output == console.Stdio && con.IsTerminal(con.Stdout) {
			return console.UsageError("give -o FILE, or send it on: ups compile -o - FILE | ups dump -",
				"a compiled file isn't text, and standard output is a terminal")
		}
	}
	return nil
}

// conclude writes what is said of all sources together.
func (f *command) conclude(ctx context.Context, con *console.Console, jobs []batch.Job, outcomes []batch.Outcome) error {
	err := f.report(ctx, con, jobs, outcomes)
	if err == nil && f.depfile != "" && len(f.search.Cannot) == 0 {
		err = f.writeDepfile(ctx, con, jobs, outcomes)
	}
	return batch.Join(errors.Join(append(f.search.Cannot, err)...), outcomes)
}

// writeDepfile writes the dependencies of all sources, unless some failed: a
// list of less than all files would make the next build trust an old output.
func (f *command) writeDepfile(ctx context.Context, con *console.Console, jobs []batch.Job, outcomes []batch.Outcome) error {
	deps := make([]dependency, len(jobs))
	for i, o := range outcomes {
		if o.Err != nil || o.Failed {
			return nil
		}
		deps[i] = dependency{jobs[i].Output, o.Read}
	}
	rules, err := makeRules(deps)
	if err != nil {
		return err
	}
	return output.Write(ctx, con, []output.File{{Name: f.depfile, Data: rules}})
}

// outputPath returns where the compiled file of a source goes; below is the
// folder of the source, as seen from the folder argument it was found through.
func (f *command) outputPath(source, below string) (string, error) {
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
	case source == console.Stdio:
		return name, nil
	}
	return filepath.Join(filepath.Dir(source), name), nil
}

// outputName names the compiled file after the ids, from flags or from the
// name of the source.
func (f *command) outputName(source string) (string, error) {
	id, named := sources.Service(source)
	given := policy.Service{Server: f.server.Value, Service: f.service.Value}
	switch {
	case strings.EqualFold(filepath.Ext(source), ".rsc"):
		return "", console.UsageError("ups dump shows it as a source", "%s: a compiled file, by its name, and a source is wanted", source)
	case f.server.Given && named && id != given:
		return "", console.UsageError("leave out --server and --service, or rename the source",
			"%s: the name says other ids than --server and --service", source)
	case f.server.Given:
		return given.FileName(policy.CompiledExt), nil
	case named:
		return id.FileName(policy.CompiledExt), nil
	}
	return "", console.UsageError(
		"call it after their ids, as in ups_101f7f1f_1000a00a.rss, or give --server 0x... and --service 0x..., or -o FILE",
		"%s: a compiled policy file is named after its system server and service, which this name doesn't say", source)
}
