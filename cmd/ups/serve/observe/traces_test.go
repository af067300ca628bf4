package observe

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// traced is what a test sees of traces.
type traced struct {
	*Traces
	spans *tracetest.InMemoryExporter
	log   bytes.Buffer
	count map[string]int
}

func newTraced(t *testing.T, opt TraceOptions) *traced {
	t.Helper()
	g := &traced{spans: tracetest.NewInMemoryExporter(), count: map[string]int{}}
	opt.Log = slog.New(slog.NewTextHandler(&g.log, nil))
	opt.Count = func(result string, n int) { g.count[result] += n }
	g.Traces = newTraces(kept{g.spans}, opt)
	return g
}

// kept are spans that outlive what sends them.
type kept struct{ *tracetest.InMemoryExporter }

func (kept) Shutdown(context.Context) error { return nil }

// ended closes the traces and returns the spans, in the order of their names.
func (g *traced) ended(t *testing.T) tracetest.SpanStubs {
	t.Helper()
	g.Close(t.Context())
	all := g.spans.GetSpans()
	slices.SortFunc(all, func(a, b tracetest.SpanStub) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func asked() service.Outcome {
	o := service.Outcome{Decision: policy.DecisionYes, Source: service.SourcePrompt, Duration: time.Second}
	o.Server, o.Destination, o.Client.SID = 0x101F7F1F, "+44791", 0x20001234
	return o
}

// A request is a span, and what is done for it are spans in it, from when they began.
func TestTraces(t *testing.T) {
	g := newTraced(t, TraceOptions{Sample: 1, Mask: service.MaskDestination, Version: "1.2.3"})
	ctx := g.OnRequest(t.Context())
	g.Operation(ctx, decision.Operation{Name: "lookup", Duration: time.Millisecond})
	g.PlugIn(ctx, service.PlugInCall{Kind: "dialog creator", Call: "display", UID: 0xA, Duration: time.Minute, Err: fmt.Errorf("+44791: %w", service.ErrPlugInTime)})
	g.OnOutcome(ctx, asked(), nil)
	all := g.ended(t)
	if len(all) != 3 {
		t.Fatalf("%d spans", len(all))
	}
	request, lookup, display := all[0], all[1], all[2]
	if request.Name != "authorise" || lookup.Name != "database lookup" || display.Name != "dialog creator display" {
		t.Errorf("%s, %s, %s", request.Name, lookup.Name, display.Name)
	}
	for _, in := range all[1:] {
		if in.Parent.SpanID() != request.SpanContext.SpanID() || in.SpanContext.TraceID() != request.SpanContext.TraceID() {
			t.Errorf("%s isn't in the request", in.Name)
		}
	}
	if took := display.EndTime.Sub(display.StartTime); took != time.Minute || time.Since(display.EndTime) > time.Minute {
		t.Errorf("%v, until %v", took, display.EndTime)
	}
	if display.Status.Code != codes.Error || display.Status.Description != "late" || lookup.Status.Code != codes.Unset {
		t.Errorf("%+v, %+v", display.Status, lookup.Status)
	}
	for _, want := range []attribute.KeyValue{
		attribute.String("ups.server", "0x101F7F1F"), attribute.String("ups.client", "0x20001234"), attribute.Bool("ups.passed", false),
		attribute.String("ups.destination", "masked"), attribute.String("ups.source", "prompt"), attribute.Int64("ups.duration", int64(time.Second)),
	} {
		if !slices.Contains(request.Attributes, want) {
			t.Errorf("no %v in %v", want, request.Attributes)
		}
	}
	if text := fmt.Sprintf("%+v", all); strings.Contains(text, "+44791") {
		t.Error("what is masked is in the spans: " + text)
	}
	if got := request.Resource.String(); got != "service.name=ups,service.version=1.2.3" {
		t.Error(got)
	}
	if fmt.Sprint(g.count) != "map[made:3 sent:3]" {
		t.Error(g.count)
	}
}

func TestTraceOfError(t *testing.T) {
	g := newTraced(t, TraceOptions{Sample: 1})
	secret := fmt.Errorf("what a plug-in says: %w", runtime.ErrMissingDialogCreator)
	g.OnOutcome(g.OnRequest(t.Context()), service.Outcome{}, secret)
	all := g.ended(t)
	if text := fmt.Sprintf("%+v", all); strings.Contains(text, "plug-in says") {
		t.Error("the text of an error is in the span: " + text)
	}
	if len(all) != 1 || all[0].Status.Code != codes.Error || all[0].Status.Description != "KErrUpsMissingDialogCreator" {
		t.Errorf("%+v", all)
	}
}

// What happens outside requests, and in those that aren't sampled, makes no span:
// whatever the caller says of its own trace.
func TestNoTraces(t *testing.T) {
	g := newTraced(t, TraceOptions{Sample: 1})
	g.Operation(t.Context(), decision.Operation{Name: "purge"})
	if all := g.ended(t); len(all) != 0 {
		t.Errorf("%+v", all)
	}
	g = newTraced(t, TraceOptions{Sample: 0})
	h := g.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		ctx := g.OnRequest(r.Context())
		g.Operation(ctx, decision.Operation{Name: "lookup"})
		g.OnOutcome(ctx, asked(), nil)
	}))
	r := httptest.NewRequest("POST", "/", nil)
	r.Header.Set("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	h.ServeHTTP(httptest.NewRecorder(), r)
	if all := g.ended(t); len(all) != 0 {
		t.Errorf("%+v", all)
	}
}

