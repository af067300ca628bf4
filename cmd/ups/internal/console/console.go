// Package console is the process as the commands of ups see it: its streams,
// its messages and its exit status. These are the rules of output:
//
//   - Standard output has results and nothing else. A write to it that fails
//     ends the command with an error, whoever wrote; only that the reader has
//     gone, as head does, is no failure.
//   - Standard error has diagnostics, messages, questions and progress. A
//     message begins with "ups: ", and what to do about an error follows as
//     a hint on a line of its own.
//   - With --quiet notes, summaries and progress are left out; errors,
//     diagnostics, warnings and questions stay.
//   - What comes from a file is printed so that it can't control a terminal.
//   - Colour goes to terminals that can show it, unless NO_COLOR is set;
//     --color overrides that. Progress is for terminals only.
//   - The exit status is StatusDone, StatusErrors or StatusFailed. Of several
//     errors each is shown, and the highest status counts.
//   - Nothing is written over a file that was read, by whatever name, unless
//     the user asked for that.
package console

import (
	"io"
	"os"
	"sync/atomic"

	"golang.org/x/term"

	"ups/cmd/ups/internal/flags"
)

// Console is the streams and the environment of a process: tests have their own.
// Standard output is written to by way of Out.
type Console struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	// IsTerminal reports whether a stream is one that a person sits at.
	IsTerminal func(stream any) bool
	Color      flags.Choice // of --color; auto if it is empty
	Quiet      bool         // of --quiet
	Inputs     Inputs

	failed atomic.Pointer[error] // the first of standard output that nobody has seen
}

// Process returns the console of this process.
func Process() *Console {
	return &Console{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Getenv: os.Getenv, IsTerminal: IsTerminal,
	}
}

// IsTerminal reports whether a stream is a terminal.
func IsTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Colors reports whether what goes to a stream is coloured: by --color, or else
// for a terminal, unless NO_COLOR is set (no-color.org) or it can't.
func (c *Console) Colors(stream any) bool {
	switch c.Color.Value {
	case "always":
		return true
	case "never":
		return false
	}
	return c.Getenv("NO_COLOR") == "" && c.Getenv("TERM") != "dumb" && c.IsTerminal(stream)
}

// ShowsProgress reports whether somebody sits there to see how far work has come.
func (c *Console) ShowsProgress() bool {
	return !c.Quiet && c.IsTerminal(c.Stderr) && c.Getenv("TERM") != "dumb"
}
