package policies

import (
	"context"
	"os"
	"testing"

	"ups/cmd/ups/scenario"
	"ups/compiler"
	"ups/lint"
	"ups/runtime"
)

const name = "ups_20041001_0000002b.rss"

func TestCompile(t *testing.T) {
	folder := t.TempDir()
	if err := Compile(folder); err != nil {
		t.Fatal(err)
	}
	store, err := runtime.Open(folder, "", runtime.StoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	list, err := store.List(0x20041001, 43)
	if err != nil {
		t.Fatal(err)
	}
	if n, h := len(list.File().Policies), list.File().Header; n != 5 || h.DialogCreator != Dialog || h.PolicyEvaluator != NumberEvaluator {
		t.Errorf("%d policies, header %+v", n, h)
	}
	if p := list.Policy(1).Policy; p.PolicyEvaluator != PremiumEvaluator {
		t.Errorf("premium numbers: %+v", p)
	}
}

func TestFolderMustBeThere(t *testing.T) {
	if err := Compile(t.TempDir() + "/nosuch"); err == nil {
		t.Error("no error")
	}
}

// Lint has nothing to say, not even a note.
func TestLintIsClean(t *testing.T) {
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	r := compiler.Compile(name, src, compiler.Options{})
	for _, f := range lint.Run(&lint.Input{Path: name, File: r.File, Tree: r.Tree, Diagnostics: r.Diagnostics}, &lint.Config{}) {
		t.Errorf("%+v", f)
	}
}

// The scenarios hold, and hit every policy.
func TestScenarios(t *testing.T) {
	r := scenario.Run(context.Background(), "send.scenario.yaml", scenario.Options{})
	if r.Err != nil || len(r.Scenarios) != 8 {
		t.Fatalf("%d scenarios, error %v", len(r.Scenarios), r.Err)
	}
	for _, s := range r.Scenarios {
		if !s.Passed() {
			t.Errorf("%s: %s", s.Name, s.Lines())
		}
	}
	if hit, policies := r.Coverage.Total(); hit != policies || policies != 5 {
		t.Errorf("%d of %d policies are hit", hit, policies)
	}
}
