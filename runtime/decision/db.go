package decision

import (
	"context"
	"iter"
)

// DB is a decision database. All methods may be called from any goroutine at
// any time; each takes effect at one moment between its call and its return,
// List excepted. What a method that changes something has reported as done
// is as durable as the implementation promises.
//
// A method that fails has changed nothing, unless the implementation can't
// know (a connection lost while committing). A method whose context is done
// fails with the context's error, or completes.
type DB interface {
	// Lookup returns the record of that key, and whether there is one.
	Lookup(ctx context.Context, key Key) (Record, bool, error)
	// Store stores the record and returns its id. If a record of equal key
	// exists, it keeps its id and gets the description, result, info and age
	// of rec. The id in rec is ignored. It fails with ErrInvalidRecord.
	Store(ctx context.Context, rec Record) (uint64, error)
	// StoreAll stores all records, in order, or none if one is invalid or
	// comes with an error, which is returned. It goes through recs once, and
	// keeps none of them in memory unless the database itself does.
	StoreAll(ctx context.Context, recs iter.Seq2[Record, error]) error
	// ReplaceAll is StoreAll, and deletes every record that was there before.
	// It returns the number of those. If it fails they all stay.
	ReplaceAll(ctx context.Context, recs iter.Seq2[Record, error]) (int, error)

	// List yields the records that a filter selects, in the order of their
	// ids. A record that is there from the first step to the last is yielded
	// exactly once; one that is changed or deleted meanwhile may be yielded in
	// its old state, its new or, if deleted, not at all. The database may be
	// used, and changed, between steps. An error comes last:
	// ErrInvalidFilter, or ErrViewLost if the database was replaced.
	List(ctx context.Context, f Filter) iter.Seq2[Record, error]
	// Count returns the number of records that a filter selects.
	Count(ctx context.Context, f Filter) (int, error)

	// UpdateResult changes the result of a record. It fails with ErrNotFound
	// or ErrInvalidRecord.
	UpdateResult(ctx context.Context, id uint64, result Result) error
	// UpdateInfo changes the evaluator info of a record. It fails with
	// ErrNotFound.
	UpdateInfo(ctx context.Context, id uint64, info uint32) error
	// AddUses adds n, which may be negative, to the uses of a record, and
	// returns their number. That is never less than 0 or more than MaxUint32:
	// what is over is dropped. It fails with ErrNotFound.
	AddUses(ctx context.Context, id uint64, n int64) (uint32, error)

	// DeleteRecord deletes one record. It fails with ErrNotFound.
	DeleteRecord(ctx context.Context, id uint64) error
	// Delete deletes the records that a filter selects and returns their
	// number. Of an empty filter that is every record.
	Delete(ctx context.Context, f Filter) (int, error)
	// Purge deletes what a change of policies makes void, and returns the
	// number of records (docs/service.md, Purge): the records
	// of each service that isn't in active, and those whose major version
	// differs from the active one. Records of the services in spare stay,
	// whatever active says: their active version isn't known.
	Purge(ctx context.Context, active map[Service]uint16, spare []Service) (int, error)

	// Close ends the use of the database. Operations that follow fail with
	// ErrClosed; so does a second Close.
	Close() error
}

// Service names a service: its UID within one system server.
type Service struct {
	Server  uint32 // SID of the system server
	Service uint32 // UID of the service
}

// RemoveClient deletes all records of a client, whose executable is gone, and
// returns their number (docs/service.md, Management).
func RemoveClient(ctx context.Context, db DB, sid uint32) (int, error) {
	return db.Delete(ctx, Filter{Client: Number{Equal, uint64(sid)}})
}

// Clear deletes every record and returns their number. Ids are not used again.
func Clear(ctx context.Context, db DB) (int, error) { return db.Delete(ctx, Filter{}) }
