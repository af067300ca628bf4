package project

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"

	"ups/cmd/ups/internal/console"
	"ups/lint/report"
)

// question is what a project needs to know.
type question struct {
	flag, what, example string
	value               pflag.Value
}

func (f *command) questions() []question {
	return []question{
		{"server", "SID of the system server that guards the service and asks the User Prompt Service", "0x20020001", &f.server},
		{"service", "UID of the service, which the server gives each thing that it guards", "0x20020011", &f.service},
		{"name", "Name of the service, for its files and its resource", "dial", &f.name},
		{"creator", "UID of the dialog creator, the plug-in that shows the question to the user", "0x20012001", &f.creator},
	}
}

// complete asks for what the flags don't say. Without a terminal that is an
// error: an answer from a pipe could be anything.
func (f *command) complete(ctx context.Context, con *console.Console) error {
	var missing []question
	var names []string
	for _, q := range f.questions() {
		if q.value.String() == "" {
			missing = append(missing, q)
			names = append(names, "--"+q.flag)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	if !con.IsTerminal(con.Stdin) {
		return console.UsageError(hintFor(missing), "there is no terminal to ask on, and these flags are missing: %s", strings.Join(names, ", "))
	}
	in := console.Interruptible(ctx, con.Stdin)
	defer in.Close()
	lines := bufio.NewReaderSize(in, maxAnswer)
	for _, q := range missing {
		if err := q.ask(con.Stderr, lines); err != nil {
			return err
		}
	}
	return nil
}

// hintFor shows how the flags are written, and what they are.
func hintFor(missing []question) string {
	var all []string
	for _, q := range missing {
		all = append(all, fmt.Sprintf("--%s %s (%s)", q.flag, q.example, q.what))
	}
	return strings.Join(all, "; ")
}

// maxAnswer is how much of a line is read; a longer one is no answer.
const maxAnswer = 4096

// ask asks until there is an answer that can be used.
func (q question) ask(w io.Writer, lines *bufio.Reader) error {
	for {
		fmt.Fprintf(w, "%s, such as %s\n%s: ", q.what, q.example, q.flag)
		line, err := lines.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return console.UsageError("", "the answer for --%s is longer than %d bytes", q.flag, maxAnswer)
		}
		answer := strings.TrimSpace(string(line))
		if err != nil && answer == "" {
			fmt.Fprintln(w)
			return unanswered(q.flag, err)
		}
		refused := q.value.Set(answer)
		if refused == nil {
			return nil
		}
		fmt.Fprintf(w, "%s\n", report.Printable(refused.Error()))
	}
}

// unanswered is the error for a terminal that was closed.
func unanswered(flag string, err error) error {
	if err != io.EOF {
		return err
	}
	return console.UsageError("", "--%s has no answer, and nothing was written", flag)
}
