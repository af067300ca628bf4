package sqlite_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"ups/runtime/decision"
	"ups/runtime/decision/decisiontest"
	"ups/runtime/decision/sqlite"
)

var damages = flag.Int("damages", defaultDamages, "damaged databases to test with; 1000 shows what is promised")

// How a log is made up (sqlite.org/fileformat2.html): a header, then frames
// of a header and a page each.
const (
	logHeader = 32
	logFrame  = 24 + sqlite.PageSize
)

// image is a database at rest, and what it holds.
type image struct {
	file, log []byte
	recs      map[decision.Key]decision.Record
	last      decision.Key // stored by the last transaction in the log
	lastAt    int          // where in the log that begins
}

// takeImage makes a database with a history: pages that were freed, texts
// that fill more than a page, changes that stand in the log alone.
func takeImage(t *testing.T) image {
	path := filepath.Join(t.TempDir(), "d.db")
	db := open(t, path, -1)
	fill(t, db, 0, 600)
	long := decisiontest.Sample(1000)
	long.Description = fmt.Sprintf("%04096d", 7)
	store(t, db, long)
	if _, err := decision.RemoveClient(t.Context(), db, decisiontest.Sample(3).Client); err != nil {
		t.Fatal(err)
	}
	db.Close()
	db = open(t, path, -1)
	for i := range 20 {
		store(t, db, decisiontest.Sample(2000+i))
	}
	im := image{recs: map[decision.Key]decision.Record{}, last: decisiontest.Sample(2020).Key, lastAt: len(read(t, path+"-wal"))}
	store(t, db, decisiontest.Sample(2020))
	for _, r := range decisiontest.All(t, db, decision.Filter{}) {
		im.recs[r.Key] = r
	}
	im.file, im.log = read(t, path), read(t, path+"-wal")
	if len(im.file) < 20*sqlite.PageSize || len(im.log) < 20*logFrame || len(im.log) <= im.lastAt || len(im.recs) < 500 {
		t.Fatalf("the image is too small: %d bytes, %d of log, %d records", len(im.file), len(im.log), len(im.recs))
	}
	return im
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func store(t testing.TB, db decision.DB, rec decision.Record) {
	t.Helper()
	if _, err := db.Store(t.Context(), rec); err != nil {
		t.Fatal(err)
	}
}

// damage is a way to damage a file, by chance.
type damage struct {
	name string
	do   func(r *rand.Rand, data []byte) []byte
}

var fileDamages = []damage{
	{"one bit", flip},
	{"bits of one page", func(r *rand.Rand, data []byte) []byte {
		page := pageOf(r, data)
		for range 2 + r.IntN(10) {
			flip(r, page)
		}
		return data
	}},
	{"a sector of noise", func(r *rand.Rand, data []byte) []byte {
		sector := data[r.IntN(len(data)/512)*512:][:512]
		for i := range sector {
			sector[i] = byte(r.Uint32())
		}
		return data
	}},
	{"a page of zeros", func(r *rand.Rand, data []byte) []byte {
		clear(pageOf(r, data))
		return data
	}},
	{"a page in another's place", func(r *rand.Rand, data []byte) []byte {
		copy(pageOf(r, data), pageOf(r, data))
		return data
	}},
	{"cut somewhere", func(r *rand.Rand, data []byte) []byte { return data[:r.IntN(len(data))] }},
}

func flip(r *rand.Rand, data []byte) []byte {
	data[r.IntN(len(data))] ^= 1 << r.IntN(8)
	return data
}

func pageOf(r *rand.Rand, data []byte) []byte {
	return data[r.IntN(len(data)/sqlite.PageSize)*sqlite.PageSize:][:sqlite.PageSize]
}

// TestDamage checks that, whatever happened to the file, there is no panic and no
// wrong answer, and the file is kept.
func TestDamage(t *testing.T) {
	t.Parallel()
	im := takeImage(t)
	// The log is folded into the file, so that there is none.
	folded := im
	folded.file, folded.log = fold(t, im), nil
	found := 0
	for n := range *damages {
		r := rand.New(rand.NewPCG(1, uint64(n)))
		from := []image{folded, im}[n%2]
		d := fileDamages[n/2%len(fileDamages)]
		from.file = d.do(r, append([]byte(nil), from.file...))
		t.Run(fmt.Sprintf("%s %d", d.name, n), func(t *testing.T) { found += survive(t, from) })
	}
	if found < *damages/2 {
		t.Errorf("only %d of %d damages were found: the test looks at too little", found, *damages)
	}
}

func TestCutAtEveryPage(t *testing.T) {
	t.Parallel()
	im := takeImage(t)
	im.file, im.log = fold(t, im), nil
	whole := im.file
	for end := 0; end < len(whole); end += sqlite.PageSize {
		im.file = whole[:end]
		if found := survive(t, im); found != 1 {
			t.Errorf("cut at %d: not found", end)
		}
	}
}

// TestDamagedLog checks that no acknowledged record is lost in silence, but for
// one in the last transaction, which looks like one that a crash of the system
// interrupted.
func TestDamagedLog(t *testing.T) {
	t.Parallel()
	whole := takeImage(t)
	found := 0
	for n := range *damages / 4 {
		at := rand.New(rand.NewPCG(2, uint64(n))).IntN(len(whole.log))
		im := whole
		im.log = append([]byte(nil), whole.log...)
		im.log[at] ^= 1 << (n % 8)
		if at >= whole.lastAt {
			im = im.unsure()
		}
		t.Run(fmt.Sprint(at), func(t *testing.T) { found += survive(t, im) })
	}
	if found < *damages/6 {
		t.Errorf("only %d of %d damages were found", found, *damages/4)
	}
}

// TestLastTransactions flips a bit in each of the last two transactions of a
// log. Of the second-last one a crash can't be the reason.
func TestLastTransactions(t *testing.T) {
	path := made(t, 30)
	db := open(t, path, -1)
	store(t, db, decisiontest.Sample(30))
	secondLast := len(read(t, path+"-wal"))
	store(t, db, decisiontest.Sample(31))
	last := len(read(t, path+"-wal"))
	store(t, db, decisiontest.Sample(32))
	whole := image{file: read(t, path), log: read(t, path+"-wal")}
	for at, want := range map[int]int{secondLast: 1, last: 0} {
		im := whole
		im.log = append([]byte(nil), whole.log...)
		im.log[at+100] ^= 4
		db, events, err := openFaulty(t, im.write(t))
		if err != nil || len(*events) != want {
			t.Fatalf("flipped at %d of %d: %v, events %v, want %d", at, len(im.log), err, *events, want)
		}
		for i := range 33 {
			_, found, err := db.Lookup(t.Context(), decisiontest.Sample(i).Key)
			if err != nil || found != (want == 0 && i < 32) {
				t.Errorf("flipped at %d: sample %d is there: %v, %v", at, i, found, err)
			}
		}
	}
}

// TestLongLog has a log so long that one of its pages lies where a page of the
// database file would: it has the checksum of the log, and no other.
func TestLongLog(t *testing.T) {
	path := made(t, 0)
	db := open(t, path, -1)
	n := 0
	for ; len(read(t, path+"-wal")) < logHeader+345*logFrame; n += 20 {
		fill(t, db, n, n+20)
	}
	killed := image{file: read(t, path), log: read(t, path+"-wal")}
	again := open(t, killed.write(t), -1)
	for i, rec := range decisiontest.All(t, again, decision.Filter{}) {
		if want := decisiontest.Sample(i); rec.Key != want.Key {
			t.Fatalf("record %d is %v", i, rec)
		}
	}
	if got := count(t, again); got != n {
		t.Errorf("%d records, want %d", got, n)
	}
}

// TestCutLog tests what still holds when a log is cut off: that looks like a
// crash, but there is never half a transaction, nor one
// without those before it.
func TestCutLog(t *testing.T) {
	t.Parallel()
	im := takeImage(t)
	for end := 0; end <= len(im.log); end += logFrame {
		cut := im
		cut.log = im.log[:min(len(im.log), end+logHeader-end%3)]
		db, events, err := openFaulty(t, cut.write(t))
		if err != nil || len(*events) != 0 {
			t.Fatalf("cut at %d: %v, events %v", end, err, *events)
		}
		gone := false
		for i := range 21 {
			rec, found, err := db.Lookup(t.Context(), decisiontest.Sample(2000+i).Key)
			if err != nil || found && (gone || rec != im.recs[rec.Key]) {
				t.Fatalf("cut at %d: record %d is %v, %v, after one was gone: %v", end, i, rec, err, gone)
			}
			gone = gone || !found
		}
		db.Close()
	}
}

// unsure is the image when its last record may be there or not.
func (im image) unsure() image {
	im.lastAt = -1
	return im
}

// fold returns the file as it is when the log has been written back.
func fold(t *testing.T, im image) []byte {
	path := im.write(t)
	if err := open(t, path, -1).Close(); err != nil {
		t.Fatal(err)
	}
	return read(t, path)
}

func (im image) write(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "d.db")
	if err := os.WriteFile(path, im.file, 0o600); err != nil {
		t.Fatal(err)
	}
	if im.log != nil {
		if err := os.WriteFile(path+"-wal", im.log, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// survive uses a damaged database in every way that reads, and returns the
// number of damages that were found.
func survive(t *testing.T, im image) int {
	t.Helper()
	path := im.write(t)
	db, events, err := openFaulty(t, path)
	if errors.Is(err, decision.ErrNotDatabase) && !im.named() {
		im.untouched(t, path)
		return 1
	}
	if err != nil {
		t.Fatalf("opening: %v", err)
	}
	for key, want := range im.recs {
		im.look(t, db, events, key, want, true)
		if key.Major == 1 {
			key.Client ^= 0x40000000 // nobody's
			im.look(t, db, events, key, decision.Record{}, false)
		}
	}
	im.list(t, db, events)
	store(t, db, decisiontest.Sample(5000)) // whatever happened, it goes on
	if len(*events) > 1 {
		t.Errorf("%d events, want one at most", len(*events))
	}
	for _, e := range *events {
		im.kept(t, e)
	}
	return len(*events)
}

func (im image) look(t *testing.T, db decision.DB, events *[]sqlite.Event, key decision.Key, want decision.Record, there bool) {
	t.Helper()
	got, found, err := db.Lookup(t.Context(), key)
	switch {
	case err != nil && (!errors.Is(err, decision.ErrCorrupt) || len(*events) == 0):
		t.Fatalf("error %v, events %v", err, *events)
	case err != nil || len(*events) > 0 && !found: // the new database is empty
	case im.lastAt < 0 && key == im.last && !found:
	case found != there || got != want:
		t.Fatalf("a wrong answer: %v, %v, want %v, %v", got, found, want, there)
	}
}

func (im image) list(t *testing.T, db decision.DB, events *[]sqlite.Event) {
	t.Helper()
	n := 0
	for got, err := range db.List(t.Context(), decision.Filter{}) {
		if errors.Is(err, decision.ErrViewLost) && len(*events) == 1 {
			return
		}
		if err != nil || got != im.recs[got.Key] {
			t.Fatalf("listed %v, want %v (%v)", got, im.recs[got.Key], err)
		}
		n++
	}
	if n != len(im.recs) && len(*events) == 0 && (im.lastAt >= 0 || n != len(im.recs)-1) {
		t.Fatalf("listed %d records in silence, want %d", n, len(im.recs))
	}
}

// named reports whether the file still says that it is a decision database, in
// its first words and its application id (sqlite.org/fileformat2.html).
func (im image) named() bool {
	const words, id = "SQLite format 3\x00", "UPSd"
	return len(im.file) >= 100 && string(im.file[:len(words)]) == words && string(im.file[68:72]) == id
}

// untouched expects the files as they were written, and no other.
func (im image) untouched(t *testing.T, path string) {
	t.Helper()
	if string(read(t, path)) != string(im.file) || im.log != nil && string(read(t, path+"-wal")) != string(im.log) {
		t.Error("a file that was refused was changed")
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	want := 1
	if im.log != nil {
		want = 2
	}
	if err != nil || len(entries) != want {
		t.Errorf("%v, %v, want %d files", entries, err, want)
	}
}

// kept expects the damaged bytes under the new name. Where there was a log,
// SQLite may have written it back when the damage was found in use.
func (im image) kept(t *testing.T, e sqlite.Event) {
	t.Helper()
	data := read(t, e.MovedTo)
	if im.log == nil && string(data) != string(im.file) {
		t.Errorf("the damaged file was changed: %v", e.Err)
	}
	if _, err := os.Stat(e.MovedTo + "-wal"); im.log != nil && err != nil && string(data) == string(im.file) {
		t.Errorf("the log is neither kept nor written back: %v", e.Err)
	}
}
