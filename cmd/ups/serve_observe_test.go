package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ups/runtime/client"
)

// scrape returns the metrics of a server that has them on the socket metrics.sock.
func (p *serverProcess) scrape() string {
	p.Helper()
	c := http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", filepath.Join(p.Dir, "metrics.sock"))
		},
	}}
	r, err := c.Get("http://ups/metrics")
	if err != nil {
		p.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		p.Fatal(err)
	}
	return string(b)
}

// counts checks lines of the metrics.
func (p *serverProcess) counts(want ...string) {
	p.Helper()
	got := p.scrape()
	for _, line := range want {
		if !strings.Contains(got, "\n"+line+"\n") {
			p.Errorf("no %s in\n%s", line, got)
		}
	}
}

// decisions returns the lines of a decision log.
func (p *serverProcess) decisions(name string) (all []map[string]any) {
	p.Helper()
	for line := range strings.Lines(read(p.T, filepath.Join(p.Dir, name))) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			p.Errorf("%s: %v", line, err)
		}
		all = append(all, m)
	}
	return all
}

const observed = "metrics: {listen: unix:metrics.sock}\n"

func TestServeObserved(t *testing.T) {
	p := startServer(t, serverFolder(t, observed+"decision-log: {file: decisions.jsonl, mask: [client, destination]}\n"), nil)
	p.authorise("112", "DECISION_YES")
	p.authorise("112", "DECISION_YES")
	p.authorise("+44091", "DECISION_NO")
	p.authorise("+44791", "KErrUpsMissingDialogCreator")
	p.counts(
		`ups_requests_total{answer="yes",source="silent"} 2`,
		`ups_requests_total{answer="no",source="silent"} 1`,
		`ups_requests_total{answer="error",source="none"} 1`,
		`ups_request_errors_total{code="KErrUpsMissingDialogCreator"} 1`,
		`ups_request_duration_seconds_count{source="silent"} 3`,
		`ups_reloads_total{result="ok"} 0`,
		`ups_database_operation_duration_seconds_count{operation="lookup",result="ok"} 1`, // before the creator is missed
	)
	log := filepath.Join(p.Dir, "decisions.jsonl")
	if info, err := os.Stat(log); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := os.Rename(log, log+".1"); err != nil {
		t.Fatal(err)
	}
	p.HangUp()
	p.authorise("112", "DECISION_YES")
	path := filepath.Join(p.Dir, "serve.yaml")
	writeSource(t, path, read(t, path)+"nonsense: 1\n")
	p.HangUp()
	p.counts(`ups_reloads_total{result="ok"} 1`, `ups_reloads_total{result="failed"} 1`)

	var got []string
	for _, name := range []string{"decisions.jsonl.1", "decisions.jsonl"} {
		for _, m := range p.decisions(name) {
			if m["msg"] != "authorise" || m["client"] != "masked" || m["destination"] != "masked" || m["server"] != "0x101F7F1F" {
				t.Errorf("%v", m)
			}
			got = append(got, fmt.Sprint(name, " ", m["source"], " ", m["decision"]))
		}
	}
	want := []string{
		"decisions.jsonl.1 silent yes", "decisions.jsonl.1 silent yes", "decisions.jsonl.1 silent no", "decisions.jsonl.1 none no",
		"decisions.jsonl silent yes",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%q, want %q", got, want)
	}
	p.Signal(syscall.SIGTERM)
	p.Expect("STOPPING=1")
	p.Ends()
	if exists(filepath.Join(p.Dir, "metrics.sock")) {
		t.Error("the socket of the metrics is left behind")
	}
}

// A disk that is full loses lines, which is said once and counted, and no decisions.
func TestServeFullDisk(t *testing.T) {
	p := startServer(t, serverFolder(t, observed+"decision-log: {file: /dev/full}\n"), nil)
	for range 3 {
		p.authorise("112", "DECISION_YES")
	}
	p.counts("ups_decision_log_lost_total 3", `ups_requests_total{answer="yes",source="silent"} 3`)
	if n := strings.Count(p.Logged.String(), "can't be written to the decision log"); n != 1 {
		t.Errorf("it is said %d times:\n%s", n, p.Logged)
	}
}

// Sessions are counted, and a database that is damaged.
func TestServeObservedFaults(t *testing.T) {
	dir := serverFolder(t, observed)
	p := startServer(t, dir, nil)
	c, err := client.Dial(t.Context(), client.Options{Address: "unix:" + filepath.Join(dir, "ups.sock")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.counts("ups_sessions 1")
	c.Close()
	p.Signal(syscall.SIGTERM)
	p.Ends()

	path := filepath.Join(dir, "decisions.db")
	if err := os.Truncate(path, 4096); err != nil {
		t.Fatal(err)
	}
	p = startServer(t, dir, nil)
	p.counts(`ups_database_faults_total{doing="keeping the database"} 1`)
}

// Who reads the metrics doesn't keep the server.
func TestServeObservedEnds(t *testing.T) {
	p := startServer(t, serverFolder(t, observed+"idle: 500ms\n"), nil)
	c, err := net.Dial("unix", filepath.Join(p.Dir, "metrics.sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	p.counts("ups_sessions 0")
	p.Expect("STOPPING=1")
	p.Ends()
}

func TestServeCheckObserved(t *testing.T) {
	dir := serverFolder(t, "metrics: {listen: 127.0.0.1:9464}\ndecision-log: {file: log/decisions.jsonl}\n")
	check := func() (string, error) {
		out, err := processOf(t, dir, "ups", "serve", "--check", "--config", "serve.yaml").CombinedOutput()
		return string(out), err
	}
	if out, err := check(); err == nil || !strings.Contains(out, "serve.yaml:9:22: log/decisions.jsonl: there is no folder log\n") {
		t.Errorf("%v: %s", err, out)
	}
	if err := os.Mkdir(filepath.Join(dir, "log"), 0o700); err != nil {
		t.Fatal(err)
	}
	out, err := check()
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
	for _, want := range []string{"metrics: http://127.0.0.1:9464/metrics\n", "decision log: log/decisions.jsonl\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
	if exists(filepath.Join(dir, "log/decisions.jsonl")) {
		t.Error("--check has made the decision log")
	}
}
