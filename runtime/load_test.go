package runtime

import (
	"errors"
	"testing"
)

func TestLoad(t *testing.T) {
	if l, err := Load(compiled(t, 3)); err != nil || major(l) != "3" {
		t.Errorf("%s %v", major(l), err)
	}
	for name, content := range corrupt(t) {
		if l, err := Load(content); l != nil || !errors.Is(err, ErrBadPolicyFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
