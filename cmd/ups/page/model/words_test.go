package model

import (
	"fmt"
	"slices"
	"testing"

	"ups/internal/natures"
	"ups/lint/analysis"
	"ups/policy"
)

// listOf returns a list of policies for all SIDs, unless a policy says otherwise.
func listOf(policies ...policy.Policy) *policy.File {
	f := natures.NewList()
	for _, p := range policies {
		if p.SIDClasses == 0 {
			p.SIDClasses = policy.AllSIDs
		}
		f.Policies = append(f.Policies, p)
	}
	return f
}

func modelOf(f *policy.File) *List { return Of(f, analysis.Analyse(f, analysis.Options{})) }

func pattern(s string) policy.Text { return policy.NewText(s) }

func TestOneLine(t *testing.T) {
	f := listOf(
		policy.Policy{Destination: pattern("+44*"), Options: policy.Yes | policy.No | policy.Never},
		policy.Policy{Destination: pattern(""), Options: policy.Yes, Security: policy.Passed},
		policy.Policy{Destination: pattern("a\u202eb"), Options: policy.No, Security: policy.Failed, SIDs: []uint32{7}},
		policy.Policy{Destination: pattern("x"), Options: policy.No, Security: 3, SIDClasses: policy.ProtectedSIDs},
	)
	l := modelOf(f)
	var got []string
	for i := range l.Policies {
		got = append(got, l.Policies[i].OneLine()+" · "+string(l.Policies[i].Reach))
	}
	want := []string{
		"default · * · all SIDs · asks: Yes, No · decides",
		"1 · +44* · all SIDs · asks: Yes, No, Never · decides",
		`2 · "" · all SIDs · check passed · allows · decides`,
		"3 · a<U+202E>b · SID 0x00000007 · check failed · denies · decides",
		"4 · x · protected SIDs · check none · denies · matches nothing",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// TestRows tells of whom rows are, and when the service is asked, under each
// authorisation policy.
func TestRows(t *testing.T) {
	f := listOf(
		policy.Policy{Destination: pattern("*"), Options: policy.Yes, SIDs: []uint32{1, 2, 3, 0x80000001, 0x80000002}},
		policy.Policy{Destination: pattern("*"), Options: policy.No, SIDClasses: policy.ProtectedSIDs},
	)
	for a, want := range map[policy.AuthorisationPolicy][]string{
		policy.AlwaysCheck: {
			"other protected SIDs|passed or failed|always", "other unprotected SIDs|passed or failed|always",
			"0x00000001 and 2 more|passed or failed|always", "0x80000001, 0x80000002|passed or failed|always",
		},
		policy.CheckPostManufacture: {
			"other protected SIDs|passed or failed|" + string(AskedElsewhere), "other unprotected SIDs|passed or failed|always",
			"0x00000001 and 2 more|passed or failed|" + string(AskedElsewhere), "0x80000001, 0x80000002|passed or failed|always",
		},
		policy.CheckIfFailed: {
			"other protected SIDs|passed|never allow", "other protected SIDs|failed|always", "other unprotected SIDs|passed|never allow",
			"other unprotected SIDs|failed|always", "0x00000001 and 2 more|passed|never allow", "0x00000001 and 2 more|failed|always",
			"0x80000001, 0x80000002|passed|never allow", "0x80000001, 0x80000002|failed|always",
		},
		policy.NeverCheck: {
			"other protected SIDs|passed|never allow", "other protected SIDs|failed|never deny", "other unprotected SIDs|passed|never allow",
			"other unprotected SIDs|failed|never deny", "0x00000001 and 2 more|passed|never allow", "0x00000001 and 2 more|failed|never deny",
			"0x80000001, 0x80000002|passed|never allow", "0x80000001, 0x80000002|failed|never deny",
		},
	} {
		f.Header.AuthorisationPolicy = a
		var got []string
		for _, row := range modelOf(f).Rows {
			s := fmt.Sprintf("%s|%s|%s", row.Label, row.Check, row.Asked)
			if effect, unasked := row.Unasked(); unasked {
				s += " " + string(effect)
			}
			got = append(got, s)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q\nwant %q", a, got, want)
		}
	}
}

// TestCommon tells which part patterns are grouped by.
func TestCommon(t *testing.T) {
	for _, test := range []struct{ a, b, want string }{
		{"+4490*", "+4491*", "+449…"},
		{"+44*", "112", ""},
		{"sms:112", "sms:113", "sms:11…"},
		{"sms:*", "smart", ""},
		{"contacts/a", "contacts/b*", "contacts/…"},
		{"cell", "cellar", ""},
		{"a1b", "a1c", "a1…"},
		{"*.shop.example", "http://www.Shop.example:80/pay*", "….shop.example"},
		{"*@example.org", "example.org", "….example.org"},
		{"www.example", "+44", ""},
		{"192.168.1.*", "192.168.2.*", "192.168.…"},
		{"*.co.??", "*.co.uk", ""},
		{"naïve1", "naïve2", ""},
	} {
		a, b := commonOf(pattern(test.a)), commonOf(pattern(test.b))
		got := ""
		if common := a.with(b); common.exceeds(nil) {
			got = common.label()
		}
		if got != test.want {
			t.Errorf("%s and %s have %q in common, want %q", test.a, test.b, got, test.want)
		}
		if x, y := a.compare(b), b.compare(a); x != -y {
			t.Errorf("%s and %s are in no order: %d, %d", test.a, test.b, x, y)
		}
	}
}

// TestExceptions needs a client in a situation that both policies are for.
func TestExceptions(t *testing.T) {
	for _, test := range []struct {
		name         string
		inner, outer policy.Policy
		want         bool
	}{
		{"all", policy.Policy{}, policy.Policy{}, true},
		{"one check", policy.Policy{Security: policy.Passed}, policy.Policy{Security: policy.Passed}, true},
		{"either check", policy.Policy{Security: policy.Failed}, policy.Policy{}, true},
		{"another check", policy.Policy{Security: policy.Passed}, policy.Policy{Security: policy.Failed}, false},
		{"other clients", policy.Policy{SIDs: []uint32{1}}, policy.Policy{SIDClasses: policy.UnprotectedSIDs}, false},
		{"a client of the class", policy.Policy{SIDs: []uint32{1}}, policy.Policy{SIDClasses: policy.ProtectedSIDs}, true},
		{"the same outcome", policy.Policy{Options: policy.No}, policy.Policy{}, false},
	} {
		test.inner.Destination, test.outer.Destination = pattern("a*"), pattern("*")
		if test.inner.Options == 0 {
			test.inner.Options = policy.Yes
		}
		test.outer.Options = policy.No
		tree := modelOf(listOf(test.inner, test.outer)).Tree
		if got := len(tree.Below[0].Entries[0].ExceptionTo) > 0; got != test.want {
			t.Errorf("%s: an exception is %v, want %v", test.name, got, test.want)
		}
	}
}

// TestIncludes compares patterns as the device's matcher would, as far as that
// is claimed.
func TestIncludes(t *testing.T) {
	for _, test := range []struct {
		outer, inner string
		want         bool
	}{
		{"*", "", true}, {"*", "*", true}, {"a*", "A?b*", true}, {"a*", "*a", false}, {"?", "a", true}, {"?", "*", false}, {"?*", "a*", true},
		{"a*b*c", "axbyc", true}, {"a*b", "a*", false}, {"*b*", "abc", true}, {"É*", "e\u0301x", true}, {"\u0301*", "\u0301a", false}, {"*", "\u0301", false},
		{"ab", "a", false}, {"a", "ab", false}, {"a**", "ab", true},
	} {
		all := branchesOf(listOf(policy.Policy{Destination: pattern(test.outer)}, policy.Policy{Destination: pattern(test.inner)}), make([]Policy, 3))
		if got := includes(all[0], all[len(all)-1]); got != test.want {
			t.Errorf("%s includes %s: %v, want %v", test.outer, test.inner, got, test.want)
		}
	}
}
