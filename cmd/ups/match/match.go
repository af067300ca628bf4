// Package match is ups match: it finds the policy that decides a request.
package match

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/flags"
	"ups/cmd/ups/internal/settings"
	"ups/cmd/ups/internal/usage"
	"ups/runtime"
)

// command are the flags of ups match.
type command struct {
	client          flags.SID
	destination     string
	security        flags.Choice
	server, service flags.UID
	drive           flags.Choice
	system          string
	sources         settings.Flags
	json, explain   bool
	batch           string

	hasDestination bool
}

// New returns the command.
func New(con *console.Console) *cobra.Command {
	f := command{
		security: flags.Choice{Of: []string{"passed", "failed"}},
		drive:    flags.Choice{Of: []string{"z", "c"}},
	}
	cmd := &cobra.Command{
		Use:   "match PATH --client 0xSID --destination TEXT --security passed|failed",
		Short: "Find the policy that decides a request",
		Long: `Find the policy that decides a request, as a device does.

PATH is a compiled file, a source (.rss), which is compiled on the way so that
the line of the policy is told, or the folder of a store. A store is the folder
of the ROM drive's compiled files, with --system for those of the system drive
that eclipse them; or a folder that has both, named rom and system; or a folder
of sources, which are compiled when they are asked for, and whose compiled files
are passed over. For a store --server and --service say whose policies are
asked.

It is told too whether the service would be asked at all. For the authorisation
policy ECheckPostManufacture that depends on the drive that the client's
executable came from: without --drive it is taken for another than Z.

With --batch each line of FILE is a request in JSON, and each line of the output
an answer, in the same order; docs/match-json.md describes both. --server,
--service and --drive are for lines that don't say otherwise. A line that can't
be answered gets an error in its place, and the exit status is 1.`,
		Example: `  ups match payments.rss --client 0x20001234 --destination +4479 --security failed
  ups match store/ --server 0x101f7f1f --service 0x1000a00a \
      --client 0x20001234 --destination +4479 --security passed --drive c --explain
  ups match rom/ --system system/ --batch requests.jsonl > answers.jsonl`,
		Args: usage.OneArg("a compiled file, a source or the folder of a store", "file or folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.hasDestination = cmd.Flags().Changed("destination")
			return f.run(cmd.Context(), con, args)
		},
	}
	f.register(cmd.Flags())
	flags.CompleteChoice(cmd, "security", &f.security)
	flags.CompleteChoice(cmd, "drive", &f.drive)
	return cmd
}

func (f *command) register(fs *pflag.FlagSet) {
	fs.Var(&f.client, "client", "SID of the client")
	fs.StringVar(&f.destination, "destination", "", "destination of the request, as `TEXT`; may be empty")
	fs.Var(&f.security, "security", "result of the system server's own check, `passed|failed`")
	fs.Var(&f.server, "server", "SID of the system server, for a store")
	fs.Var(&f.service, "service", "UID of the service, for a store")
	fs.Var(&f.drive, "drive", "drive that the client's executable came from, `z|c`")
	fs.StringVar(&f.system, "system", "", "folder of compiled files that eclipse those of the store, `DIR`")
	f.sources.Register(fs, "for a source, ")
	fs.BoolVar(&f.json, "json", false, "write JSON")
	fs.BoolVar(&f.explain, "explain", false, "say of each earlier policy why it doesn't match")
	fs.StringVar(&f.batch, "batch", "", "answer the requests in `FILE`, one JSON object a line; - is standard input")
}

func (f *command) run(ctx context.Context, con *console.Console, args []string) error {
	if err := f.check(args[0]); err != nil {
		return err
	}
	source, err := f.source(ctx, con, args[0])
	if err != nil {
		return err
	}
	if f.batch != "" {
		return f.runBatch(ctx, con, source)
	}
	return f.runOne(con, source)
}

// check refuses flags that are missing or contradict each other.
func (f *command) check(path string) error {
	one := f.client.Given || f.hasDestination || f.security.Value != ""
	switch {
	case f.server.Given != f.service.Given:
		return console.UsageError("", "--server and --service go together")
	case f.batch != "" && one:
		return console.UsageError("", "with --batch the requests say the client, the destination and the security result")
	case f.batch == console.Stdio && path == console.Stdio:
		return console.UsageError("", "standard input can't be both the policies and the requests")
	case f.batch != "":
		return nil
	case !f.client.Given:
		return console.UsageError("give --client 0x and its digits", "which client asks?")
	case !f.hasDestination:
		return console.UsageError("give --destination; it may be empty: --destination ''", "which destination is asked for?")
	case f.security.Value == "":
		return console.UsageError("give --security passed or --security failed", "what is the result of the system server's own check?")
	}
	return nil
}

// request returns the request of the flags.
func (f *command) request() (request, error) {
	r := f.defaults()
	r.SID = f.client.Value
	r.Passed = f.security.Value == "passed"
	var err error
	r.Destination, err = appendText(nil, f.destination)
	return r, err
}

// defaults returns what the flags say of all requests.
func (f *command) defaults() request {
	r := request{server: f.server.Value, service: f.service.Value, named: f.server.Given}
	if f.drive.Value != "" {
		r.Drive = f.drive.Value[0]
	}
	return r
}

// unasked says what a client library does where there is no policy file
// (docs/service.md, Before the service is asked).
func unasked(passed bool) string {
	answer := runtime.ServiceConfig{}.Ask(runtime.Client{}, passed)
	return fmt.Sprintf("without one the service isn't asked, and the server's own check decides: here, %v", answer)
}

// runOne answers the request of the flags.
func (f *command) runOne(con *console.Console, source policySource) error {
	r, err := f.request()
	if err != nil {
		return console.UsageError("", "--destination: %v", err)
	}
	m := matcher{source: source, explain: f.explain}
	a, err := m.answer(&r)
	if errors.Is(err, runtime.ErrMissingPolicyFile) {
		err = console.Hint(err, unasked(r.Passed))
	}
	if err != nil {
		return console.Input(err)
	}
	if !f.json {
		return con.Write(text(&a))
	}
	var b bytes.Buffer
	if err := json.Indent(&b, a.AppendJSON(nil, 0), "", "  "); err != nil {
		return err
	}
	b.WriteByte('\n')
	return con.Write(b.Bytes())
}
