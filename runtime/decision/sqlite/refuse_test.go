package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"ups/runtime/decision"
	"ups/runtime/decision/decisiontest"
)

// Damage that is met half-way is an error of whatever met it: nothing that
// wasn't read counts as absent.
func TestDamageIsNoAbsence(t *testing.T) {
	for name, op := range map[string]func(ctx context.Context, db decision.DB) (int, error){
		"count":  func(ctx context.Context, db decision.DB) (int, error) { return db.Count(ctx, decision.Filter{}) },
		"purge":  func(ctx context.Context, db decision.DB) (int, error) { return db.Purge(ctx, nil, nil) },
		"delete": func(ctx context.Context, db decision.DB) (int, error) { return db.Delete(ctx, decision.Filter{}) },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, 2000, Options{})
			f.damage(t)
			if n, err := op(t.Context(), f.db); !errors.Is(err, decision.ErrCorrupt) {
				t.Errorf("%d, %v, want ErrCorrupt", n, err)
			}
			f.wantMoved(t)
		})
	}
}

// A record that this package would never have stored is damage, even where the
// checksum of its page is right: another program may have written it.
func TestRecordsOfOthers(t *testing.T) {
	for name, description := range map[string]any{
		"a description that is too long":  strings.Repeat("x", decision.MaxDescription+1),
		"a description that isn't UTF-8":  "\xFF",
		"a description with a NUL within": "a\x00b",
	} {
		for way, read := range map[string]func(ctx context.Context, db decision.DB) error{
			"looked up": func(ctx context.Context, db decision.DB) error {
				_, _, err := db.Lookup(ctx, decisiontest.Sample(1).Key)
				return err
			},
			"listed": func(ctx context.Context, db decision.DB) error {
				for _, err := range db.List(ctx, decision.Filter{}) {
					if err != nil {
						return err
					}
				}
				return nil
			},
		} {
			t.Run(name+", "+way, func(t *testing.T) {
				f := newFixture(t, 2, Options{})
				err := f.db.(*decision.Cached).DB.(*database).write(t.Context(), func(tx *sql.Tx) error {
					_, err := tx.ExecContext(t.Context(), "UPDATE decision SET description = ?", description)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				if err := read(t.Context(), f.db); !errors.Is(err, decision.ErrCorrupt) && !errors.Is(err, decision.ErrViewLost) {
					t.Errorf("got %v", err)
				}
				f.wantMoved(t)
			})
		}
	}
}
