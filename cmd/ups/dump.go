package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/compiled"
	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/output"
	"ups/cmd/ups/internal/usage"
	"ups/compiler"
	"ups/internal/readfile"
	"ups/policy"
)

type dumpFlags struct {
	output string
	json   bool
}

func newDump(con *console.Console) *cobra.Command {
	var f dumpFlags
	cmd := &cobra.Command{
		Use:   "dump FILE.rsc",
		Short: "Show a compiled file as source",
		Long: `Show a compiled file as canonical source, which compiles to the same bytes, or
as JSON for programs.`,
		Example: `  ups dump ups_101f7f1f_1000a00a.rsc
  ups dump --json ups_101f7f1f_1000a00a.rsc
  ups compile -o - payments.rss | ups dump -`,
		Args: usage.OneArg("a compiled file, or - for standard input", "file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), con, args[0])
		},
	}
	cmd.Flags().StringVarP(&f.output, "output", "o", console.Stdio, "write to `FILE`")
	cmd.Flags().BoolVar(&f.json, "json", false, "write JSON")
	return cmd
}

func (f *dumpFlags) run(ctx context.Context, con *console.Console, name string) error {
	b, err := con.Read(ctx, name, compiled.MaxSize)
	switch {
	case errors.Is(err, readfile.ErrTooLarge):
		return console.Input(fmt.Errorf("%s: a compiled file has at most 64 KiB, and this has over %d", name, compiled.MaxSize>>10))
	case err != nil:
		return err
	}
	file, err := compiled.Decode(name, b)
	if err != nil {
		return err
	}
	text, err := f.render(file)
	if err != nil {
		return console.Input(console.Named(name, err))
	}
	return output.Write(ctx, con, []output.File{{Name: f.output, Data: text}})
}

// render returns a file as it is to be written.
func (f *dumpFlags) render(file *policy.File) ([]byte, error) {
	if f.json {
		return dumpJSON(file)
	}
	return compiler.Source(file)
}
