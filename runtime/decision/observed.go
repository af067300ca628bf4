package decision

import (
	"context"
	"iter"
	"time"
)

// Operation is an operation of a database that has ended.
type Operation struct {
	Name     string // "lookup", "store", "import", "count", "update", "uses", "delete" or "purge"
	Duration time.Duration
	Err      error
}

// Observe returns db, of whose operations report is told, with their contexts,
// in the goroutine of each and before it returns. Reading a list isn't one: its time is that of whoever reads.
func Observe(db DB, report func(context.Context, Operation)) DB {
	return &observed{DB: db, report: report}
}

type observed struct {
	DB
	report func(context.Context, Operation)
}

// operation begins one. What it returns is to be deferred with its error.
func (o *observed) operation(ctx context.Context, name string) (end func(*error)) {
	start := time.Now()
	return func(err *error) { o.report(ctx, Operation{name, time.Since(start), *err}) }
}

func (o *observed) Lookup(ctx context.Context, key Key) (rec Record, found bool, err error) {
	defer o.operation(ctx, "lookup")(&err)
	return o.DB.Lookup(ctx, key)
}

func (o *observed) Store(ctx context.Context, rec Record) (id uint64, err error) {
	defer o.operation(ctx, "store")(&err)
	return o.DB.Store(ctx, rec)
}

func (o *observed) StoreAll(ctx context.Context, recs iter.Seq2[Record, error]) (err error) {
	defer o.operation(ctx, "import")(&err)
	return o.DB.StoreAll(ctx, recs)
}

func (o *observed) ReplaceAll(ctx context.Context, recs iter.Seq2[Record, error]) (n int, err error) {
	defer o.operation(ctx, "import")(&err)
	return o.DB.ReplaceAll(ctx, recs)
}

func (o *observed) Count(ctx context.Context, f Filter) (n int, err error) {
	defer o.operation(ctx, "count")(&err)
	return o.DB.Count(ctx, f)
}

func (o *observed) UpdateResult(ctx context.Context, id uint64, result Result) (err error) {
	defer o.operation(ctx, "update")(&err)
	return o.DB.UpdateResult(ctx, id, result)
}

func (o *observed) UpdateInfo(ctx context.Context, id uint64, info uint32) (err error) {
	defer o.operation(ctx, "update")(&err)
	return o.DB.UpdateInfo(ctx, id, info)
}

func (o *observed) AddUses(ctx context.Context, id uint64, n int64) (uses uint32, err error) {
	defer o.operation(ctx, "uses")(&err)
	return o.DB.AddUses(ctx, id, n)
}

func (o *observed) DeleteRecord(ctx context.Context, id uint64) (err error) {
	defer o.operation(ctx, "delete")(&err)
	return o.DB.DeleteRecord(ctx, id)
}

func (o *observed) Delete(ctx context.Context, f Filter) (n int, err error) {
	defer o.operation(ctx, "delete")(&err)
	return o.DB.Delete(ctx, f)
}

func (o *observed) Purge(ctx context.Context, active map[Service]uint16, spare []Service) (n int, err error) {
	defer o.operation(ctx, "purge")(&err)
	return o.DB.Purge(ctx, active, spare)
}
