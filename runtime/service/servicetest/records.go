package servicetest

import (
	"context"

	"ups/runtime/decision"
)

// records returns what is stored, in a few words.
func (g *fixture) records() []decision.Record {
	g.t.Helper()
	var all []decision.Record
	for r, err := range g.db.List(context.Background(), decision.Filter{}) {
		if err != nil {
			g.t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// results returns the results and the infos of what is stored, in the order of
// the ids.
func (g *fixture) results() (all []string) {
	for _, r := range g.records() {
		all = append(all, r.Result.String())
	}
	return all
}

// keep stores an answer of anApp under the fixture's evaluator.
func (g *fixture) keep(fingerprint string, result decision.Result, info uint32) uint64 {
	g.t.Helper()
	id, err := g.db.Store(context.Background(), decision.Record{Key: decision.Key{
		Client: anApp, Evaluator: theEvaluator, Service: theService, Server: theServer, Fingerprint: fingerprint,
	}, Result: result, Info: info})
	if err != nil {
		g.t.Fatal(err)
	}
	return id
}
