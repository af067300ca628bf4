package console

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"ups/lint/report"
)

// The exit statuses of every command.
const (
	StatusDone   = 0
	StatusErrors = 1 // a source has errors
	StatusFailed = 2 // the command could not do its work
)

var (
	// ErrFound ends a command whose sources have errors that have been shown.
	ErrFound = errors.New("the source has errors")
	// ErrInterrupted ends a command that was interrupted.
	ErrInterrupted = errors.New("interrupted")
)

// InputError is an error in what a command was given to work on. It is shown,
// but the exit status is that of a source with errors.
type InputError struct{ error }

// Unwrap returns the error that it is about.
func (e InputError) Unwrap() error { return e.error }

// HintedError is an error with what to do about it.
type HintedError struct {
	error
	Hint string
}

// Unwrap returns the error without the hint.
func (e HintedError) Unwrap() error { return e.error }

// Input makes an error about what a command was given to work on.
func Input(err error) error { return InputError{err} }

// Hint makes an error that says what to do about it.
func Hint(err error, hint string) error { return HintedError{err, hint} }

// UsageError makes an error about the command line; the hint may be empty.
func UsageError(hint, format string, args ...any) error {
	return HintedError{fmt.Errorf(format, args...), hint}
}

// Finish shows the error that a command ended with, and one of standard output
// that it overlooked, and returns the exit status.
func (c *Console) Finish(err error) int {
	status := StatusDone
	errs := flatten(err)
	if failed := c.failed.Swap(nil); failed != nil && !errors.Is(err, *failed) {
		errs = append(errs, StreamError(*failed))
	}
	for _, e := range errs {
		status = max(status, c.show(e))
	}
	return status
}

// show shows one error, and returns the exit status that it stands for.
func (c *Console) show(err error) int {
	switch {
	case err == nil, errors.Is(err, ErrReaderGone):
		return StatusDone
	case errors.Is(err, ErrFound):
		return StatusErrors
	}
	fmt.Fprintf(c.Stderr, "ups: %s\n", report.Printable(plain(err)))
	if h := (HintedError{}); errors.As(err, &h) && h.Hint != "" {
		fmt.Fprintf(c.Stderr, "     hint: %s\n", report.Printable(h.Hint))
	}
	if e := (InputError{}); errors.As(err, &e) {
		return StatusErrors
	}
	return StatusFailed
}

// Note says on standard error what a command left undone or takes for granted,
// and what may surprise, unless --quiet is given; the exit status stays.
func (c *Console) Note(format string, args ...any) {
	if !c.Quiet {
		c.Warn(format, args...)
	}
}

// Warn says on standard error what must not be missed; the exit status stays.
func (c *Console) Warn(format string, args ...any) {
	fmt.Fprintf(c.Stderr, "ups: %s\n", report.Printable(fmt.Sprintf(format, args...)))
}

// flatten returns the errors that errors.Join put together. Its text is theirs,
// a line each; an error that says in words of its own what it wraps is one.
func flatten(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || errors.Join(joined.Unwrap()...).Error() != err.Error() {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, flatten(e)...)
	}
	return all
}

// plain returns the text of an error without the system call that failed, which
// means nothing to users.
func plain(err error) string {
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		return e.Path + ": " + e.Err.Error()
	}
	return err.Error()
}

// Named names the file that an error is about, in place of the temporary file
// and the system call. An error that begins with the name stays as it is.
func Named(name string, err error) error {
	path, link := (*fs.PathError)(nil), (*os.LinkError)(nil)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	if strings.HasPrefix(err.Error(), name+": ") {
		return err
	}
	return fmt.Errorf("%s: %w", name, err)
}
