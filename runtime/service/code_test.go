package service

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"ups/runtime"
	"ups/runtime/decision"
)

// Each row of the table is in docs/service.md, Errors.
func TestCodesAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/service.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := append([]code{
		{name: "KErrGeneral", value: general},
		{name: runtime.ErrDestinationTooLong.Name(), value: int32(runtime.ErrDestinationTooLong)},
	}, codes...)
	for e := runtime.ErrBadFingerprintLength; e >= runtime.ErrBadClientProcessID; e-- {
		rows = append(rows, code{name: e.Name(), value: int32(e)})
	}
	for _, c := range rows {
		if row := fmt.Sprintf("\n| `%s` | \u2212%d | ", c.name, -c.value); !strings.Contains(string(text), row) {
			t.Errorf("no row %q", row)
		}
	}
}

func TestCode(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int32
	}{
		{nil, 0},
		{errors.New("a plug-in's own"), -2},
		{fmt.Errorf("file: %w", runtime.ErrBadPolicyFile), -5706},
		{fmt.Errorf("%w: %w", decision.ErrInvalidFilter, decision.ErrEntityLength), -5710},
		{fmt.Errorf("%w: %w", decision.ErrInvalidFilter, errors.New("it can't be read")), -6},
		{fmt.Errorf("%w: %w", ErrNoAnswer, context.Canceled), -3},
		{takeError(fmt.Errorf("evaluator: %w", runtime.ErrBadFingerprintLength)), -5703},
		{takeError(fmt.Errorf("evaluator: %w", context.DeadlineExceeded)), -33},
		{&panicError{value: "nil map"}, -13},
		{fmt.Errorf("restoring: %w", ErrSuperseded), -11},
	} {
		if got := Code(c.err); got != c.want {
			t.Errorf("%v: %d, want %d", c.err, got, c.want)
		}
	}
}

func TestCodeName(t *testing.T) {
	for want, err := range map[string]error{
		"KErrNone":             nil,
		"KErrGeneral":          errors.New("a plug-in's own"),
		"KErrUpsBadPolicyFile": fmt.Errorf("file: %w", runtime.ErrBadPolicyFile),
		"KErrServerTerminated": fmt.Errorf("evaluator: %w", ErrPlugInGone),
	} {
		if got := CodeName(err); got != want {
			t.Errorf("%v: %s, want %s", err, got, want)
		}
	}
}
