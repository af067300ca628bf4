package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"math"
	"os"
	"strings"

	"ups/runtime/decision"
)

const (
	// Of what %s stands for: see ageColumns.
	lookupSQL = `SELECT id, description, result, info, %s FROM decision
		WHERE server = ? AND service = ? AND major = ? AND client = ? AND evaluator = ? AND fingerprint = ? AND entity = ?`

	storeSQL = `INSERT INTO decision (server, service, major, client, evaluator, fingerprint, entity, description, result, info, answered, uses, program)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (server, service, major, client, evaluator, fingerprint, entity)
		DO UPDATE SET description = excluded.description, result = excluded.result, info = excluded.info,
			answered = excluded.answered, uses = excluded.uses, program = excluded.program
		RETURNING id`

	// In the order of ids by the table itself: an index would be sorted anew
	// for each step of a view.
	listSQL = `SELECT id, client, evaluator, service, server, fingerprint, entity, description, result, major, info, %s
		FROM decision NOT INDEXED WHERE id > ?%s ORDER BY id LIMIT ?`

	usesSQL = "UPDATE decision SET uses = min(max(uses + ?, 0), 0xFFFFFFFF) WHERE id = ? RETURNING uses"

	deleteSQL = "DELETE FROM decision WHERE true"

	// The next service and major version that has records, by the index.
	nextSQL = `SELECT server, service, major FROM decision
		WHERE (server, service, major) > (?, ?, ?) ORDER BY server, service, major LIMIT 1`
)

// Lookup is part of decision.DB.
func (d *database) Lookup(ctx context.Context, key decision.Key) (rec decision.Record, found bool, err error) {
	err = d.use(ctx, func(h *handle) error {
		rec, found = decision.Record{Key: key}, true
		var program []byte
		err := h.lookup.QueryRowContext(ctx, keyArgs(key)...).Scan(&rec.ID, &rec.Description, &rec.Result, &rec.Info,
			&rec.Answered, &rec.Uses, &program)
		rec.Program = string(program)
		if errors.Is(err, sql.ErrNoRows) {
			rec, found = decision.Record{}, false
			return nil
		}
		return errors.Join(err, validRead(&rec, err))
	})
	if err != nil {
		return decision.Record{}, false, err
	}
	return rec, found, nil
}

// keyArgs returns the key in the order of the index.
func keyArgs(k decision.Key) []any {
	return []any{int64(k.Server), int64(k.Service), int64(k.Major), int64(k.Client), int64(k.Evaluator), []byte(k.Fingerprint), []byte(k.Entity)}
}

// validRead returns ErrCorrupt for a record that can't have been stored, unless
// read says that it wasn't read at all.
func validRead(rec *decision.Record, read error) error {
	if read != nil {
		return nil
	}
	if err := rec.Validate(); err != nil {
		return fmt.Errorf("%w: record %d: %w", decision.ErrCorrupt, rec.ID, err)
	}
	return nil
}

// Store is part of decision.DB. If the database turns out to be damaged, the
// record goes into the one that replaces it: an answer is worth keeping.
func (d *database) Store(ctx context.Context, rec decision.Record) (id uint64, err error) {
	if err := rec.Validate(); err != nil {
		return 0, err
	}
	err = d.write(ctx, func(tx *sql.Tx) error { return store(ctx, tx, rec, &id) })
	if errors.Is(err, decision.ErrCorrupt) {
		err = d.write(ctx, func(tx *sql.Tx) error { return store(ctx, tx, rec, &id) })
	}
	if err != nil {
		return 0, err
	}
	return id, nil
}

// StoreAll is part of decision.DB.
func (d *database) StoreAll(ctx context.Context, recs iter.Seq2[decision.Record, error]) error {
	return d.write(ctx, func(tx *sql.Tx) error { return storeAll(ctx, tx, recs) })
}

