// Package diff is ups diff: what changes for requests between two versions of
// policy lists.
package diff

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/flags"
	"ups/cmd/ups/internal/gitref"
	"ups/cmd/ups/internal/settings"
)

// command are the flags of ups diff.
type command struct {
	sources settings.Flags
	format  flags.Choice
	gates   gates
	db      string

	con *console.Console
}

// New returns the command.
func New(con *console.Console) *cobra.Command {
	f := command{con: con, format: flags.Choice{Value: "text", Of: []string{"text", "json", "markdown"}, Name: "FORMAT"}}
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Say what changes for requests between two versions of policies",
		Long: `Say what changes for requests between two versions of policies: who, for which
destinations, what the outcome was and is, which policies decide, and an example.

OLD and NEW are each a source, a compiled file, a folder, or git:REF[:PATH], files
of a commit of the git repository that ups runs in; without PATH those in the
place of the other version. Files of folders are compared if they are of the same
server and service; for one that is in one version alone the other has no policies, so
that the system server's own check decides.

What is said is exact for regular destinations: every request that changes is in one of the
changes, and no other is in any. If nothing changes that is proved.

The exit status is 0 if nothing changes, 1 if something does, or if part of the
comparison wasn't decided, 2 if the command could not do its work. With --fail-on
it is 1 only for changes of those kinds, and for what wasn't decided.`,
		Example: `  ups diff released/ policies/
  ups diff git:main policies/
  ups diff git:v1.0 git:v2.0:policies
  ups diff --format markdown git:main policies/ > comment.txt
  ups diff --fail-on new-silent-yes,new-lasting git:main policies/
  ups diff --db decisions.db old.rsc new.rss`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return console.UsageError("see ups diff --help", "ups diff needs two versions, OLD and NEW, and these are %d arguments", len(args))
			}
			return nil
		},
		ValidArgsFunction: gitref.Complete,
		RunE:              func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), args[0], args[1]) },
	}
	fs := cmd.Flags()
	f.sources.Register(fs, "")
	fs.Var(&f.format, "format", "write text, json or markdown")
	fs.Var(&f.gates, "fail-on", "fail only on changes of these `KINDS`, separated by commas: "+gateNames())
	fs.StringVar(&f.db, "db", "", "count in the decision database `FILE` what becomes of stored answers")
	flags.CompleteChoice(cmd, "format", &f.format)
	// It fails only if there is no such flag.
	_ = cmd.RegisterFlagCompletionFunc("fail-on", completeGates)
	return cmd
}

func (f *command) run(ctx context.Context, old, new string) error {
	if old == console.Stdio && new == console.Stdio {
		return console.UsageError("", "standard input can be one version, and not both")
	}
	versions, err := f.open(ctx, old, new)
	if err != nil {
		return err
	}
	defer versions.close()
	pairs, err := versions.pairs(ctx)
	if err != nil {
		return err
	}
	r := result{old: old, new: new}
	for _, p := range pairs {
		c, err := compare(p)
		if err != nil {
			return err
		}
		r.files = append(r.files, c)
	}
	if f.db != "" {
		if err := r.count(ctx, f.db); err != nil {
			return err
		}
	}
	b, err := f.render(&r)
	if err != nil {
		return err
	}
	return errors.Join(f.con.Write(b), f.gates.check(&r))
}

func (f *command) render(r *result) ([]byte, error) {
	switch f.format.Value {
	case "json":
		return r.json()
	case "markdown":
		return r.markdown(), nil
	}
	return r.text(), nil
}
