package runtime

import (
	"errors"
	"fmt"
	"testing"
)

// The table of docs/service.md, Errors.
func TestErrorsHaveThePlatformsValues(t *testing.T) {
	table := []struct {
		err  Error
		name string
		code int32
	}{
		{ErrBadFingerprintLength, "KErrUpsBadFingerprintLength", -5703},
		{ErrMissingPolicyEvaluator, "KErrUpsMissingPolicyEvaluator", -5704},
		{ErrMissingDialogCreator, "KErrUpsMissingDialogCreator", -5705},
		{ErrBadPolicyFile, "KErrUpsBadPolicyFile", -5706},
		{ErrMissingPolicyFile, "KErrUpsMissingPolicyFile", -5707},
		{ErrInvalidPolicyFileName, "KErrUpsInvalidPolicyFileName", -5708},
		{ErrMissingArgument, "KErrUpsMissingArgument", -5709},
		{ErrBadClientEntityLength, "KErrUpsBadClientEntityLength", -5710},
		{ErrBadClientThreadID, "KErrUpsBadClientThreadId", -5711},
		{ErrBadClientProcessID, "KErrUpsBadClientProcessId", -5712},
		{ErrDestinationTooLong, "KErrTooBig", -40},
	}
	for _, want := range table {
		wrapped := fmt.Errorf("somewhere: %w", want.err)
		var got Error
		if !errors.As(wrapped, &got) || !errors.Is(wrapped, want.err) {
			t.Errorf("%s is lost when wrapped", want.name)
		}
		if got.Name() != want.name || int32(got) != want.code || got.Error() == "" {
			t.Errorf("%s %d %q, want %s %d", got.Name(), int32(got), got, want.name, want.code)
		}
	}
	if e := Error(-1); e.Name() != "" || e.Error() != "error -1" {
		t.Errorf("%q %q", e.Name(), e)
	}
}
