package serve

import (
	"ups/cmd/ups/serve/config"
	"ups/cmd/ups/serve/observe"
)

// observed says where the metrics and the decision log would be.
func (k *checker) observed() {
	m, d := k.cfg.Metrics, k.cfg.DecisionLog
	switch {
	case m.TCP != "":
		k.say("metrics: http://%s/metrics", m.TCP)
	case m.Unix != "":
		k.socket(m)
		k.say("metrics: /metrics on unix %s, mode %04o", m.Unix, m.Mode)
	}
	if t := k.cfg.Traces; t.Endpoint != "" {
		k.say("traces: %s, of %g%% of the requests", t.Endpoint, 100*t.Sample)
	}
	switch d.File.Path {
	case "":
	case config.Stdout:
		k.say("decision log: standard output")
	default:
		if err := observe.Suits(d.File.Path); k.parent(d.File) && err != nil {
			k.wrong(d.File, err)
		}
		k.say("decision log: %s", d.File.Path)
	}
}
