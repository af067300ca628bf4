package decisions

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"ups/runtime/decision"
)

// preview says what store would do.
func (i *importer) preview(ctx context.Context, recs []decision.Record) error {
	text := fmt.Sprintf("%s would be imported", records(len(recs)))
	if i.replace {
		there := 0
		err := i.view(ctx, func(db decision.DB) (err error) {
			there, err = db.Count(ctx, decision.Filter{})
			return err
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		text += fmt.Sprintf(", and %s removed", records(there))
	}
	_, err := fmt.Fprintln(i.con.Stderr, text)
	return err
}

// store stores records, all or none.
func (i *importer) store(ctx context.Context, db decision.DB, recs []decision.Record) error {
	before, err := db.Count(ctx, decision.Filter{})
	if err != nil {
		return err
	}
	if i.replace && before > 0 {
		return i.exchange(ctx, db, before, recs)
	}
	if err := db.StoreAll(ctx, recs); err != nil {
		return err
	}
	after, err := db.Count(ctx, decision.Filter{})
	if err != nil {
		return err
	}
	created := after - before
	return i.con.Write(fmt.Appendf(nil, "%s imported: %d new, %d updated\n", records(len(recs)), created, len(recs)-created))
}

// exchange puts records in the place of all that are there. That is more than
// one transaction: if ups is killed in between, the database is empty, so that
// people are asked again and nothing is answered wrongly.
func (i *importer) exchange(ctx context.Context, db decision.DB, before int, recs []decision.Record) error {
	err := i.confirm(ctx, i.con, "Remove %s from %s, and import %s?", records(before), i.path, records(len(recs)))
	if err != nil {
		return err
	}
	old, err := all(ctx, db)
	if err != nil {
		return err
	}
	if _, err := decision.Clear(ctx, db); err != nil {
		return err
	}
	if err := db.StoreAll(ctx, recs); err != nil {
		return i.putBack(ctx, db, old, err)
	}
	return i.con.Write(fmt.Appendf(nil, "%s imported, %s removed\n", records(len(recs)), records(len(old))))
}

// putBack stores the records that were removed for others, which could not be
// stored because of err.
func (i *importer) putBack(ctx context.Context, db decision.DB, old []decision.Record, err error) error {
	if failed := db.StoreAll(context.WithoutCancel(ctx), old); failed != nil {
		return fmt.Errorf("%w; the %s that were there are lost: %w", err, records(len(old)), failed)
	}
	return fmt.Errorf("%w; the %s that were there are back, with new ids", err, records(len(old)))
}

func all(ctx context.Context, db decision.DB) ([]decision.Record, error) {
	var recs []decision.Record
	for r, err := range db.List(ctx, decision.Filter{}) {
		if err != nil {
			return nil, err
		}
		recs = append(recs, r)
	}
	return recs, nil
}
