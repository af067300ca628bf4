package lint_test

import (
	"testing"

	"ups/internal/natures"
	"ups/lint"
	"ups/policy"
)

// TestEqualPoliciesAreOneFinding has a policy a hundred times: the first decides
// the requests of all others.
func TestEqualPoliciesAreOneFinding(t *testing.T) {
	f := natures.NewList()
	for i := range 100 {
		options := policy.No
		if i == 0 {
			options = policy.Yes
		}
		f.Policies = append(f.Policies, policy.Policy{SIDClasses: policy.AllSIDs, Destination: policy.NewText("*aa*"), Options: options})
	}
	checked := lint.Check(&lint.Input{Path: "a.rsc", File: f}, &lint.Config{})
	var found []lint.Finding
	for _, one := range lint.Merge(lint.Finish([]*lint.Checked{checked})) {
		if one.Code == "unreachable" {
			found = append(found, one)
		}
	}
	if len(found) != 1 || found[0].Policy != 2 || len(found[0].Also) != 98 || len(found[0].Culprits) != 1 {
		t.Errorf("found %v, want one finding of policy 2 and 98 more, with one culprit", found)
	}
}