// Nor does the caller choose the identity of a trace so that it is sampled, or isn't.
func TestCallersDontChooseTheSample(t *testing.T) {
	for _, id := range []string{"0af7651916cd43dd0000000000000001", "0af7651916cd43ddffffffffffffffff"} {
		s := sampler{0.5}
		traceID, err := trace.TraceIDFromHex(id)
		if err != nil {
			t.Fatal(err)
		}
		sampled := 0
		for range 1000 {
			if s.ShouldSample(sdk.SamplingParameters{ParentContext: t.Context(), TraceID: traceID}).Decision == sdk.RecordAndSample {
				sampled++
			}
		}
		if sampled < 350 || sampled > 650 { // less often than once in 10^20
			t.Errorf("%s: %d of 1000", id, sampled)
		}
	}
}

// An entity is bytes, and a span holds UTF-8.
func TestTraceOfBytes(t *testing.T) {
	g := newTraced(t, TraceOptions{Sample: 1})
	o := asked()
	o.Entity = "a\xff"
	g.OnOutcome(g.OnRequest(t.Context()), o, nil)
	if all := g.ended(t); len(all) != 1 || !slices.Contains(all[0].Attributes, attribute.String("ups.entity", "a\uFFFD")) {
		t.Errorf("%+v", all)
	}
}

// A request belongs to the trace of who asks.
func TestTraceParent(t *testing.T) {
	g := newTraced(t, TraceOptions{Sample: 1})
	h := g.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { g.OnOutcome(g.OnRequest(r.Context()), asked(), nil) }))
	r := httptest.NewRequest("POST", "/", nil)
	r.Header.Set("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")
	h.ServeHTTP(httptest.NewRecorder(), r)
	all := g.ended(t)
	if len(all) != 1 || all[0].Parent.SpanID().String() != "b7ad6b7169203331" || all[0].SpanContext.TraceID().String() != "0af7651916cd43dd8448eb211c80319c" {
		t.Errorf("%+v", all)
	}
}

// broken takes no spans.
type broken struct {
	sdk.SpanExporter
	err error
}

func (b *broken) ExportSpans(context.Context, []sdk.ReadOnlySpan) error { return b.err }

