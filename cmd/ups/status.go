package main

import (
	"errors"
	"fmt"
	"io/fs"

	"ups/lint/report"
)

// The exit statuses of every command.
const (
	statusDone   = 0
	statusErrors = 1 // a source has errors
	statusFailed = 2 // the command could not do its work
)

var (
	// errFound ends a command whose sources have errors that have been shown.
	errFound = errors.New("the source has errors")
	// errInterrupted ends a command that was told to stop.
	errInterrupted = errors.New("interrupted")
)

// inputError is an error in what a command was given to work on. It is shown,
// but the exit status is that of a source with errors.
type inputError struct{ error }

func (e inputError) Unwrap() error { return e.error }

// hinted is an error with what to do about it.
type hinted struct {
	error
	hint string
}

func (e hinted) Unwrap() error { return e.error }

// usageError makes an error about the command line; the hint may be empty.
func usageError(hint, format string, args ...any) error {
	return hinted{fmt.Errorf(format, args...), hint}
}

// finish shows the error that a command ended with, and gives the exit status.
// Of several errors the weightiest counts.
func (s *system) finish(err error) int {
	status := statusDone
	for _, e := range flatten(err) {
		status = max(status, s.show(e))
	}
	return status
}

// show shows one error, and gives the exit status that it stands for.
func (s *system) show(err error) int {
	switch {
	case err == nil, errors.Is(err, errReaderGone):
		return statusDone
	case errors.Is(err, errFound):
		return statusErrors
	}
	fmt.Fprintf(s.stderr, "ups: %s\n", report.Printable(plain(err)))
	if h := (hinted{}); errors.As(err, &h) && h.hint != "" {
		fmt.Fprintf(s.stderr, "     hint: %s\n", report.Printable(h.hint))
	}
	if e := (inputError{}); errors.As(err, &e) {
		return statusErrors
	}
	return statusFailed
}

// note says on standard error what a command left undone or takes for granted,
// and what may surprise, unless --quiet is given; the exit status stays.
func (s *system) note(format string, args ...any) {
	if !s.quiet {
		s.warn(format, args...)
	}
}

// warn says on standard error what must not be missed; the exit status stays.
func (s *system) warn(format string, args ...any) {
	fmt.Fprintf(s.stderr, "ups: %s\n", report.Printable(fmt.Sprintf(format, args...)))
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

// plain gives the text of an error without the system call that failed: which
// one it was helps nobody who asked for a file.
func plain(err error) string {
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		return e.Path + ": " + e.Err.Error()
	}
	return err.Error()
}
