package main

import (
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/output"
	"ups/cmd/ups/internal/usage"
	"ups/grammar"
)

func newHeaders(con *console.Console) *cobra.Command {
	return &cobra.Command{
		Use:   "headers DIR",
		Short: "Write the built-in headers for another preprocessor",
		Long: `Write the headers that are built in, ups/policies.rh and ups/ups.hrh, into a
folder, which is made if it isn't there. ups itself needs no copy of them; a
preprocessor that runs before ups rcomp does.`,
		Example: `  ups headers include
  cpp -D_UNICODE -I include dial.rss dial.rpp && ups rcomp -u -odial.rsc -sdial.rpp`,
		Args: usage.OneArg("a folder to write to", "folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			outputs, err := headerOutputs(args[0])
			if err != nil {
				return err
			}
			return output.Write(cmd.Context(), con, outputs)
		},
	}
}

// headerOutputs makes the folders below dir that the headers go to.
func headerOutputs(dir string) (outputs []output.File, err error) {
	headers := grammar.Headers()
	err = fs.WalkDir(headers, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if d.IsDir() {
			return os.MkdirAll(to, 0o777)
		}
		text, err := fs.ReadFile(headers, name)
		outputs = append(outputs, output.File{Name: to, Data: text})
		return err
	})
	return outputs, err
}
