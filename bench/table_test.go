package main

import "testing"

func TestFigure(t *testing.T) {
	for x, want := range map[float64]string{0.26: "0.3", 9.9: "9.9", 12.3: "12", 940.2: "940", 1234: "1,234", 22638719: "22,638,719"} {
		if got := figure(x); got != want {
			t.Errorf("%v: %s, want %s", x, got, want)
		}
	}
}
