package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"ups/internal/rsc"
	"ups/policy"
)

// programs are the servers, built, and what they are asked.
type programs struct {
	dir      string
	requests []request
}

// request is one of the requests that bench writes.
type request struct {
	SID         uint32
	Passed      bool
	Destination string
	Policy      int             // index of the one that decides
	Input       json.RawMessage // of OPA
}

// Who asks, and about what.
const (
	systemServer = 0x101F7F1F
	silent       = 0x1000A00A // a service
	prompting    = 0x1000A00B // another one
	creator      = 0x10283694
)

// build builds the servers from these sources, and the version of OPA that go.mod names.
func build(dir string, policies int) (*programs, error) {
	p := &programs{dir: dir}
	for _, args := range [][]string{
		{"run", ".", "-write", dir, "-policies", strconv.Itoa(policies)},
		{"build", "-C", "..", "-o", p.path("ups"), "./cmd/ups"},
		{"build", "-o", p.path("opa"), "github.com/open-policy-agent/opa"},
	} {
		if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("go %s: %w: %s", args[0], err, out)
		}
	}
	b, err := os.ReadFile(p.path("requests.json"))
	if err != nil {
		return nil, err
	}
	return p, json.Unmarshal(b, &p.requests)
}

func (p *programs) path(name string) string { return filepath.Join(p.dir, name) }

// startOPA starts OPA's server without its log of requests, and with room for all
// patterns in its cache.
func (p *programs) startOPA() (*server, error) {
	socket := p.path("opa.sock")
	return start(socket, p.path("opa"), "run", "--server", "--addr", "unix://"+socket, "--log-level", "error",
		"--skip-version-check", "--set", "caching.inter_query_builtin_value_cache.max_num_entries=20000", p.path("policies.rego"))
}

// startUPS starts ups serve in a folder of its own, with limits that allow n sessions,
// connections and requests, and without its log of requests.
func (p *programs) startUPS(n int) (*server, error) {
	dir, err := os.MkdirTemp(p.dir, "")
	if err != nil {
		return nil, err
	}
	if err := p.writePolicies(filepath.Join(dir, "policies")); err != nil {
		return nil, err
	}
	configuration := filepath.Join(dir, "serve.yaml")
	if err := os.WriteFile(configuration, fmt.Appendf(nil, serveYAML, os.Getuid(), n+100), 0o666); err != nil {
		return nil, err
	}
	return start(filepath.Join(dir, "ups.sock"), p.path("ups"), "serve", "--config", configuration)
}

const serveYAML = `
policies: {rom: policies}
decisions: decisions.db
listen: [{unix: ups.sock}]
identities:
  - {name: load, uid: %d, sid: 0x101F7F1F, capabilities: [ProtServ], status: yes, attach: {creators: [0x10283694]}}
plug-ins: {creators: {0x10283694: attached}}
limits: {connections: %[2]d, all-connections: %[2]d, sessions: %[2]d, requests: %[2]d, subsessions: 1000000, rate: 10000000, burst: 10000000}
log: {level: error}
`

// writePolicies writes those of both services into a folder.
func (p *programs) writePolicies(folder string) error {
	list, err := os.ReadFile(p.path("policies.rsc"))
	if err != nil {
		return err
	}
	prompts, err := rsc.Encode(&policy.File{
		UID2: policy.ResourceFileUID, UID3: 1, Version: policy.FormatVersion,
		Header:   &policy.Header{DialogCreator: creator},
		Policies: []policy.Policy{{SIDClasses: policy.AllSIDs, Destination: policy.NewText("*"), Options: policy.AllOptions}},
	})
	if err != nil {
		return err
	}
	if err := os.Mkdir(folder, 0o777); err != nil {
		return err
	}
	for service, content := range map[uint32][]byte{silent: list, prompting: prompts} {
		name := policy.Service{Server: systemServer, Service: service}.FileName(policy.CompiledExt)
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o666); err != nil {
			return err
		}
	}
	return nil
}
