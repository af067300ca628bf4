package tiny

import "testing"

// What isn't tested: the limit reached exactly, and use by several goroutines.
func TestAdd(t *testing.T) {
	var c Counter
	if !c.Add(2) || c.n != 1 {
		t.Error("the first isn't counted")
	}
	c.n = 7
	if c.Add(2) {
		t.Error("counted past the limit")
	}
}
