package service

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"

	"ups/runtime"
)

// plugInError stands in for an error that a plug-in returned, so that no method
// of the plug-in's is called by others: its text and what it wraps were taken
// once, in the plug-in's own goroutine and within its time, where they can panic
// or block without harm.
//
// errors.Is finds what the error wrapped, by identity; errors.As finds an Error,
// and nothing of the plug-in's.
type plugInError struct {
	text  string
	chain []error // the error and what it wraps, outermost first
}

// An error from a plug-in is cut off at these bounds.
const (
	maxErrorText  = 1024 // bytes
	maxErrorChain = 64   // errors
)

// takeError returns what stands in for the error of a plug-in; nil for nil.
func takeError(err error) error {
	if err == nil {
		return nil
	}
	e := &plugInError{text: printable(err.Error())}
	e.collect(err)
	return e
}

// collect adds an error to the chain, and what it wraps.
func (e *plugInError) collect(err error) {
	if err == nil || len(e.chain) == maxErrorChain {
		return
	}
	e.chain = append(e.chain, err)
	switch err := err.(type) {
	case interface{ Unwrap() error }:
		e.collect(err.Unwrap())
	case interface{ Unwrap() []error }:
		for _, wrapped := range err.Unwrap() {
			e.collect(wrapped)
		}
	}
}

func (e *plugInError) Error() string { return e.text }

// Is reports whether the target is in the chain.
func (e *plugInError) Is(target error) bool {
	if target == nil || !reflect.ValueOf(target).Comparable() {
		return false
	}
	for _, err := range e.chain {
		if reflect.TypeOf(err) == reflect.TypeOf(target) && reflect.ValueOf(err).Comparable() && err == target {
			return true
		}
	}
	return false
}

// As sets the target to the first of the chain that is an Error. Any other type
// would hand the caller what the plug-in can still change, or methods of it.
func (e *plugInError) As(target any) bool {
	to, ok := target.(*runtime.Error)
	if !ok {
		return false
	}
	for _, err := range e.chain {
		if value, ok := err.(runtime.Error); ok {
			*to = value
			return true
		}
	}
	return false
}

// describe sets the text of a panic's value, unless its methods panic in turn. Of
// a value that is no text only the type is named: it may contain itself, and so
// can't be printed to its end.
func (e *panicError) describe(value any) {
	defer func() { _ = recover() }()
	switch value := value.(type) {
	case error:
		e.value = printable(value.Error())
	case fmt.Stringer:
		e.value = printable(value.String())
	case string:
		e.value = printable(value)
	case int:
		e.value = strconv.Itoa(value)
	}
}

// printable returns a text that can be shown on one line.
func printable(text string) string {
	if len(text) > maxErrorText {
		text = text[:maxErrorText] + "…"
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}
