package observe

import (
	"fmt"
	"math/rand/v2"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// sampler traces a fraction of the requests, from 0 to 1. It draws for each of them: the
// SDK's own goes by the identity of the trace, which callers choose.
type sampler struct{ fraction float64 }

// ShouldSample implements sdk.Sampler.
func (s sampler) ShouldSample(p sdk.SamplingParameters) sdk.SamplingResult {
	decision := sdk.Drop
	if rand.Float64() < s.fraction {
		decision = sdk.RecordAndSample
	}
	return sdk.SamplingResult{Decision: decision, Tracestate: trace.SpanContextFromContext(p.ParentContext).TraceState()}
}

// Description implements sdk.Sampler.
func (s sampler) Description() string { return fmt.Sprintf("drawn, %g", s.fraction) }
