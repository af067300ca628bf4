// Package observe shows what ups serve does: metrics, which Prometheus reads, and a
// log of decisions. What it counts belongs to a Metrics, and nothing to the package.
package observe

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	goruntime "runtime"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// Metrics counts what the service does. All labels have
// values of the program's own: nothing that a caller, a plug-in or a policy says becomes
// one, so that nobody can make them many.
type Metrics struct {
	registry *prometheus.Registry

	requests   *prometheus.CounterVec   // by source and answer
	durations  *prometheus.HistogramVec // by source
	errors     *prometheus.CounterVec   // by code
	expired    *prometheus.CounterVec   // by reason
	waiting    prometheus.Gauge
	sessions   prometheus.Gauge
	calls      *prometheus.HistogramVec // of plug-ins, by kind, call and result
	prompts    prometheus.Histogram
	faults     *prometheus.CounterVec   // by what was being done
	operations *prometheus.HistogramVec // of the database, by name and result
	hits       prometheus.Counter       // of the cache
	misses     prometheus.Counter
	changes    prometheus.Counter     // of policy files
	problems   *prometheus.CounterVec // of policy files, by level
	reloads    *prometheus.CounterVec // by result
	lost       prometheus.Counter
	spans      *prometheus.CounterVec // of traces, by what became of them
}

var _ Observer = (*Metrics)(nil)

// New returns metrics of a version of the program.
func New(version string) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	to := promauto.With(m.registry)
	m.ofRequests(to)
	m.ofPlugIns(to)
	m.ofDatabase(to)
	m.ofProcess(to, version)
	m.begin()
	return m
}

func (m *Metrics) ofRequests(to promauto.Factory) {
	m.requests = to.NewCounterVec(prometheus.CounterOpts{
		Name: "ups_requests_total",
		Help: "Requests that have ended, by what decided them and the answer; error is the answer of those that failed.",
	}, []string{"source", "answer"})
	m.durations = to.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "ups_request_duration_seconds",
		Help:    "Time from a request to its answer, by what decided it.",
		Buckets: prometheus.ExponentialBuckets(10e-6, 10, 8), // 10 µs to 100 s
	}, []string{"source"})
	m.errors = to.NewCounterVec(prometheus.CounterOpts{
		Name: "ups_request_errors_total",
		Help: "Requests that failed, by the platform's name of the error.",
	}, []string{"code"})
	m.expired = to.NewCounterVec(prometheus.CounterOpts{
		Name: "ups_answers_expired_total",
		Help: "Requests for which a stored answer was found that had expired, by the reason.",
	}, []string{"reason"})
	m.waiting = to.NewGauge(prometheus.GaugeOpts{
		Name: "ups_requests_waiting",
		Help: "Requests that wait for a prompt of another one to end.",
	})
}

func (m *Metrics) ofPlugIns(to promauto.Factory) {
	m.calls = to.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "ups_plugin_call_duration_seconds",
		Help:    "Time of a call of a plug-in, by the kind of plug-in, the call and its result.",
		Buckets: prometheus.ExponentialBuckets(1e-3, 10, 6), // 1 ms to 100 s
	}, []string{"plugin", "call", "result"})
	m.prompts = to.NewHistogram(prometheus.HistogramOpts{
		Name:    "ups_prompt_duration_seconds",
		Help:    "Time for which a prompt was shown.",
		Buckets: []float64{1, 2, 5, 10, 20, 30, 60, 120, 300},
	})
}

func (m *Metrics) ofDatabase(to promauto.Factory) {
	lookups := to.NewCounterVec(prometheus.CounterOpts{
		Name: "ups_cache_lookups_total",
		Help: "Look-ups of stored answers, by whether the cache in front of the database had the answer.",
	}, []string{"result"})
	m.hits, m.misses = lookups.WithLabelValues("hit"), lookups.WithLabelValues("miss")
	m.operations = to.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "ups_database_operation_duration_seconds",
		Help:    "Time of an operation of the decision database, by the operation and its result. Look-ups that the cache answers are none.",
		Buckets: prometheus.ExponentialBuckets(10e-6, 10, 7), // 10 µs to 10 s
	}, []string{"operation", "result"})
	m.faults = to.NewCounterVec(prometheus.CounterOpts{
		Name: "ups_database_faults_total",
		Help: "Operations of the decision database that failed and without which the service went on, by what was being done.",
	}, []string{"doing"})
}

