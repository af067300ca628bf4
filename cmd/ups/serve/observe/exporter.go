package observe

import (
	"context"
	"log/slog"

	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// exporter sends spans, and says when they begin to be lost, and when they are not any
// more. It is used by one goroutine at a time.
type exporter struct {
	sdk.SpanExporter
	log     *slog.Logger
	count   func(result string, spans int)
	failing bool
}

// ExportSpans has no error for the SDK, which would write it to standard error, and
// loses the spans as well.
func (e *exporter) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	err := e.SpanExporter.ExportSpans(ctx, spans)
	switch {
	case err != nil && !e.failing:
		e.log.Warn("traces can't be sent", "error", err)
	case err == nil && e.failing:
		e.log.Info("traces are sent again")
	}
	e.failing = err != nil
	if err != nil {
		e.count("failed", len(spans))
	} else {
		e.count("sent", len(spans))
	}
	return nil
}

// counter counts the spans that are made. Those that are neither sent nor failed wait,
// or have been dropped.
type counter struct {
	count func(result string, spans int)
}

func (c counter) OnEnd(sdk.ReadOnlySpan)                   { c.count("made", 1) }
func (counter) OnStart(context.Context, sdk.ReadWriteSpan) {}
func (counter) Shutdown(context.Context) error             { return nil }
func (counter) ForceFlush(context.Context) error           { return nil }
