package observe

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"ups/runtime/decision"
	"ups/runtime/service"
)

// TraceOptions say where traces go and what they say. Endpoint and Log are required.
type TraceOptions struct {
	Endpoint string  // URL that takes OTLP over HTTP
	Sample   float64 // how many of the requests are traced: from 0, none, to 1, all
	Mask     service.Mask
	Version  string // of the program
	Log      *slog.Logger
	// Count is told how many spans are made, sent and lost on the way; it may be nil.
	Count func(result string, spans int)
}

// Traces makes a trace of a request: a span from its beginning to its answer, and in
// it one for each call of a plug-in and each operation of the database.
type Traces struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
	mask     service.Mask
	log      *slog.Logger
}

var _ Observer = (*Traces)(nil)

// waitingSpans is how many spans may wait to be sent: what is more is dropped.
const waitingSpans = 8192

// NewTraces begins to make traces. Nothing is sent before there is one.
func NewTraces(ctx context.Context, opt TraceOptions) (*Traces, error) {
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(opt.Endpoint))
	if err != nil {
		return nil, err
	}
	return newTraces(exporter, opt), nil
}

func newTraces(to sdk.SpanExporter, opt TraceOptions) *Traces {
	if opt.Count == nil {
		opt.Count = func(string, int) {}
	}
	counted := &exporter{SpanExporter: to, log: opt.Log, count: opt.Count}
	// Which requests are traced is not up to those who ask.
	sampled := sampler{opt.Sample}
	provider := sdk.NewTracerProvider(
		sdk.WithBatcher(counted, sdk.WithMaxQueueSize(waitingSpans)),
		sdk.WithSpanProcessor(counter{opt.Count}),
		sdk.WithSampler(sdk.ParentBased(sampled, sdk.WithRemoteParentSampled(sampled), sdk.WithRemoteParentNotSampled(sampled))),
		sdk.WithResource(resource.NewSchemaless(attribute.String("service.name", "ups"), attribute.String("service.version", opt.Version))),
	)
	return &Traces{provider, provider.Tracer("ups"), opt.Mask, opt.Log}
}

// Handler makes requests of next parts of the traces that their headers name
// (traceparent, by the W3C).
func (t *Traces) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// OnRequest is for service.Options.OnRequest.
func (t *Traces) OnRequest(ctx context.Context) context.Context {
	ctx, _ = t.tracer.Start(ctx, "authorise", trace.WithSpanKind(trace.SpanKindServer))
	return ctx
}

// OnOutcome ends the span that OnRequest began.
func (t *Traces) OnOutcome(ctx context.Context, o service.Outcome, err error) {
	span := trace.SpanFromContext(ctx)
	defer span.End()
	if !span.IsRecording() {
		return
	}
	logged := o.Attrs(t.mask, err)
	attrs := make([]attribute.KeyValue, 0, len(logged))
	for _, a := range logged {
		if a.Key != service.ErrorKey { // its text may be a plug-in's
			attrs = append(attrs, attributeOf(a))
		}
	}
	span.SetAttributes(attrs...)
	if err != nil {
		span.SetStatus(codes.Error, service.CodeName(err))
	}
}

// attributeOf returns what a log says as an attribute of a span.
func attributeOf(a slog.Attr) attribute.KeyValue {
	key := attribute.Key("ups." + a.Key)
	switch v := a.Value; v.Kind() {
	case slog.KindBool:
		return key.Bool(v.Bool())
	case slog.KindInt64:
		return key.Int64(v.Int64())
	case slog.KindDuration:
		return key.Int64(int64(v.Duration()))
	default:
		return key.String(strings.ToValidUTF8(v.String(), "\uFFFD")) // else nothing of what is sent with it is taken
	}
}

// PlugIn makes a span of the call of a plug-in.
func (t *Traces) PlugIn(ctx context.Context, c service.PlugInCall) {
	t.ended(ctx, c.Kind+" "+c.Call, c.Duration, result(c.Err), attribute.String("ups.plugin", fmt.Sprintf("0x%08X", c.UID)))
}

// Operation makes a span of an operation of the database.
func (t *Traces) Operation(ctx context.Context, o decision.Operation) {
	t.ended(ctx, "database "+o.Name, o.Duration, outcome(o.Err))
}

// ended makes a span of what has ended now, in that of the request. The errors of
// others have texts that may hold what is masked, so their spans have none.
func (t *Traces) ended(ctx context.Context, name string, took time.Duration, result string, attrs ...attribute.KeyValue) {
	if !trace.SpanFromContext(ctx).IsRecording() {
		return
	}
	end := time.Now()
	_, span := t.tracer.Start(ctx, name, trace.WithTimestamp(end.Add(-took)), trace.WithAttributes(attrs...))
	if result != succeeded {
		span.SetStatus(codes.Error, result)
	}
	span.End(trace.WithTimestamp(end))
}

// Waiting, Sessions and Fault are of no request.

func (t *Traces) Waiting(int)         {}
func (t *Traces) Sessions(int)        {}
func (t *Traces) Fault(string, error) {}

// Close sends what waits, until ctx is done. What is lost then is logged, and no error:
// nothing depends on it.
func (t *Traces) Close(ctx context.Context) {
	if err := t.provider.Shutdown(ctx); err != nil {
		t.log.Warn("the last traces are lost", "error", err)
	}
}