func (m *Metrics) ofProcess(to promauto.Factory, version string) {
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.sessions = to.NewGauge(prometheus.GaugeOpts{Name: "ups_sessions", Help: "Open sessions."})
	m.changes = to.NewCounter(prometheus.CounterOpts{
		Name: "ups_policy_changes_total",
		Help: "Policy files that were taken up, replaced or dropped since the server began.",
	})
	m.problems = to.NewCounterVec(prometheus.CounterOpts{
		Name: "ups_policy_problems_total",
		Help: "Problems of policy files, by how serious they are: error if requests are refused.",
	}, []string{"level"})
	m.reloads = to.NewCounterVec(prometheus.CounterOpts{
		Name: "ups_reloads_total",
		Help: "How often the server was told to read everything again; failed if something stayed as it was.",
	}, []string{"result"})
	m.lost = to.NewCounter(prometheus.CounterOpts{
		Name: "ups_decision_log_lost_total",
		Help: "Lines of the decision log that could not be written.",
	})
	m.spans = to.NewCounterVec(prometheus.CounterOpts{
		Name: "ups_trace_spans_total",
		Help: "Spans of traces that were made, sent, or failed to be sent; others wait, or were dropped since too many waited.",
	}, []string{"result"})
	to.NewGaugeVec(prometheus.GaugeOpts{
		Name: "ups_build_info",
		Help: "1, for the version of ups and of Go.",
	}, []string{"version", "go"}).WithLabelValues(version, goruntime.Version()).Set(1)
}

const (
	succeeded = "ok"
	failed    = "failed"
	cancelled = "cancelled"
)

// begin shows as 0 what is rare, since an increase from nothing isn't seen as one.
func (m *Metrics) begin() {
	for _, result := range []string{succeeded, failed} {
		m.reloads.WithLabelValues(result)
	}
	for _, level := range []slog.Level{slog.LevelError, slog.LevelWarn} {
		m.problems.WithLabelValues(nameOf(level))
	}
	for e := service.ExpiredTime; e <= service.ExpiredUnknown; e++ {
		m.expired.WithLabelValues(e.String())
	}
}

// OnOutcome is for service.Options.OnOutcome.
func (m *Metrics) OnOutcome(_ context.Context, o service.Outcome, err error) {
	source, answer := o.Source.String(), o.Decision.String()
	if err != nil {
		answer = "error"
		m.errors.WithLabelValues(cmp.Or(service.CodeName(err), "other")).Inc()
	}
	m.requests.WithLabelValues(source, answer).Inc()
	m.durations.WithLabelValues(source).Observe(o.Duration.Seconds())
	if o.Expired != service.NotExpired {
		m.expired.WithLabelValues(o.Expired.String()).Inc()
	}
}

// Waiting is that of service.Metrics.
func (m *Metrics) Waiting(requests int) { m.waiting.Set(float64(requests)) }

// Sessions is that of service.Metrics.
func (m *Metrics) Sessions(open int) { m.sessions.Set(float64(open)) }

// PlugIn is that of service.Metrics.
func (m *Metrics) PlugIn(_ context.Context, c service.PlugInCall) {
	m.calls.WithLabelValues(c.Kind, c.Call, result(c.Err)).Observe(c.Duration.Seconds())
	if c.Call == "display" {
		m.prompts.Observe(c.Duration.Seconds())
	}
}

// result says how a call of a plug-in ended.
func result(err error) string {
	switch {
	case err == nil:
		return succeeded
	case errors.Is(err, service.ErrPlugInTime):
		return "late"
	case errors.Is(err, context.Canceled), errors.Is(err, service.ErrClosed):
		return cancelled
	}
	return failed
}

// Lookup is for sqlite.Options.OnLookup.
func (m *Metrics) Lookup(hit bool) {
	if hit {
		m.hits.Inc()
	} else {
		m.misses.Inc()
	}
}

// Operation is for sqlite.Options.OnOperation.
func (m *Metrics) Operation(_ context.Context, o decision.Operation) {
	m.operations.WithLabelValues(o.Name, outcome(o.Err)).Observe(o.Duration.Seconds())
}

// outcome says how an operation of the database ended: refused if there is nothing
// wrong with the database.
func outcome(err error) string {
	switch {
	case err == nil:
		return succeeded
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return cancelled
	case errors.Is(err, decision.ErrNotFound), errors.Is(err, decision.ErrInvalidRecord), errors.Is(err, decision.ErrInvalidFilter):
		return "refused"
	}
	return failed
}

// Fault is that of service.Metrics.
func (m *Metrics) Fault(doing string, _ error) { m.faults.WithLabelValues(doing).Inc() }

// Reloaded counts that the server was told to read everything again.
func (m *Metrics) Reloaded(whole bool) {
	if whole {
		m.reloads.WithLabelValues(succeeded).Inc()
	} else {
		m.reloads.WithLabelValues(failed).Inc()
	}
}

// PolicyChanges is for runtime.Store.Subscribe.
func (m *Metrics) PolicyChanges(changes []runtime.Change, _ *runtime.Snapshot) {
	m.changes.Add(float64(len(changes)))
}

// PolicyProblem counts a problem of a policy file.
func (m *Metrics) PolicyProblem(p runtime.Problem) { m.problems.WithLabelValues(nameOf(p.Level)).Inc() }

func nameOf(l slog.Level) string { return strings.ToLower(l.String()) }

// Lost counts a line of the decision log that could not be written.
func (m *Metrics) Lost() { m.lost.Inc() }

// Spans is for TraceOptions.Count.
func (m *Metrics) Spans(result string, spans int) {
	m.spans.WithLabelValues(result).Add(float64(spans))
}
