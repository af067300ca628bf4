package observe

import (
	"context"

	"ups/runtime/decision"
	"ups/runtime/service"
)

// Observer is told what the service and its database do.
type Observer interface {
	service.Metrics
	// OnOutcome is for service.Options.OnOutcome.
	OnOutcome(context.Context, service.Outcome, error)
	// Operation is for sqlite.Options.OnOperation.
	Operation(context.Context, decision.Operation)
}

// Observers is an Observer that tells each of them.
type Observers []Observer

func (all Observers) OnOutcome(ctx context.Context, o service.Outcome, err error) {
	for _, to := range all {
		to.OnOutcome(ctx, o, err)
	}
}

func (all Observers) Operation(ctx context.Context, o decision.Operation) {
	for _, to := range all {
		to.Operation(ctx, o)
	}
}

func (all Observers) PlugIn(ctx context.Context, c service.PlugInCall) {
	for _, to := range all {
		to.PlugIn(ctx, c)
	}
}

func (all Observers) Waiting(requests int) {
	for _, to := range all {
		to.Waiting(requests)
	}
}

func (all Observers) Sessions(open int) {
	for _, to := range all {
		to.Sessions(open)
	}
}

func (all Observers) Fault(doing string, err error) {
	for _, to := range all {
		to.Fault(doing, err)
	}
}
