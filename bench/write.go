package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"github.com/open-policy-agent/opa/v1/ast"

	"ups/internal/rsc"
	"ups/policy"
)

// written is a request as serve reads it.
type written struct {
	SID         uint32 `json:"sid"`
	Passed      bool   `json:"passed"`
	Destination string `json:"destination"`
	Policy      int    `json:"policy"` // index of the one that decides
	Input       any    `json:"input"`  // of OPA
}

// writeWorkload writes policies of the first mix, compiled and in Rego, and
// requests for them: what servers are asked, each in a process of its own.
func writeWorkload(folder string, policies int) error {
	w := newWorkload(mixes()[0], seed, policies)
	silence(w.file)
	compiled, err := rsc.Encode(w.file)
	if err != nil {
		return err
	}
	var requests []written
	for _, r := range w.requests {
		input, err := ast.JSON(opaInput(r))
		if err != nil {
			return err
		}
		requests = append(requests, written{r.sid, r.passed, r.destination, expected(w.file, r), input})
	}
	text, err := json.MarshalIndent(requests, "", "\t")
	if err != nil {
		return err
	}
	write := func(name string, content []byte) error {
		return os.WriteFile(filepath.Join(folder, name), content, 0o666)
	}
	return errors.Join(write("policies.rsc", compiled), write("policies.rego", []byte(regoElse(w.file))), write("requests.json", text))
}

// silence makes policies that answer every request without a prompt: each offers one
// option, and the last one is for whatever is left.
func silence(f *policy.File) {
	f.UID3 = 1
	for i := range f.Policies {
		f.Policies[i].Options = policy.Yes << (i % 2)
	}
	f.Policies[len(f.Policies)-1].Destination = policy.NewText("*")
}
