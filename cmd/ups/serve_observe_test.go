package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"ups/runtime/client"
)

// scrape returns the metrics of a server that has them on the socket metrics.sock.
func (p *serverProcess) scrape() string {
	p.Helper()
	return p.roundTrip("metrics.sock", p.request(http.MethodGet, "metrics", ""))
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
		`ups_cache_lookups_total{result="miss"} 1`,
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
	const lost = "can't be written to the decision log"
	p.Logs(lost)
	if n := strings.Count(p.Logged.String(), lost); n != 1 {
		t.Errorf("it is said %d times:\n%s", n, p.Logged)
	}
}

// What happens to policy files is counted.
func TestServeObservedPolicies(t *testing.T) {
	p := startServer(t, serverFolder(t, observed), nil)
	p.counts(`ups_policy_changes_total 0`, `ups_policy_problems_total{level="error"} 0`)
	writeSource(t, filepath.Join(p.Dir, "policies", "ups_101f7f1f_1000a00b.rsc"), "nonsense")
	p.HangUp()
	p.authorise("112", "DECISION_YES")
	p.post("SessionService/Authorise", strings.Replace(authorising("112"), fmt.Sprint(serviceUID), fmt.Sprint(serviceUID+1), 1))
	p.counts(`ups_policy_problems_total{level="error"} 1`)
	if strings.Contains(p.scrape(), "\nups_policy_changes_total 0\n") { // the watch may have seen it half written
		t.Error("the change of a policy file isn't counted")
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

// collector takes traces, and returns the URL for them.
func collector(t *testing.T) (url string, spans <-chan *tracepb.Span) {
	t.Helper()
	got := make(chan *tracepb.Span, 100)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var sent tracepb.TracesData // as the request, in all but its name
		if err != nil || r.URL.Path != "/v1/traces" || proto.Unmarshal(body, &sent) != nil {
			t.Errorf("%s: %q, %v", r.URL, body, err)
		}
		for _, of := range sent.GetResourceSpans() {
			for _, in := range of.GetScopeSpans() {
				for _, span := range in.GetSpans() {
					got <- span
				}
			}
		}
	}))
	t.Cleanup(s.Close)
	return s.URL + "/v1/traces", got
}

// A request that names its trace is part of it, and what waits is sent when the server
// ends.
func TestServeTraces(t *testing.T) {
	url, spans := collector(t)
	p := startServer(t, serverFolder(t, observed+"traces: {endpoint: '"+url+"', mask: [destination]}\n"), nil)
	p.authorise("112", "DECISION_YES")
	r := p.request(http.MethodPost, "ups.v1.SessionService/Authorise", authorising("112"))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	if got := p.roundTrip("ups.sock", r); !strings.Contains(got, "DECISION_YES") {
		t.Fatal(got)
	}
	p.counts(`ups_trace_spans_total{result="made"} 2`)
	p.Signal(syscall.SIGTERM)
	p.Ends()
	for _, parent := range []string{"", "b7ad6b7169203331"} {
		select {
		case s := <-spans:
			if s.GetName() != "authorise" || fmt.Sprintf("%x", s.GetParentSpanId()) != parent || strings.Contains(s.String(), `"112"`) {
				t.Errorf("%v, want in %q", s, parent)
			}
		default:
			t.Fatal("too few spans")
		}
	}
}

// A collector that isn't there hurts nobody, and doesn't keep the server from ending.
func TestServeNoCollector(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	p := startServer(t, serverFolder(t, observed+"traces: {endpoint: 'http://"+l.Addr().String()+"/v1/traces'}\n"), nil)
	p.authorise("112", "DECISION_YES")
	p.Signal(syscall.SIGTERM)
	p.Ends()
	if log := p.Logged.String(); !strings.Contains(log, "traces") {
		t.Errorf("nothing is said of them:\n%s", log)
	}
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
