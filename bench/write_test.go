package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"ups/internal/rsc"
	"ups/policy"
)

// What is written must be of one list: each request has the policy that decides it by
// the compiled file, which doesn't prompt.
func TestWriteWorkload(t *testing.T) {
	dir := t.TempDir()
	if err := writeWorkload(dir, 60); err != nil {
		t.Fatal(err)
	}
	f, err := rsc.Decode(content(t, dir, "policies.rsc"))
	if err != nil {
		t.Fatal(err)
	}
	var requests []written
	if err := json.Unmarshal(content(t, dir, "requests.json"), &requests); err != nil {
		t.Fatal(err)
	}
	if len(f.Policies) != 60 || len(requests) != requestCount {
		t.Errorf("%d policies and %d requests", len(f.Policies), len(requests))
	}
	for _, r := range requests {
		i := f.Decide(policy.Request{SID: r.SID, Passed: r.Passed, Destination: policy.NewText(r.Destination)})
		if i < 0 || i != r.Policy || f.Policies[i].Options.Prompts() {
			t.Errorf("%+v: policy %d decides", r, i)
		}
	}
}

func content(t *testing.T, dir, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
