package server

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"connectrpc.com/connect"

	"ups/runtime"
	"ups/runtime/service"
)

// The text of an error names what the platform calls it, once: many clients show
// nothing else, and documents go by the name.
func TestErrorsAreNamed(t *testing.T) {
	missing := fmt.Errorf("find: %w", runtime.ErrMissingDialogCreator)
	for _, c := range []struct {
		err  error
		want string
	}{
		{missing, "find: dialog creator not found (KErrUpsMissingDialogCreator)"},
		{named(missing), "find: dialog creator not found (KErrUpsMissingDialogCreator)"},
		{service.ErrPermissionDenied, "permission denied"},
		{runtime.Error(-9999), "error -9999"},
		{errors.New("own"), "own"},
	} {
		e := new(connect.Error)
		if err := failed(c.err); !errors.As(err, &e) || e.Message() != c.want || !errors.Is(err, c.err) {
			t.Errorf("%v, want %s", err, c.want)
		}
		if m := encodeAnswer(1, nil, c.err).GetError().GetMessage(); m != c.want {
			t.Errorf("in a stream %s, want %s", m, c.want)
		}
	}
}

// What no program is attached as, is told from what isn't configured.
func TestMissingProgram(t *testing.T) {
	p := NewPlugIns()
	for _, err := range []error{second(p.Evaluator(1)), second(p.DialogCreator(1))} {
		if err == nil || !strings.HasPrefix(err.Error(), "no program is attached as it: ") {
			t.Errorf("%v", err)
		}
	}
}

func second[T any](_ T, err error) error { return err }
