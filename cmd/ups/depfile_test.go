package main

import "testing"

// Names as GNU make reads them: backslashes count only right in front of what
// is escaped.
func TestNamesForMake(t *testing.T) {
	for name, want := range map[string]string{
		`plain.rss`: `plain.rss`,
		`a b`:       `a\ b`,
		`a#b`:       `a\#b`,
		"a\tb":      "a\\\tb",
		`a$b`:       `a$$b`,
		`a\b`:       `a\b`,
		`a\b c`:     `a\b\ c`,
		`a\ b`:      `a\\\ b`,
		`a\\ b`:     `a\\\\\ b`,
		`a\  b`:     `a\\\ \ b`,
		`a\$ b`:     `a\$$\ b`,
	} {
		if got, err := makeName(name); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", name, got, err, want)
		}
	}
	for _, name := range []string{"a\nb", "a\rb", "a\x00b"} {
		if got, err := makeName(name); err == nil {
			t.Errorf("%q becomes %q", name, got)
		}
	}
}
