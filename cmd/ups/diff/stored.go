package diff

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"ups/cmd/ups/internal/changes"
	"ups/cmd/ups/internal/console"
	"ups/policy"
	"ups/runtime/decision"
	"ups/runtime/decision/sqlite"
)

// counts are the stored answers of a service, and what becomes of them.
type counts struct {
	Total     int         `json:"total"`
	Deleted   int         `json:"deleted"`   // at the purge
	Unmatched int         `json:"unmatched"` // kept, but of an evaluator that no policy has any more
	Clients   []ofAClient `json:"clients,omitempty"`
}

// ofAClient is how many answers of a client are deleted or don't match any more.
type ofAClient struct {
	SID     string `json:"sid"`
	Records int    `json:"records"`
}

// count counts in a decision database.
func (r *result) count(ctx context.Context, path string) error {
	db, err := sqlite.View(ctx, path)
	if err != nil {
		return fmt.Errorf("--db: %w", err)
	}
	for _, f := range r.files {
		if !f.named {
			err = errors.Join(err, console.UsageError("call the file after its service, as in ups_101f7f1f_1000a00a.rss",
				"--db: %s doesn't say whose stored answers are meant", f.title))
			continue
		}
		err = errors.Join(err, f.count(ctx, db))
	}
	return errors.Join(err, db.Close())
}

func (f *file) count(ctx context.Context, db decision.DB) error {
	f.counts = &counts{}
	evaluators := evaluatorsOf(f.new.list())
	clients := map[uint32]int{}
	filter := decision.Filter{
		Server:  decision.Number{Comparison: decision.Equal, Value: uint64(f.service.Server)},
		Service: decision.Number{Comparison: decision.Equal, Value: uint64(f.service.Service)},
	}
	for rec, err := range db.List(ctx, filter) {
		if err != nil {
			return fmt.Errorf("--db: %w", err)
		}
		f.counts.Total++
		switch {
		case f.new == nil || rec.Major != f.new.file.HeaderOrZero().MajorVersion:
			f.counts.Deleted++
		case !evaluators[rec.Evaluator]:
			f.counts.Unmatched++
		default:
			continue
		}
		clients[rec.Client]++
	}
	for _, sid := range slices.SortedFunc(maps.Keys(clients), func(a, b uint32) int {
		return cmp.Or(cmp.Compare(clients[b], clients[a]), cmp.Compare(a, b))
	}) {
		f.counts.Clients = append(f.counts.Clients, ofAClient{hex(sid), clients[sid]})
	}
	return nil
}

// evaluatorsOf returns the evaluators of the prompts of a list.
func evaluatorsOf(f *policy.File) map[uint32]bool {
	all := map[uint32]bool{}
	if f == nil {
		return all
	}
	all[f.HeaderOrZero().PolicyEvaluator] = true // of the default policy
	for _, p := range f.Policies {
		if p.Options.Prompts() {
			f.FillIn(&p)
			all[p.PolicyEvaluator] = true
		}
	}
	return all
}

// text says the counts in a line.
func (c *counts) text() string {
	if c == nil {
		return ""
	}
	s := fmt.Sprintf("%d stored answers: %d deleted, %d not matched any more, %d kept", c.Total, c.Deleted, c.Unmatched, c.Total-c.Deleted-c.Unmatched)
	var of []string
	for _, client := range c.Clients {
		of = append(of, fmt.Sprintf("%s (%d)", client.SID, client.Records))
	}
	if len(of) > 0 {
		s += "; lost are those of " + changes.Listed(of)
	}
	return s
}
