package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"

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
func (c *consent) checkConsent(sys *system, input string) error {
	if c.yes || c.dryRun || sys.isTerminal(sys.stdin) && input != stdio {
		return nil
	}
	return usageError("give --yes to do it, or --dry-run to see what it is", "there is no terminal to ask on whether records are to be removed")
}

// errDeclined ends a command that wasn't confirmed.
var errDeclined = errors.New("not confirmed, and nothing was changed")

// confirm asks, unless --yes was given. Only yes is yes.
func (c *consent) confirm(ctx context.Context, sys *system, format string, args ...any) error {
	if c.yes {
		return nil
	}
	fmt.Fprintf(sys.stderr, "%s [y/N] ", report.Printable(fmt.Sprintf(format, args...)))
	in := interruptible(ctx, sys.stdin)
	defer in.Close()
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && err != io.EOF {
		return err
	}
	if err == io.EOF {
		fmt.Fprintln(sys.stderr)
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes":
		return nil
	}
	return errDeclined
}

// interruptible gives a reader that fails with errInterrupted when ctx is
// done, even if r, as a terminal, has nothing to give.
func interruptible(ctx context.Context, r io.Reader) io.ReadCloser {
	out, in := io.Pipe()
	context.AfterFunc(ctx, func() { in.CloseWithError(errInterrupted) })
	go func() {
		_, err := io.Copy(in, r)
		in.CloseWithError(err)
	}()
	return out
}