// ReplaceAll is part of decision.DB.
func (d *database) ReplaceAll(ctx context.Context, recs iter.Seq2[decision.Record, error]) (n int, err error) {
	err = d.write(ctx, func(tx *sql.Tx) error {
		if n, err = affected(tx.ExecContext(ctx, deleteSQL)); err != nil {
			return err
		}
		return storeAll(ctx, tx, recs)
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

func storeAll(ctx context.Context, tx *sql.Tx, recs iter.Seq2[decision.Record, error]) error {
	stmt, err := tx.PrepareContext(ctx, storeSQL)
	if err != nil {
		return err
	}
	defer stmt.Close()
	for rec, err := range recs {
		if err == nil {
			err = rec.Validate()
		}
		if err == nil {
			_, err = stmt.ExecContext(ctx, storeArgs(rec)...)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func store(ctx context.Context, tx *sql.Tx, rec decision.Record, id *uint64) error {
	return tx.QueryRowContext(ctx, storeSQL, storeArgs(rec)...).Scan(id)
}

func storeArgs(rec decision.Record) []any {
	return append(keyArgs(rec.Key), rec.Description, int64(rec.Result), int64(rec.Info),
		rec.Answered, int64(rec.Uses), []byte(rec.Program))
}

// write calls f in a transaction. That has been synced to disk when nil is
// returned. (A statement that returns rows commits when they are closed, where
// its error would be lost; so nothing is written without a transaction.)
func (d *database) write(ctx context.Context, f func(*sql.Tx) error) error {
	return d.use(ctx, func(h *handle) error {
		if h.write == nil {
			return decision.ErrReadOnly
		}
		if err := names(d.path, h.id); err != nil {
			return err // what is stored in a file without a name is lost
		}
		tx, err := h.write.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		if err := f(tx); err != nil {
			return err
		}
		return tx.Commit()
	})
}

// viewStep is how many records a view reads at a time.
const viewStep = 256

// List is part of decision.DB. It reads step by step, so that a view that is
// read slowly doesn't keep the log from being written back.
func (d *database) List(ctx context.Context, f decision.Filter) iter.Seq2[decision.Record, error] {
	return func(yield func(decision.Record, error) bool) {
		where, args, err := conditions(f)
		v := view{where: where, args: args}
		for err == nil && !v.ended {
			if err = d.step(ctx, &v); err != nil {
				break
			}
			for _, rec := range v.recs {
				if !yield(rec, nil) {
					return
				}
			}
		}
		if err != nil {
			yield(decision.Record{}, err)
		}
	}
}

// view is how far a List has come.
type view struct {
	where string
	args  []any
	h     *handle // that the view began with
	last  uint64  // id
	recs  []decision.Record
	ended bool
}

func (d *database) step(ctx context.Context, v *view) error {
	last := v.last
	err := d.use(ctx, func(h *handle) error {
		if v.h != nil && !os.SameFile(v.h.id, h.id) {
			return decision.ErrViewLost
		}
		v.h, v.last = h, last
		return v.read(ctx)
	})
	if errors.Is(err, decision.ErrCorrupt) {
		return fmt.Errorf("%w: %w", decision.ErrViewLost, err)
	}
	return err
}

func (v *view) read(ctx context.Context) error {
	args := append(append([]any{int64(v.last)}, v.args...), viewStep)
	rows, err := v.h.read.QueryContext(ctx, fmt.Sprintf(listSQL, v.h.age, v.where), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	v.recs = v.recs[:0]
	for rows.Next() {
		rec, err := scan(rows)
		if err != nil {
			return err
		}
		v.recs = append(v.recs, rec)
		v.last = rec.ID
	}
	v.ended = len(v.recs) < viewStep
	return rows.Err()
}

func scan(rows *sql.Rows) (rec decision.Record, err error) {
	var fingerprint, entity, program []byte
	err = rows.Scan(&rec.ID, &rec.Client, &rec.Evaluator, &rec.Service, &rec.Server, &fingerprint, &entity,
		&rec.Description, &rec.Result, &rec.Major, &rec.Info, &rec.Answered, &rec.Uses, &program)
	rec.Fingerprint, rec.Entity, rec.Program = string(fingerprint), string(entity), string(program)
	return rec, errors.Join(err, validRead(&rec, err))
}

// conditions returns what follows a WHERE that has a condition already. The
// names of fields are those of the columns, and comparisons are written alike.
func conditions(f decision.Filter) (where string, args []any, err error) {
	set, err := f.Conditions()
	var sql strings.Builder
	for _, c := range set {
		fmt.Fprintf(&sql, " AND %s %v ?", c.Field, c.Comparison)
		args = append(args, argument(c))
	}
	return sql.String(), args, err
}

func argument(c decision.Condition) any {
	switch {
	case !c.IsText:
		return int64(c.Number)
	case c.Field == "description":
		return c.Text
	}
	return []byte(c.Text)
}

// Count is part of decision.DB.
func (d *database) Count(ctx context.Context, f decision.Filter) (n int, err error) {
	where, args, err := conditions(f)
	if err != nil {
		return 0, err
	}
	err = d.use(ctx, func(h *handle) error {
		return h.read.QueryRowContext(ctx, "SELECT count(*) FROM decision WHERE true"+where, args...).Scan(&n)
	})
	return n, err
}

// UpdateResult is part of decision.DB.
func (d *database) UpdateResult(ctx context.Context, id uint64, result decision.Result) error {
	if err := (&decision.Record{Result: result}).Validate(); err != nil {
		return err
	}
	return d.changeOne(ctx, "UPDATE decision SET result = ? WHERE id = ?", int64(result), int64(id))
}

// UpdateInfo is part of decision.DB.
func (d *database) UpdateInfo(ctx context.Context, id uint64, info uint32) error {
	return d.changeOne(ctx, "UPDATE decision SET info = ? WHERE id = ?", int64(info), int64(id))
}

// AddUses is part of decision.DB.
func (d *database) AddUses(ctx context.Context, id uint64, n int64) (uses uint32, err error) {
	err = d.write(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, usesSQL, min(max(n, -math.MaxUint32), math.MaxUint32), int64(id)).Scan(&uses)
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = decision.ErrNotFound
	}
	if err != nil {
		return 0, err
	}
	return uses, nil
}

// DeleteRecord is part of decision.DB.
func (d *database) DeleteRecord(ctx context.Context, id uint64) error {
	return d.changeOne(ctx, "DELETE FROM decision WHERE id = ?", int64(id))
}

func (d *database) changeOne(ctx context.Context, query string, args ...any) error {
	n, err := d.change(ctx, query, args...)
	if err == nil && n == 0 {
		return decision.ErrNotFound
	}
	return err
}

func (d *database) change(ctx context.Context, query string, args ...any) (n int, err error) {
	err = d.write(ctx, func(tx *sql.Tx) error {
		n, err = affected(tx.ExecContext(ctx, query, args...))
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

func affected(r sql.Result, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	n, err := r.RowsAffected()
	return int(n), err
}

// Delete is part of decision.DB.
func (d *database) Delete(ctx context.Context, f decision.Filter) (int, error) {
	where, args, err := conditions(f)
	if err != nil {
		return 0, err
	}
	return d.change(ctx, deleteSQL+where, args...)
}

// Purge is part of decision.DB. It goes from one service and major version to
// the next by the index, and doesn't look at the records that stay.
func (d *database) Purge(ctx context.Context, active map[decision.Service]uint16, spare []decision.Service) (n int, err error) {
	spared := map[decision.Service]bool{}
	for _, s := range spare {
		spared[s] = true
	}
	err = d.write(ctx, func(tx *sql.Tx) error {
		n, err = purge(ctx, tx, func(s decision.Service, major int) bool {
			m, ok := active[s]
			return !spared[s] && (!ok || int(m) != major)
		})
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// purge deletes the records of the services and major versions that are void.
func purge(ctx context.Context, tx *sql.Tx, void func(s decision.Service, major int) bool) (n int, err error) {
	var s decision.Service
	major := -1
	for {
		err := tx.QueryRowContext(ctx, nextSQL, int64(s.Server), int64(s.Service), major).Scan(&s.Server, &s.Service, &major)
		if errors.Is(err, sql.ErrNoRows) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		if !void(s, major) {
			continue
		}
		deleted, err := affected(tx.ExecContext(ctx, "DELETE FROM decision WHERE server = ? AND service = ? AND major = ?",
			int64(s.Server), int64(s.Service), major))
		if err != nil {
			return n, err
		}
		n += deleted
	}
}
