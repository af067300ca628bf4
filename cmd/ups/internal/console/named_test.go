package console

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"
)

// A file is named once, whoever has named it before.
func TestNamed(t *testing.T) {
	denied := errors.New("denied")
	for _, c := range []struct {
		err  error
		want string
	}{
		{denied, "a.rss: denied"},
		{&fs.PathError{Op: "open", Path: ".tmp-a.rss", Err: denied}, "a.rss: denied"},
		{fmt.Errorf("a.rss: %w", denied), "a.rss: denied"},
		{fmt.Errorf("a.rss2: %w", denied), "a.rss: a.rss2: denied"},
	} {
		if got := Named("a.rss", c.err); got.Error() != c.want || !errors.Is(got, denied) {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	if err := Named("a.rss", nil); err != nil {
		t.Error(err)
	}
}
