package decisions

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

// consent is the flags of a command that destroys records: it is asked for on
// a terminal, and has to be given elsewhere.
type consent struct{ yes, dryRun bool }

func (c *consent) registerConsent(fs *pflag.FlagSet, verb string) {
	fs.BoolVarP(&c.yes, "yes", "y", false, "don't ask, "+verb)
	fs.BoolVarP(&c.dryRun, "dry-run", "n", false, "show what would be done, and do nothing")
}

// checkConsent refuses early what confirm could not ask.
func (c *consent) checkConsent(con *console.Console, input string) error {
	if c.yes || c.dryRun || con.IsTerminal(con.Stdin) && input != console.Stdio {
		return nil
	}
	return console.UsageError("give --yes to do it, or --dry-run to see what it is", "there is no terminal to ask on whether records are to be removed")
}

// errDeclined ends a command that wasn't confirmed.
var errDeclined = errors.New("not confirmed, and nothing was changed")

// confirm asks, unless --yes was given. Only yes is yes.
func (c *consent) confirm(ctx context.Context, con *console.Console, format string, args ...any) error {
	if c.yes {
		return nil
	}
	fmt.Fprintf(con.Stderr, "%s [y/N] ", report.Printable(fmt.Sprintf(format, args...)))
	in := console.Interruptible(ctx, con.Stdin)
	defer in.Close()
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && err != io.EOF {
		return err
	}
	if err == io.EOF {
		fmt.Fprintln(con.Stderr)
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes":
		return nil
	}
	return errDeclined
}
