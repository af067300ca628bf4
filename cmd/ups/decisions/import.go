package decisions

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/usage"
	"ups/runtime/decision"
)

type importer struct {
	*decisions
	consent
	replace bool
}

func newImport(d *decisions) *cobra.Command {
	i := importer{decisions: d}
	cmd := &cobra.Command{
		Use:   "import --db FILE LINES",
		Short: "Read stored answers from JSON lines",
		Long: `Read records from a file of JSON lines, as ups decisions export writes them and
docs/decisions.md describes them, and store them. If a line isn't a record, or
the database fails, none is stored. A database that isn't there is made.

A record that is about the same as one in the database (client, evaluator,
service, server, fingerprint, entity and major version are equal) updates its
description, result and info; so does a later line an earlier one. All other
records stay; with --replace they are removed. Ids in the lines mean nothing:
the database gives its own.`,
		Example: `  ups decisions import --db ups.db backup.jsonl
  ups decisions export --db old.db | ups decisions import --db new.db -
  ups decisions import --db ups.db --replace --yes backup.jsonl`,
		Args: usage.OneArg("a file of JSON lines, or - for standard input", "file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := i.check(cmd, nil, ""); err != nil {
				return err
			}
			return i.run(cmd.Context(), args[0])
		},
	}
	cmd.Flags().BoolVar(&i.replace, "replace", false, "remove all records that were there before")
	i.registerConsent(cmd.Flags(), "remove the records that --replace is to remove")
	return cmd
}

func (i *importer) run(ctx context.Context, name string) error {
	if i.replace {
		if err := i.checkConsent(i.con, name); err != nil {
			return err
		}
	}
	recs, err := i.read(ctx, name)
	if err != nil {
		return err
	}
	if i.dryRun {
		return i.preview(ctx, recs)
	}
	return i.change(ctx, func(db decision.DB) error { return i.store(ctx, db, recs) })
}

// read reads all records before any is stored: they go into one transaction.
func (i *importer) read(ctx context.Context, name string) ([]decision.Record, error) {
	from, err := i.con.Open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer from.Close()
	in := console.Interruptible(ctx, from)
	defer in.Close()
	shown := name
	if name == console.Stdio {
		shown = console.StdinName
	}
	return readRecords(shown, in)
}

const (
	// maxRecordLine is the longest line that is read, in bytes: a record with
	// the longest description, each byte of it escaped.
	maxRecordLine = 6*decision.MaxDescription + 4096
	// maxLineErrors is how many wrong lines are reported.
	maxLineErrors = 10
)

// readRecords reads lines to their end, or to the tenth that is wrong. Empty
// ones mean nothing.
func readRecords(name string, r io.Reader) ([]decision.Record, error) {
	in := bufio.NewScanner(r)
	in.Buffer(nil, maxRecordLine)
	var recs []decision.Record
	var wrong []error
	number := 0
	for len(wrong) < maxLineErrors && in.Scan() {
		number++
		if len(bytes.TrimSpace(in.Bytes())) == 0 {
			continue
		}
		rec, err := readRecord(in.Bytes())
		if err != nil {
			wrong = append(wrong, console.Input(fmt.Errorf("%s:%d: %w", name, number, err)))
			continue
		}
		recs = append(recs, rec)
	}
	err := in.Err()
	if errors.Is(err, bufio.ErrTooLong) {
		err = console.Input(fmt.Errorf("%s:%d: %w: longer than %d bytes", name, number+1, decision.ErrInvalidLine, maxRecordLine))
	} else if err != nil && !errors.Is(err, console.ErrInterrupted) {
		err = console.Named(name, err)
	}
	if err != nil {
		wrong = append(wrong, err)
	}
	return recs, errors.Join(wrong...)
}

// readRecord refuses what decision.Decode would mend: its JSON reader puts
// U+FFFD in the place of what isn't UTF-8.
func readRecord(line []byte) (decision.Record, error) {
	if !utf8.Valid(line) {
		return decision.Record{}, fmt.Errorf("%w: not UTF-8", decision.ErrInvalidLine)
	}
	return decision.Decode(line)
}
