package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const missing = "creator 0x10283694: missing, so that requests of policy 3 of ups_101f7f1f_1000a00a.rsc fail\n"

// serveChecks has what --check says of a part of a configuration: lines that it prints,
// or mistakes, each with its hint.
var serveChecks = []struct {
	config string
	want   string
}{
	{"limits: {connections: 20, all-connections: 30, sessions: 1, rate: 7, burst: 8}",
		"limits: 20 connections of each user or address, 30 together\n" +
			"limits of each caller: 1 session, 10000 subsessions, 2000 calls under way, 7 calls a second, 8 at once, messages of 65536 bytes\n"},
	{"limits: {all-connections: 30}", "limits: 1000 connections of each user or address, 30 together, all of which one can have\n"},
	{"answers: []", "status\nlimits: 1000 connections of each user or address, 10000 together\n" + missing + "idle:"},
	{"panel: {listen: '127.0.0.1:1'}", "panel: http://127.0.0.1:1, by links that are logged; no dialog creator asks on it\n"},
	{"panel: {listen: '127.0.0.1:1'}\nplug-ins: {creators: {0x10283694: panel}}", "10000 together\ncreator 0x10283694: panel\nidle:"},
	{"panel: {listen: '127.0.0.1:1'}\nplug-ins: {creators: {0x10283694: panel}}", ", by links that are logged\n"},
	{"plug-ins: {creators: {0x1: terminal}}", "creator 0x00000001: terminal\n" + missing},
	{"answers: [{}]", "answers of all services: don't age\n"},
	{"answers: [{server: 0x101f7f1f, service: 0x1000a00a, after: 30d}, {after: 90m, uses: 1, program: yes}, {server: 0x101f7f1f, after: 36h, uses: 100}]",
		"\nanswers of all services: for 1h30m, 1 use, for the same program\n" +
			"answers of server 0x101f7f1f: for 36h, 100 uses\n" +
			"answers of service 0x1000a00a of server 0x101f7f1f: for 30d\n"},
	{"answers:\n  - {server: 0x101f7f1f, after: 30}\n  - {service: 0x1000a00a, uses: 0}\n  - {expires: 30d}",
		"serve.yaml:9:33: after is a time of at least a second, and at most 36500d, such as 30d, 12h or 90m\n" +
			"     hint: a time has its unit behind it: write 30d\n" +
			"ups: serve.yaml:10:33: uses is at least 1\n" +
			"     hint: for any number of uses leave it out\n" +
			"ups: serve.yaml:11:6: an entry of answers has no key \"expires\"\n" +
			"     hint: the keys are after, program, server, service, uses\n"},
}

func TestServeCheck(t *testing.T) {
	for _, c := range serveChecks {
		out, err := processOf(t, serverFolder(t, c.config+"\n"), "ups", "serve", "--check", "--config", "serve.yaml").CombinedOutput()
		if !strings.Contains(string(out), c.want) || strings.Contains(c.want, "hint:") != (err != nil) {
			t.Errorf("%s\nit says, %v,\n%s\nwithout\n%s", c.config, err, out, c.want)
		}
	}
}

// What policies that ask need, and the configuration doesn't have, is said once, with
// the first of them.
func TestServeCheckPlugIns(t *testing.T) {
	dir := serverFolder(t, "plug-ins: {evaluators: {0x20012012: destination}, creators: {0x10283694: terminal, 0x20012001: terminal}}\n")
	sources, err := filepath.Abs("../../examples/handset")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := processOf(t, dir, "ups", "compile", "-d", "policies", sources).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	out, err := processOf(t, dir, "ups", "serve", "--check", "--config", "serve.yaml").CombinedOutput()
	var got []string
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, ": missing, ") {
			got = append(got, line)
		}
	}
	want := []string{
		"evaluator 0x20012011: missing, so that requests of policy 2 of ups_20020001_20020011.rsc, and of 5 more fail\n",
		"creator 0x20012002: missing, so that requests of policy 2 of ups_20020001_20020011.rsc, and of 3 more fail\n",
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v: %s\nwant %q, have %q", err, out, want, got)
	}
}

// That the connections need more files than the process may have is said when the
// configuration is checked, and when the server starts, which here ends by itself.
func TestServeTooFewFiles(t *testing.T) {
	dir := serverFolder(t, "idle: 100ms\n")
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(exe, filepath.Join(dir, "ups")); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"--check": "limits: a process may have 200 files open here, which is too few for them (ulimit -n, ",
		"":        `msg="this process may have too few files open for all-connections" files=200 hint="ulimit -n, `,
	} {
		cmd := exec.Command("/bin/sh", "-c", "ulimit -n 200; exec ./ups serve --config serve.yaml "+args)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), want) {
			t.Errorf("%v: %s\nwithout %s", err, out, want)
		}
	}
}

// wrongStarts has what is said of a server that can't be started, in a folder where
// something has changed in the configuration.
var wrongStarts = []struct{ args, change, to, want string }{
	{"--config none.yaml", "", "", "none.yaml: no such file or directory\n     hint: --config FILE names another configuration; "},
	{"serve.yaml", "", "", "and this is one: serve.yaml\n     hint: write --config serve.yaml\n"},
	{"--config serve.yaml", "rom: policies", "rom: nowhere",
		"serve.yaml:2:17: nowhere: no such file or directory\n     hint: ups compile -d nowhere SOURCE... makes them of sources\n"},
	{"--config serve.yaml", "decisions.db", "no/such.db", "serve.yaml:3:12: no/such.db: there is no folder no\n"},
	{"--config serve.yaml", "decisions.db", "serve.yaml", "serve.yaml: not a decision database: the file does not begin as a SQLite database does\n"},
	{"--config serve.yaml", "ups.sock", "serve.yaml", "there is a file that is no socket\n     hint: remove it, or listen on another path\n"},
}

// What keeps a server from starting is said with what to do about it, and --check says
// the same.
func TestServeWrongStarts(t *testing.T) {
	for _, c := range wrongStarts {
		dir := serverFolder(t, "")
		path := filepath.Join(dir, "serve.yaml")
		writeSource(t, path, strings.Replace(read(t, path), c.change, c.to, 1))
		for _, args := range []string{c.args, "--check " + c.args} {
			out, err := processOf(t, dir, "ups", strings.Fields("serve "+args)...).CombinedOutput()
			if err == nil || !strings.Contains(string(out), c.want) {
				t.Errorf("%s, %s: it says, %v,\n%s\nwithout\n%s", args, c.to, err, out, c.want)
			}
		}
	}
}

// A server says what is wrong with its policies before somebody asks for them, and that
// it has none.
func TestServeReadsPolicies(t *testing.T) {
	for name, c := range map[string]struct {
		change func(policies string) error
		want   []string
	}{
		"faulty": {
			func(policies string) error {
				return os.WriteFile(filepath.Join(policies, "ups_101f7f1f_1000a00b.rsc"), []byte("nonsense"), 0o600)
			},
			[]string{"bad policy file: offset 8 of the file: UIDs: ends too early", `msg="policies read" usable=1 faulty=1`},
		},
		"none": {
			func(policies string) error { return os.Remove(filepath.Join(policies, "ups_101f7f1f_1000a00a.rsc")) },
			[]string{`msg="there are no policies" folder=policies hint="ups compile -d policies `},
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := serverFolder(t, "")
			if err := c.change(filepath.Join(dir, "policies")); err != nil {
				t.Fatal(err)
			}
			p := startServer(t, dir, nil)
			for _, want := range c.want {
				p.Logs(want)
			}
		})
	}
}
