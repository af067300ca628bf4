package report

import (
	"context"
	"errors"
	"fmt"

	"ups/cmd/ups/internal/console"
	"ups/policy"
	"ups/runtime/decision"
	"ups/runtime/decision/sqlite"
)

// stored is how many stored answers of its service a list has. A record doesn't
// say which policy asked, so it counts for each that would look it up.
type stored struct {
	Total      int
	OfPolicy   []int // of each policy
	OtherMajor int   // of another major version: the next purge deletes them
	Unused     int   // that no policy would look up
}

// addStored counts in the decision database of --db.
func (f *command) addStored(ctx context.Context, lists []*list) error {
	if f.db == "" {
		return nil
	}
	db, err := sqlite.View(ctx, f.db)
	if err != nil {
		return fmt.Errorf("--db: %w", err)
	}
	f.con.Inputs.Add(f.db)
	for _, l := range lists {
		if !l.named {
			err = errors.Join(err, console.UsageError("call the file after its service, as in ups_101f7f1f_1000a00a.rss",
				"--db: %s doesn't say whose stored answers are meant", l.Title))
			continue
		}
		err = errors.Join(err, l.count(ctx, db))
	}
	return errors.Join(err, db.Close())
}

func (l *list) count(ctx context.Context, db decision.DB) error {
	file := l.input.File
	l.Stored = &stored{OfPolicy: make([]int, len(file.Policies))}
	filter := decision.Filter{
		Server:  decision.Number{Comparison: decision.Equal, Value: uint64(l.service.Server)},
		Service: decision.Number{Comparison: decision.Equal, Value: uint64(l.service.Service)},
	}
	for rec, err := range db.List(ctx, filter) {
		if err != nil {
			return fmt.Errorf("--db: %w", err)
		}
		l.Stored.add(file, &rec)
	}
	return nil
}

// add counts a record for the policies that would look it up: those that ask its
// client, through its evaluator.
func (s *stored) add(f *policy.File, rec *decision.Record) {
	s.Total++
	if rec.Major != f.HeaderOrZero().MajorVersion {
		s.OtherMajor++
		return
	}
	used := f.HeaderOrZero().PolicyEvaluator == rec.Evaluator // the default policy would
	for i := range f.Policies {
		p := f.Policies[i]
		f.FillIn(&p)
		if p.Options.Prompts() && p.HasSID(rec.Client) && p.PolicyEvaluator == rec.Evaluator {
			s.OfPolicy[i]++
			used = true
		}
	}
	if !used {
		s.Unused++
	}
}
