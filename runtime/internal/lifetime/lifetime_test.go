package lifetime

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
)

// A lifetime that is closed while its parts come and go is over once, after all
// of them.
func TestLifetimesNest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var order []string
		var whole, part *Lifetime
		over := func(l *Lifetime) bool {
			select {
			case <-l.Done():
				return true
			default:
				return false
			}
		}
		whole = New(nil, func() {
			order = append(order, "whole")
			if over(whole) || !over(part) {
				t.Errorf("at the end: the whole is over %v, its part %v", over(whole), over(part))
			}
		})
		part = New(whole, func() {
			order = append(order, "part")
			if over(part) {
				t.Error("the part is over before it has ended")
			}
		})
		if whole.Begin() != nil || part.Begin() != nil {
			t.Fatal("not open")
		}
		whole.Attach(part)
		ctx, release := part.Context(context.Background())
		if !whole.Cancel() || whole.Cancel() || part.Cancel() {
			t.Error("closed more than once, or not down to its parts")
		}
		if context.Cause(ctx) != ErrClosed {
			t.Errorf("a context of a part: %v", context.Cause(ctx))
		}
		if late, release := part.Context(context.Background()); context.Cause(late) != ErrClosed {
			t.Errorf("a context of a part that is closed: %v", context.Cause(late))
		} else {
			release()
		}
		release()
		if n := part.Attached(); n != 0 {
			t.Errorf("%d contexts are attached at the end", n)
		}
		equal(t, order)
		part.End()
		<-whole.Done()
		equal(t, order, "part", "whole")
	})
}

func equal(t *testing.T, order []string, want ...string) {
	t.Helper()
	if !slices.Equal(order, want) {
		t.Errorf("over: %v, want %v", order, want)
	}
}
