package compile

import (
	"testing"
)

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

func TestMakeRules(t *testing.T) {
	got, err := makeRules([]dependency{
		{"out dir/a.rsc", []string{"a.rss", "b#1.rh", "c$d.rh", `e\f.rh`, `g\ h.rh`}},
		{"b.rsc", nil},
	})
	want := "out\\ dir/a.rsc: \\\n  a.rss \\\n  b\\#1.rh \\\n  c$$d.rh \\\n  e\\f.rh \\\n  g\\\\\\ h.rh\nb.rsc:\n" +
		"\nb\\#1.rh:\n\nc$$d.rh:\n\ne\\f.rh:\n\ng\\\\\\ h.rh:\n"
	if err != nil || string(got) != want {
		t.Errorf("got %q, %v\nwant %q", got, err, want)
	}
	if _, err := makeRules([]dependency{{"a", []string{"b\nc"}}}); err == nil {
		t.Error("a name with a line end is taken")
	}
}
