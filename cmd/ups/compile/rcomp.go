package compile

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/batch"
	"ups/cmd/ups/internal/console"
	"ups/compiler"
	"ups/diag"
	"ups/grammar"
	"ups/policy"
)

// NewRcomp returns the command ups rcomp.
func NewRcomp(con *console.Console) *cobra.Command {
	return &cobra.Command{
		Use:   "rcomp -u -oOUT.rsc -hOUT.rsg -sIN.rpp -iBASE.rss",
		Short: "Compile with the command line of rcomp",
		Long: `Compile one preprocessed source with the command line of rcomp 8.4, so that ups
takes its place in an existing build. A value follows its flag directly or as
the next argument.

` + rcompFlagTable() + `
A file called - is standard input or output. The exit status is 1 if the source
has errors, 2 if the command line can't be carried out.`,
		Example: `  ups rcomp -u -oups_101f7f1f_1000a00a.rsc -hpayments.rsg -spayments.rpp -ipayments.rss
  ups rcomp -u -p -s payments.rpp`,
		DisableFlagParsing:    true,
		DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 && args[0] == "--help" {
				return cmd.Help()
			}
			line, err := parseRcomp(args, &con.Color)
			if err != nil {
				return err
			}
			return line.run(cmd.Context(), con)
		},
	}
}

func (l *rcompLine) run(ctx context.Context, con *console.Console) error {
	plain := func(string) (grammar.Options, error) { return grammar.Options{}, nil } // its command line says all
	b := &batch.Batch{Con: con, Verify: l.verifyUIDs, Options: plain}
	j := batch.Job{Source: l.source, Output: l.output, Rsg: l.rsg}
	if l.parseOnly {
		j.Output, j.Rsg = "", ""
	}
	if err := (&command{}).checkOutputs([]batch.Job{j}); err != nil {
		return err
	}
	outcomes, err := b.Run(ctx, []batch.Job{j}, 1)
	switch {
	case ctx.Err() != nil:
		return console.ErrInterrupted
	case err != nil:
		return err
	}
	err = batch.Show(con, outcomes)
	return batch.Join(err, outcomes)
}

// verifyUIDs compares the UIDs of the command line with those of the source.
// rcomp would put the former into the file in silence; here the two must be equal.
func (l *rcompLine) verifyUIDs(r *compiler.Result) []diag.Diagnostic {
	if l.uids == nil {
		return nil
	}
	want, got := *l.uids, uidsOf(r.File)
	field := "UID2"
	switch {
	case want == got:
		return nil
	case want[0] == got[0]:
		field = "UID3"
	}
	d := diag.Diagnostic{
		Code: "uids-differ", Severity: diag.Error,
		Message: fmt.Sprintf("the command line says UIDs %v, and the source says %v", want, got),
		Hint:    "put UID2 and UID3 into the source, and leave them out of the command line",
	}
	return []diag.Diagnostic{d.At(r.File.Places.Field(field))}
}

// uidPair is UID2 and UID3 of a file.
type uidPair [2]uint32

func (u uidPair) String() string { return fmt.Sprintf("{0x%08x,0x%08x}", u[0], u[1]) }

func uidsOf(f *policy.File) uidPair {
	if f.NoUID3 {
		return uidPair{f.UID2, 0}
	}
	return uidPair{f.UID2, f.UID3}
}

// rcompFlagTable lists the flags for the help text.
func rcompFlagTable() string {
	var b strings.Builder
	for _, f := range rcompFlags {
		fmt.Fprintf(&b, "    %-14s %s\n", f.name+f.value, f.about)
	}
	return b.String()
}
