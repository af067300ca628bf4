package runtime

import (
	"errors"
	"slices"
	"testing"

	"ups/internal/rsc"
	"ups/policy"
)

func TestNewListRefusesWhatADeviceRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*policy.File){
		"UID2":     func(f *policy.File) { f.UID2++ },
		"version":  func(f *policy.File) { f.Version = 2 },
		"header":   func(f *policy.File) { f.Header = nil },
		"creator":  func(f *policy.File) { f.Header.DialogCreator = 0 },
		"options":  func(f *policy.File) { f.Policies[1].Options = policy.AllOptions + 1 },
		"security": func(f *policy.File) { f.Policies[1].Security = policy.Passed + 1 },
	} {
		f := fileOf([]policy.Policy{forAll("a"), forAll("b")})
		if _, err := NewList(f); err != nil {
			t.Fatal(err)
		}
		spoil(f)
		if _, err := NewList(f); !errors.Is(err, ErrBadPolicyFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLoadThenDecide(t *testing.T) {
	b, err := rsc.Encode(fileOf([]policy.Policy{forAll("+44*"), forAll("*")}))
	if err != nil {
		t.Fatal(err)
	}
	l, err := Load(b)
	if err != nil {
		t.Fatal(err)
	}
	if i, err := l.Decide(1, true, "+4412"); i != 0 || err != nil {
		t.Errorf("policy %d, %v", i, err)
	}
	if _, err := Load(b[:len(b)-1]); !errors.Is(err, ErrBadPolicyFile) {
		t.Errorf("truncated: %v", err)
	}
}

func TestPolicyTakesTheHeadersValues(t *testing.T) {
	own := forAll("own")
	own.PolicyEvaluator, own.DialogCreator, own.Flags = 0x11, 0x12, 3
	f := fileOf([]policy.Policy{own, forAll("none")})
	f.Header = &policy.Header{MajorVersion: 4, MinorVersion: 5, PolicyEvaluator: 0x21, DialogCreator: 0x22}
	l, err := NewList(f)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range map[int]struct {
		evaluator, creator uint32
		flags              uint16
		options            policy.Options
		destination        string
	}{
		-1: {0x21, 0x22, 0, policy.Yes | policy.No, "*"},
		0:  {0x11, 0x12, 3, policy.AllOptions, "own"},
		1:  {0x21, 0x22, 0, policy.AllOptions, "none"},
	} {
		d := l.Policy(i)
		p := d.Policy
		if d.Index != i || d.Default != (i < 0) || d.Major != 4 || d.Minor != 5 ||
			p.PolicyEvaluator != want.evaluator || p.DialogCreator != want.creator || p.Flags != want.flags ||
			p.Options != want.options || p.Destination.String() != want.destination || p.SIDClasses != policy.AllSIDs {
			t.Errorf("policy %d: %+v", i, d)
		}
	}
	if p := f.Policies[1]; p.DialogCreator != 0 || !slices.Equal(p.Destination, policy.NewText("none")) {
		t.Error("the file was changed")
	}
}

// forAll is a policy for every client.
func forAll(pattern string) policy.Policy {
	return policy.Policy{SIDClasses: policy.AllSIDs, Destination: policy.NewText(pattern), Options: policy.AllOptions}
}

func fileOf(policies []policy.Policy) *policy.File {
	return &policy.File{
		UID2: policy.ResourceFileUID, Version: policy.FormatVersion,
		Header:   &policy.Header{DialogCreator: 0x10000000},
		Policies: policies,
	}
}

func mustList(t testing.TB, policies []policy.Policy) *List {
	t.Helper()
	l, err := NewList(fileOf(policies))
	if err != nil {
		t.Fatal(err)
	}
	return l
}
