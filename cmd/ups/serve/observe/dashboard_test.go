package observe

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ups/runtime/decision"
	"ups/runtime/service"
)

// used makes each metric have a value.
func used(m *Metrics) {
	m.OnOutcome(context.Background(), service.Outcome{Source: service.SourcePrompt, Expired: service.ExpiredTime}, service.ErrClosed)
	m.PlugIn(context.Background(), service.PlugInCall{Kind: "dialog creator", Call: "display", Duration: time.Second})
	m.Fault("storing the answer", nil)
	m.Spans("made", 1)
	m.Operation(context.Background(), decision.Operation{Name: "store"})
}

// kinds returns the names of the metrics of ups, and whether each is a histogram.
func kinds(t *testing.T) map[string]bool {
	t.Helper()
	m := New("1.2.3")
	used(m)
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, f := range families {
		if strings.HasPrefix(f.GetName(), "ups_") {
			all[f.GetName()] = f.GetMetric()[0].GetHistogram() != nil
		}
	}
	return all
}

// queries returns those of the dashboard.
func queries(t *testing.T) (all []string) {
	t.Helper()
	text, err := os.ReadFile("../../../../dist/grafana.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		t.Fatal(err)
	}
	for _, p := range dashboard.Panels {
		if p.Title == "" || len(p.Targets) == 0 {
			t.Errorf("%+v shows nothing", p)
		}
		for _, target := range p.Targets {
			all = append(all, target.Expr)
		}
	}
	return all
}

// The dashboard shows the metrics that there are, and all of them.
func TestDashboard(t *testing.T) {
	exposed, name := kinds(t), regexp.MustCompile(`\bups_\w+`)
	shown := map[string]bool{}
	for _, q := range queries(t) {
		names := name.FindAllString(q, -1)
		if len(names) == 0 && !strings.HasPrefix(q, "process_") {
			t.Errorf("%q is about no metric", q)
		}
		for _, series := range names {
			metric := metricOf(series, exposed)
			if _, is := exposed[metric]; !is {
				t.Errorf("%q: there is no %s", q, series)
			}
			shown[metric] = true
		}
	}
	for _, metric := range slices.Sorted(maps.Keys(exposed)) {
		if !shown[metric] {
			t.Errorf("%s isn't in dist/grafana.json", metric)
		}
	}
}

// metricOf returns the metric of a series: a histogram has three.
func metricOf(series string, exposed map[string]bool) string {
	for _, suffix := range []string{"_bucket", "_sum", "_count"} {
		if metric, is := strings.CutSuffix(series, suffix); is && exposed[metric] {
			return metric
		}
	}
	return series
}

// The labels in the queries are those of the metrics.
func TestDashboardLabels(t *testing.T) {
	m := New("1.2.3")
	used(m)
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	labels := map[string]bool{"le": true, "instance": true}
	for _, f := range families {
		for _, l := range f.GetMetric()[0].GetLabel() {
			labels[l.GetName()] = true
		}
	}
	for _, q := range queries(t) {
		for _, by := range regexp.MustCompile(`by \(([^)]*)\)`).FindAllStringSubmatch(q, -1) {
			for label := range strings.SplitSeq(by[1], ", ") {
				if !labels[label] {
					t.Errorf("%q: no metric has the label %s", q, label)
				}
			}
		}
	}
}
