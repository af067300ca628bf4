package compiler

import (
	"reflect"
	"testing"

	"ups/grammar"
	"ups/policy"
)

// The defaults, which a source is written without, are those of policies.rh.
func TestDefaultsAreThoseOfPoliciesRH(t *testing.T) {
	b := newBuilder(grammar.Parse("a.rss", []byte("#include <ups/policies.rh>\n"), grammar.Options{}))
	for _, s := range b.tree.Statements {
		b.statement(s)
	}
	got := []any{b.layouts.file, b.layouts.header, b.layouts.policy}
	want := []any{fileStruct.defaults, headerStruct.defaults, policyStruct.defaults}
	if !reflect.DeepEqual(got, want) || b.failed() {
		t.Errorf("policies.rh has\n%+v, want\n%+v", got, want)
	}
}

// Each field that holds a number is set and read in its own place.
func TestFieldsAreSetAndRead(t *testing.T) {
	checkNumbers(t, fileStruct, 0xFF)
	checkNumbers(t, headerStruct, 0xFF)
	checkNumbers(t, policyStruct, 0xFF)
}

func checkNumbers[T any](t *testing.T, s structure[T], v uint32) {
	t.Helper()
	var all T
	for _, f := range s.fields {
		if f.number == nil {
			continue
		}
		var one T
		f.number(&one).set(v)
		f.number(&all).set(v)
		for _, g := range s.fields {
			if g.number == nil {
				continue
			}
			if got := g.number(&one).get(); (got == v) != (g.name == f.name) {
				t.Errorf("%s: after %s is set, %s is %#x", s.name, f.name, g.name, got)
			}
		}
	}
	if want := allSet[T](); !reflect.DeepEqual(all, want) {
		t.Errorf("%s: %+v, want %+v", s.name, all, want)
	}
}

// allSet returns a struct with each of its numbers 0xFF.
func allSet[T any]() (all T) {
	switch all := any(&all).(type) {
	case *policy.File:
		all.Version, all.Reserved = 0xFF, 0xFF
	case *policy.Header:
		*all = policy.Header{MajorVersion: 0xFF, MinorVersion: 0xFF, AuthorisationPolicy: 0xFF, PolicyEvaluator: 0xFF, DialogCreator: 0xFF}
	case *policy.Policy:
		*all = policy.Policy{SIDClasses: 0xFF, Security: 0xFF, Options: 0xFF, PolicyEvaluator: 0xFF, DialogCreator: 0xFF,
			Flags: 0xFF, ReservedWord: 0xFF, ReservedLink: 0xFF}
	}
	return all
}
