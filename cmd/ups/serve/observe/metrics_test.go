package observe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// serve serves metrics, and returns where.
func serve(t *testing.T, m *Metrics) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := m.Server(slog.New(slog.DiscardHandler))
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return l.Addr().String()
}

func scrape(t *testing.T, m *Metrics) string {
	t.Helper()
	r, err := http.Get("http://" + serve(t, m) + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatal(r.Status, err)
	}
	return string(b)
}

func TestMetrics(t *testing.T) {
	m := New("1.2.3")
	yes := service.Outcome{Decision: policy.DecisionYes, Source: service.SourceStored, Duration: 20 * time.Microsecond}
	m.OnOutcome(context.Background(), yes, nil)
	m.OnOutcome(context.Background(), yes, nil)
	m.OnOutcome(context.Background(), service.Outcome{Source: service.SourcePrompt, Decision: policy.DecisionNo, Expired: service.ExpiredUses}, nil)
	m.OnOutcome(context.Background(), service.Outcome{}, runtime.ErrMissingDialogCreator)
	m.OnOutcome(context.Background(), service.Outcome{}, runtime.Error(-12345))
	m.Waiting(3)
	m.Waiting(2)
	m.Sessions(4)
	m.PlugIn(context.Background(), service.PlugInCall{Kind: "dialog creator", Call: "display", Duration: 7 * time.Second})
	m.PlugIn(context.Background(), service.PlugInCall{Kind: "dialog creator", Call: "display", Duration: time.Second, Err: fmt.Errorf("x: %w", service.ErrPlugInTime)})
	m.PlugIn(context.Background(), service.PlugInCall{Kind: "policy evaluator", Call: "find", Err: context.Canceled})
	m.PlugIn(context.Background(), service.PlugInCall{Kind: "policy evaluator", Call: "find", Err: errors.New("its own")})
	m.Fault("storing the answer", errors.New("disk"))
	for _, err := range []error{nil, decision.ErrNotFound, decision.ErrFull, context.DeadlineExceeded} {
		m.Operation(context.Background(), decision.Operation{Name: "store", Duration: 2 * time.Millisecond, Err: err})
	}
	m.Reloaded(true)
	m.Reloaded(false)
	m.Reloaded(false)
	m.Lost()
	m.Lookup(true)
	m.Lookup(true)
	m.Lookup(false)
	m.PolicyChanges(make([]runtime.Change, 3), nil)
	m.PolicyProblem(runtime.Problem{Level: slog.LevelWarn})
	got := scrape(t, m)
	for _, want := range []string{
		`ups_requests_total{answer="yes",source="stored"} 2`,
		`ups_requests_total{answer="no",source="prompt"} 1`,
		`ups_requests_total{answer="error",source="none"} 2`,
		`ups_request_errors_total{code="KErrUpsMissingDialogCreator"} 1`,
		`ups_request_errors_total{code="other"} 1`,
		`ups_request_duration_seconds_bucket{source="stored",le="1e-05"} 0`,
		`ups_request_duration_seconds_count{source="stored"} 2`,
		`ups_answers_expired_total{reason="uses"} 1`,
		`ups_answers_expired_total{reason="time"} 0`,
		`ups_requests_waiting 2`,
		`ups_sessions 4`,
		`ups_plugin_call_duration_seconds_count{call="display",plugin="dialog creator",result="ok"} 1`,
		`ups_plugin_call_duration_seconds_count{call="display",plugin="dialog creator",result="late"} 1`,
		`ups_plugin_call_duration_seconds_count{call="find",plugin="policy evaluator",result="cancelled"} 1`,
		`ups_plugin_call_duration_seconds_count{call="find",plugin="policy evaluator",result="failed"} 1`,
		`ups_prompt_duration_seconds_bucket{le="5"} 1`,
		`ups_prompt_duration_seconds_sum 8`,
		`ups_database_faults_total{doing="storing the answer"} 1`,
		`ups_database_operation_duration_seconds_sum{operation="store",result="ok"} 0.002`,
		`ups_database_operation_duration_seconds_count{operation="store",result="refused"} 1`,
		`ups_database_operation_duration_seconds_count{operation="store",result="failed"} 1`,
		`ups_database_operation_duration_seconds_count{operation="store",result="cancelled"} 1`,
		`ups_reloads_total{result="ok"} 1`,
		`ups_reloads_total{result="failed"} 2`,
		`ups_decision_log_lost_total 1`,
		`ups_cache_lookups_total{result="hit"} 2`,
		`ups_cache_lookups_total{result="miss"} 1`,
		`ups_policy_changes_total 3`,
		`ups_policy_problems_total{level="warn"} 1`,
		`ups_policy_problems_total{level="error"} 0`,
	} {
		if !strings.Contains(got, "\n"+want+"\n") {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if !strings.Contains(got, "\ngo_goroutines ") {
		t.Error("nothing is said of the process")
	}
	if !strings.Contains(got, `version="1.2.3"} 1`) {
		t.Errorf("no version in\n%s", got)
	}
}

// What callers say makes no series: neither many nor telling ones.
func TestNothingOfCallers(t *testing.T) {
	m := New("")
	for i := range uint32(1000) {
		o := service.Outcome{Entity: fmt.Sprint("entity", i)}
		o.Server, o.Service, o.Client.SID, o.Destination = i, i, i, fmt.Sprint("destination", i)
		m.OnOutcome(context.Background(), o, fmt.Errorf("error %d", i))
		m.PlugIn(context.Background(), service.PlugInCall{Kind: "policy evaluator", Call: "find", UID: i, Err: fmt.Errorf("error %d", i)})
	}
	if n := strings.Count(scrape(t, m), "\nups_"); n > 50 {
		t.Errorf("%d lines", n)
	}
}

// Two of them share nothing.
func TestNoSharedState(t *testing.T) {
	one, other := New(""), New("")
	one.Sessions(5)
	if got := scrape(t, other); !strings.Contains(got, "\nups_sessions 0\n") {
		t.Error(got)
	}
}

func TestOnlyMetrics(t *testing.T) {
	at := "http://" + serve(t, New(""))
	for path, want := range map[string]int{"/": 404, "/metrics/x": 404, "/debug/pprof/": 404, "/metrics": 200} {
		r, err := http.Get(at + path)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != want {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
	r, err := http.Post(at+"/metrics", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %s", r.Status)
	}
}

// What a silent decision costs more where it is counted.
func BenchmarkOnOutcome(b *testing.B) {
	m := New("")
	o := service.Outcome{Decision: policy.DecisionYes, Source: service.SourceSilent, Duration: time.Microsecond}
	b.ReportAllocs()
	for b.Loop() {
		m.OnOutcome(context.Background(), o, nil)
	}
}
