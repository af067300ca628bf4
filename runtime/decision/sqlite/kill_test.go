package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"ups/runtime/decision"
	"ups/runtime/decision/decisiontest"
)

var kills = flag.Int("kills", defaultKills, "how often a writing process is killed; 500 shows what is promised")

// step is one change, worked out from a seed and a number alone, so that the
// process that is killed and the one that judges mean the same.
type step struct {
	recs   []decision.Record // to store, all or none
	remove uint32            // or a client to remove
	reopen bool              // or the database to close and open, which writes the log back
}

func stepAt(seed, n uint64) step {
	r := rand.New(rand.NewPCG(seed, n))
	switch r.IntN(20) {
	case 0:
		return step{reopen: true}
	case 1, 2:
		return step{remove: decisiontest.Sample(r.IntN(7)).Client}
	}
	var s step
	for range 1 + r.IntN(3)*r.IntN(20) {
		rec := decisiontest.Sample(r.IntN(200))
		rec.Info, rec.Result = r.Uint32(), decision.Result(r.IntN(2))
		s.recs = append(s.recs, rec)
	}
	return s
}

// apply makes the change in the model.
func (s step) apply(recs map[decision.Key]decision.Record) {
	for _, r := range s.recs {
		recs[r.Key] = r
	}
	if s.remove != 0 {
		maps.DeleteFunc(recs, func(k decision.Key, _ decision.Record) bool { return k.Client == s.remove })
	}
}

func (s step) do(ctx context.Context, db decision.DB) error {
	if s.remove != 0 {
		_, err := decision.RemoveClient(ctx, db, s.remove)
		return err
	}
	return db.StoreAll(ctx, decisiontest.Each(s.recs))
}

// writeChild changes a database until it is killed, and writes a byte to
// standard output for each change that was acknowledged.
func writeChild(args []string) error {
	seed, err := strconv.ParseUint(args[1], 10, 64)
	if err != nil {
		return err
	}
	db, _, err := openChild(args[0])
	if err != nil {
		return err
	}
	for n := uint64(0); ; n++ {
		s := stepAt(seed, n)
		if s.reopen {
			err = db.Close()
			if err == nil {
				db, _, err = openChild(args[0])
			}
		} else {
			err = s.do(context.Background(), db)
		}
		if err != nil {
			return err
		}
		if _, err := os.Stdout.Write([]byte{'.'}); err != nil {
			return err
		}
	}
}

// TestKilled checks that after any kill every acknowledged change is there,
// and no other but for the one under way, whole or not at all.
func TestKilled(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "d.db")
	recs := map[decision.Key]decision.Record{}
	total, inFlight := 0, 0
	for n := range *kills {
		seed := uint64(n)
		acked := runAndKill(t, path, seed, rand.N(80*time.Millisecond))
		for i := range uint64(acked) {
			stepAt(seed, i).apply(recs)
		}
		next := maps.Clone(recs)
		stepAt(seed, uint64(acked)).apply(next)
		got := stored(t, path)
		switch {
		case maps.Equal(got, recs):
		case maps.Equal(got, next):
			inFlight++
		default:
			t.Fatalf("kill %d, after %d changes: %d records, want %d or %d", n, acked, len(got), len(recs), len(next))
		}
		recs, total = got, total+acked
	}
	t.Logf("%d kills, %d changes acknowledged; %d times the one under way was there too", *kills, total, inFlight)
	if total < *kills {
		t.Errorf("%d changes in %d lives show little", total, *kills)
	}
}

// runAndKill returns the number of changes that a child acknowledged before it
// was killed, a while after its first.
func runAndKill(t *testing.T, path string, seed uint64, while time.Duration) int {
	t.Helper()
	var errs bytes.Buffer
	cmd := exec.Command(os.Args[0], path, fmt.Sprint(seed))
	cmd.Env, cmd.Stderr = append(os.Environ(), childEnv+"=write"), &errs
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 1<<16)
	n, err := out.Read(buf) // of as many as there are; the rest below
	if err != nil {
		t.Fatalf("the child ended by itself: %v %s", err, errs.String())
	}
	time.Sleep(while)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for {
		more, err := out.Read(buf)
		if n += more; err != nil {
			break
		}
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.Exited() {
		t.Fatalf("the child wasn't killed: %v %s", err, errs.String())
	}
	return n
}

// stored returns what a database holds, without ids, which a crash may skip.
func stored(t *testing.T, path string) map[decision.Key]decision.Record {
	t.Helper()
	db := open(t, path, -1)
	recs := map[decision.Key]decision.Record{}
	for _, r := range decisiontest.All(t, db, decision.Filter{}) {
		r.ID = 0
		recs[r.Key] = r
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return recs
}
