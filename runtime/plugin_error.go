package runtime

import (
	"fmt"
	"reflect"
	"strings"
	"unicode"
)

// plugInError stands in for an error that a plug-in returned. Whoever handles
// it calls no method of the plug-in's: its text and what it wraps were taken
// once, in the plug-in's own goroutine and within its time, where they can
// panic or block without harm.
//
// errors.Is finds what the error wrapped, by identity; errors.As finds what is
// of a concrete type.
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
	if target == nil || !reflect.TypeOf(target).Comparable() {
		return false
	}
	for _, err := range e.chain {
		if reflect.TypeOf(err) == reflect.TypeOf(target) && err == target {
			return true
		}
	}
	return false
}

// As sets the target to the first of the chain that is of its type, unless
// that is an interface: what could then be called is the plug-in's. Nil
// pointers are passed over.
func (e *plugInError) As(target any) bool {
	to := reflect.ValueOf(target).Elem()
	for _, err := range e.chain {
		from := reflect.ValueOf(err)
		if from.Type() == to.Type() && !(from.Kind() == reflect.Pointer && from.IsNil()) {
			to.Set(from)
			return true
		}
	}
	return false
}

// panicText says what a plug-in panicked with. It is called in the plug-in's
// goroutine; fmt bears methods that panic.
func panicText(value any) string { return printable(fmt.Sprint(value)) }

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