// That traces can't be sent is said once, and once that they can again.
func TestExporter(t *testing.T) {
	var log bytes.Buffer
	count := map[string]int{}
	to := &broken{err: errors.New("no collector")}
	e := &exporter{SpanExporter: to, log: slog.New(slog.NewTextHandler(&log, nil)), count: func(result string, n int) { count[result] += n }}
	send := func() {
		if err := e.ExportSpans(t.Context(), make([]sdk.ReadOnlySpan, 2)); err != nil {
			t.Error(err)
		}
	}
	send()
	send()
	to.err = nil
	send()
	if text := log.String(); strings.Count(text, "can't be sent") != 1 || strings.Count(text, "sent again") != 1 || fmt.Sprint(count) != "map[failed:4 sent:2]" {
		t.Errorf("%v\n%s", count, text)
	}
}

// stuck takes spans and doesn't return before it is released.
type stuck struct {
	sdk.SpanExporter
	released chan struct{}
}

func (s stuck) ExportSpans(context.Context, []sdk.ReadOnlySpan) error {
	<-s.released
	return nil
}

// What is lost at the end is said, and nothing where nothing is.
func TestEndOfTraces(t *testing.T) {
	g := newTraced(t, TraceOptions{Sample: 1})
	g.OnOutcome(g.OnRequest(t.Context()), asked(), nil)
	if g.ended(t); g.log.Len() != 0 {
		t.Errorf("all are sent, and it is said that %s", g.log.String())
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	to := stuck{tracetest.NewNoopExporter(), make(chan struct{})}
	defer close(to.released)
	var log bytes.Buffer
	late := newTraces(to, TraceOptions{Sample: 1, Log: slog.New(slog.NewTextHandler(&log, nil))})
	late.OnOutcome(late.OnRequest(t.Context()), asked(), nil)
	if late.Close(ended); strings.Count(log.String(), "the last traces are lost") != 1 {
		t.Errorf("none is sent, and it is said that %s", log.String())
	}
}

// Traces can be made that nobody counts, but not by who has given up.
func TestNewTraces(t *testing.T) {
	opt := TraceOptions{Endpoint: "http://127.0.0.1:1/v1/traces", Log: slog.New(slog.DiscardHandler), Sample: 1}
	g, err := NewTraces(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	g.OnOutcome(g.OnRequest(t.Context()), asked(), nil)
	g.Close(ended)
	if g, err := NewTraces(ended, opt); g != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", g, err)
	}
}

// All of several observers are told all.
func TestObservers(t *testing.T) {
	one, other := New(""), New("")
	all := Observers{one, other}
	ctx := t.Context()
	all.OnOutcome(ctx, asked(), nil)
	all.Operation(ctx, decision.Operation{Name: "lookup"})
	all.PlugIn(ctx, service.PlugInCall{Kind: "dialog creator", Call: "display"})
	all.Waiting(2)
	all.Sessions(3)
	all.Fault("storing the answer", nil)
	for _, m := range []*Metrics{one, other} {
		got := scrape(t, m)
		for _, want := range []string{
			`ups_requests_total{answer="yes",source="prompt"} 1`, `ups_database_operation_duration_seconds_count{operation="lookup",result="ok"} 1`,
			"ups_prompt_duration_seconds_count 1", "ups_requests_waiting 2", "ups_sessions 3", `ups_database_faults_total{doing="storing the answer"} 1`,
		} {
			if !strings.Contains(got, "\n"+want+"\n") {
				t.Errorf("no %s in\n%s", want, got)
			}
		}
	}
}

// What a request costs more where it is traced, and where it isn't sampled.
func BenchmarkTraces(b *testing.B) {
	for _, sample := range []float64{0, 1} {
		b.Run(fmt.Sprint(sample), func(b *testing.B) {
			g := newTraces(tracetest.NewNoopExporter(), TraceOptions{Sample: sample, Log: slog.New(slog.DiscardHandler)})
			defer g.Close(context.Background())
			o := asked()
			b.ReportAllocs()
			for b.Loop() {
				g.OnOutcome(g.OnRequest(context.Background()), o, nil)
			}
		})
	}
}
