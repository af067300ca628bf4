package decision_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"ups/runtime/decision"
)

func TestParseFilter(t *testing.T) {
	for _, c := range []struct {
		terms string // cut at |
		want  decision.Filter
	}{
		{"major<2", decision.Filter{Major: decision.Number{Comparison: decision.Less, Value: 2}}},
		{"client=0x10000001", decision.Filter{Client: decision.Number{Comparison: decision.Equal, Value: 0x10000001}}},
		{"result!=never", decision.Filter{Result: decision.Number{Comparison: decision.NotEqual, Value: 0}}},
		{"result ≥ always", decision.Filter{Result: decision.Number{Comparison: decision.GreaterOrEqual, Value: 1}}},
		{" id<=010 |info>=0XfF", decision.Filter{ID: decision.Number{Comparison: decision.LessOrEqual, Value: 10}, Info: decision.Number{Comparison: decision.GreaterOrEqual, Value: 255}}},
		{"server≠1|service≤2|evaluator>3", decision.Filter{
			Server: decision.Number{Comparison: decision.NotEqual, Value: 1}, Service: decision.Number{Comparison: decision.LessOrEqual, Value: 2},
			Evaluator: decision.Number{Comparison: decision.Greater, Value: 3}}},
		{"fingerprint=0A1b|entity!=", decision.Filter{Fingerprint: decision.Text{Comparison: decision.Equal, Value: "\x0a\x1b"}, Entity: decision.Text{Comparison: decision.NotEqual}}},
		{"description= a=b, c! ", decision.Filter{Description: decision.Text{Comparison: decision.Equal, Value: " a=b, c! "}}},
	} {
		got, err := decision.ParseFilter(strings.Split(c.terms, "|")...)
		if err != nil || got != c.want {
			t.Errorf("%s: %+v, %v, want %+v", c.terms, got, err, c.want)
		}
	}
	if f, err := decision.ParseFilter(); err != nil || f != (decision.Filter{}) {
		t.Errorf("no terms: %+v, %v, want every record", f, err)
	}
}

// The message of an error says what would be right.
var badTerms = []struct{ terms, says string }{
	{"", "no comparison in it, write for example major<2"},
	{"major", "no comparison in it"},
	{"major!2", "write !="},
	{"minor=2", `no field is named "minor", the fields are id, client, evaluator, service, server, fingerprint, entity, description, result, major, info`},
	{"Major=2", "no field is named"},
	{"=2", "no field is named"},
	{"major=two", "major is a number, decimal or with 0x before, at most 65535"},
	{"major=65536", "major is at most 65535, not 65536"},
	{"client=0x100000000", "client is at most 0xffffffff"},
	{"client=-1", "client is a number"},
	{"id=99999999999999999999", "id is a number, decimal or with 0x before, at most 9223372036854775807"},
	{"result=1", `a result is always or never, not "1"`},
	{"major==2", "major is a number"},
	{"fingerprint<00", "fingerprint is compared with = and != only, not <"},
	{"description>=a", "description is compared with = and != only"},
	{"entity=abc", "entity is bytes in hexadecimal"},
	{"entity=" + strings.Repeat("00", 33), "bad client entity length: entity has at most 32 bytes, not 33"},
	{"major>1|major<5", "major has a condition already"},
}

func TestParseFilterErrors(t *testing.T) {
	for terms, want := range map[string]error{"entity=": decision.ErrEntityLength, "fingerprint!=": decision.ErrFingerprintLength} {
		if _, err := decision.ParseFilter(terms + strings.Repeat("00", 33)); !errors.Is(err, want) {
			t.Errorf("%s and 33 bytes: %v, want %v", terms, err, want)
		}
	}
	for _, c := range badTerms {
		f, err := decision.ParseFilter(strings.Split(c.terms, "|")...)
		if !errors.Is(err, decision.ErrInvalidFilter) || !strings.Contains(err.Error(), c.says) || f != (decision.Filter{}) {
			t.Errorf("%q: %v, want %q", c.terms, err, c.says)
		}
	}
}

// filterSeeds is asserted below, so that the fuzz target can't lose its seeds.
func filterSeeds() []string {
	seeds := []string{"major<2|client=0x10000001|result!=never", "description=a|info≥7", "entity≠00ff|fingerprint=", "id<=9223372036854775807", "server>0|service>=0|evaluator≤1"}
	for _, c := range badTerms {
		seeds = append(seeds, c.terms)
	}
	return seeds
}

func FuzzParseFilter(f *testing.F) {
	for _, s := range filterSeeds() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		filter, err := decision.ParseFilter(strings.Split(text, "|")...)
		if err != nil {
			if !errors.Is(err, decision.ErrInvalidFilter) {
				t.Fatalf("%v doesn't wrap ErrInvalidFilter", err)
			}
			return
		}
		terms := filter.Terms()
		again, err := decision.ParseFilter(terms...)
		if err != nil || again != filter || !slices.Equal(again.Terms(), terms) {
			t.Fatalf("%q: %+v became %+v (%v)", terms, filter, again, err)
		}
	})
}

func TestSeeds(t *testing.T) {
	if n := len(filterSeeds()); n != 23 {
		t.Errorf("%d seeds of filters, want 23", n)
	}
	if n := len(lineSeeds()); n != 26 {
		t.Errorf("%d seeds of lines, want 26", n)
	}
}
