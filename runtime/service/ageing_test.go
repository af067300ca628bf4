package service

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ups/policy"
	"ups/runtime/decision"
)

// setClock is a clock that the test sets.
type setClock struct {
	systemClock
	at atomic.Int64 // nanoseconds of Unix time
}

func (c *setClock) Now() time.Time { return time.Unix(0, c.at.Load()) }

func (c *setClock) set(t time.Time) { c.at.Store(t.UnixNano()) }

var noon = time.Date(2026, time.November, 26, 12, 0, 0, 0, time.UTC)

// aged is a fixture whose answers age, at noon.
func aged(t testing.TB, a Ageing, change ...func(*Options)) (*fixture, *setClock) {
	clock := &setClock{}
	clock.set(noon)
	change = append(change, func(o *Options) {
		o.Clock = clock
		o.Ageing = func(s decision.Service) Ageing {
			if s == (decision.Service{Server: theServer, Service: theService}) {
				return a
			}
			return Ageing{}
		}
	})
	return newFixture(t, list(offer(policy.AllOptions)), change...), clock
}

// askWith asks for a client that runs a program of that hash.
func (g *fixture) askWith(program string) (Outcome, error) {
	sub, err := g.session.Open(Client{SID: anApp, Program: program})
	if err != nil {
		return Outcome{}, err
	}
	defer sub.Close()
	return sub.Authorise(context.Background(), Query{Service: theService, Destination: "x", Passed: true})
}

func (g *fixture) mustAskWith(program string) Outcome {
	g.t.Helper()
	o, err := g.askWith(program)
	if err != nil {
		g.t.Fatal(err)
	}
	return o
}

// Without ageing nothing is kept, and nothing that is there counts.
func TestAnswersDoNotAgeUnlessTold(t *testing.T) {
	g := newFixture(t, list(offer(policy.AllOptions)))
	g.user.always(policy.Always)
	if o := g.mustAskWith("v1"); o.Source != SourcePrompt {
		t.Errorf("the first answer comes from %v", o.Source)
	}
	r := g.records()
	if len(r) != 1 || r[0].Age != (decision.Age{}) {
		t.Errorf("stored: %+v", r)
	}
	r[0].Age = decision.Age{Answered: 1, Uses: 1e9, Program: "v0"}
	if _, err := g.db.Store(t.Context(), r[0]); err != nil {
		t.Fatal(err)
	}
	if o := g.mustAskWith("v1"); o.Source != SourceStored || o.Expired != NotExpired {
		t.Errorf("an answer of 1970 counts: from %v, expired %v", o.Source, o.Expired)
	}
	if after := g.records(); after[0] != r[0] {
		t.Errorf("it became %+v", after[0])
	}
}

// What each kind of ageing says of an answer.
func TestExpiry(t *testing.T) {
	noted := decision.Age{Answered: noon.Unix(), Uses: 4, Program: "v1"}
	unknown := decision.Age{}
	for _, c := range []struct {
		name    string
		ageing  Ageing
		age     decision.Age
		later   time.Duration
		program string
		want    Expiry
	}{
		{"nothing is limited", Ageing{}, unknown, 1e6 * time.Hour, "", NotExpired},
		{"young", Ageing{After: time.Hour}, noted, time.Hour - 1, "", NotExpired},
		{"too old", Ageing{After: time.Hour}, noted, time.Hour, "", ExpiredTime},
		{"of a time unknown", Ageing{After: time.Hour}, unknown, 0, "", ExpiredUnknown},
		{"of the future", Ageing{After: time.Hour}, noted, -time.Second, "", ExpiredUnknown},
		{"one use left", Ageing{Uses: 5}, noted, 1e6 * time.Hour, "", NotExpired},
		{"none left", Ageing{Uses: 4}, noted, 0, "", ExpiredUses},
		{"the same program", Ageing{Program: true}, noted, 0, "v1", NotExpired},
		{"another program", Ageing{Program: true}, noted, 0, "v2", ExpiredProgram},
		{"a program that isn't known", Ageing{Program: true}, noted, 0, "", ExpiredUnknown},
		{"one that wasn't", Ageing{Program: true}, unknown, 0, "v1", ExpiredUnknown},
		{"neither", Ageing{Program: true}, unknown, 0, "", ExpiredUnknown},
		{"all at once", Ageing{time.Hour, 5, true}, noted, time.Minute, "v1", NotExpired},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, clock := aged(t, c.ageing)
			clock.set(noon.Add(c.later))
			old := decision.Record{Key: decision.Key{Client: anApp, Service: theService, Server: theServer}, Info: 7, Age: c.age}
			if _, err := g.db.Store(t.Context(), old); err != nil {
				t.Fatal(err)
			}
			g.user.answers = func(s *shownDialog) (Choice, error) {
				if s.Expired != c.want || s.Forced || s.info != 7 {
					t.Errorf("the dialog: expired %v, forced %v, info %d", s.Expired, s.Forced, s.info)
				}
				return Choice{Option: policy.Always}, nil
			}
			o := g.mustAskWith(c.program)
			if o.Expired != c.want || o.Prompted != (c.want != NotExpired) || o.Forced || o.Record != 1 {
				t.Errorf("expired %v, want %v; %+v", o.Expired, c.want, o)
			}
			want := decision.Always // the new answer has the place of the old one
			if c.want == NotExpired {
				want = decision.Never
			}
			equal(t, "stored", g.results(), want.String())
			if r := g.records()[0]; c.want != NotExpired && r.Age != (decision.Age{Answered: noon.Add(c.later).Unix(), Program: c.program}) {
				t.Errorf("the new answer has %+v", r.Age)
			}
		})
	}
}

// Other services aren't touched, but the time is kept for all.
func TestAgeingOfOneService(t *testing.T) {
	g, clock := aged(t, Ageing{After: time.Hour})
	putFile(t, g.rom, theService+1, list(offer(policy.AllOptions)))
	reload(t, g.store)
	g.user.always(policy.Always)
	sub := g.open(anApp)
	for _, want := range []Source{SourcePrompt, SourceStored} {
		o, err := sub.Authorise(t.Context(), Query{Service: theService + 1, Destination: "x", Passed: true})
		if o.Source != want || err != nil {
			t.Errorf("from %v, %v, want %v", o.Source, err, want)
		}
		clock.set(noon.Add(1000 * time.Hour))
	}
	if r := g.records(); r[0].Answered != noon.Unix() {
		t.Errorf("stored: %+v", r)
	}
}

// An answer that has expired is gone once the user has answered, whatever the
// answer is, and stays if there is none.
func TestExpiredAnswerIsDeleted(t *testing.T) {
	for option, want := range map[policy.Options][]string{policy.Yes: nil, policy.Never: {"never"}, 0: {"always"}} {
		g, clock := aged(t, Ageing{After: time.Hour})
		g.user.always(policy.Always)
		g.mustAskWith("")
		clock.set(noon.Add(time.Hour))
		g.user.answers = func(*shownDialog) (Choice, error) {
			if option == 0 {
				return Choice{}, ErrNoAnswer
			}
			return Choice{Option: option}, nil
		}
		if o, err := g.askWith(""); o.Expired != ExpiredTime || (err != nil) != (option == 0) {
			t.Errorf("%v: expired %v, error %v", option, o.Expired, err)
		}
		equal(t, fmt.Sprintf("stored after %v", option), g.results(), want...)
	}
}

// A clock that is set back doesn't bring an answer back.
func TestClockSetBack(t *testing.T) {
	g, clock := aged(t, Ageing{After: time.Hour})
	g.user.always(policy.Always)
	g.mustAskWith("")
	clock.set(noon.Add(2 * time.Hour))
	g.user.answers = func(*shownDialog) (Choice, error) { return Choice{}, ErrNoAnswer }
	for _, at := range []time.Duration{2 * time.Hour, time.Minute, -time.Minute} {
		clock.set(noon.Add(at))
		if o, _ := g.askWith(""); o.Expired != ExpiredTime {
			t.Errorf("%v after noon: expired %v", at, o.Expired)
		}
	}
}

// A hash that no record can hold is refused at once.
func TestLongProgram(t *testing.T) {
	g, _ := aged(t, Ageing{})
	if _, err := g.session.Open(Client{Program: strings.Repeat("x", 33)}); !errors.Is(err, decision.ErrInvalidRecord) || Code(err) != -6 {
		t.Errorf("error %v, %d", err, Code(err))
	}
}

// Many ask at once: the answer is given as often as it may be, not more or less.
func TestUsesOfMany(t *testing.T) {
	for _, limit := range []uint32{1, 10, 100} {
		g, _ := aged(t, Ageing{Uses: limit}, func(o *Options) { o.DB = decision.NewCached(o.DB, 0) })
		g.user.always(policy.Always)
		g.mustAskWith("")
		g.user.always(policy.No)
		var stored atomic.Uint32
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for range 50 {
					if o, err := g.askWith(""); err != nil {
						t.Error(err)
					} else if o.Source == SourceStored {
						stored.Add(1)
					}
				}
			})
		}
		all.Wait()
		if stored.Load() != limit {
			t.Errorf("%d of %d uses", stored.Load(), limit)
		}
	}
}

// A service that ends gives back the uses that it took in advance; one that is
// killed doesn't.
func TestUsesAtTheEnd(t *testing.T) {
	g, _ := aged(t, Ageing{Uses: 160})
	g.user.always(policy.Always)
	for range 4 {
		g.mustAskWith("")
	}
	if r := g.records(); r[0].Uses != 10 {
		t.Errorf("%d uses are written down, want 10", r[0].Uses)
	}
	g.server.Close()
	if r := g.records(); r[0].Uses != 3 {
		t.Errorf("%d uses after the end, want 3", r[0].Uses)
	}
}

// No more uses are taken than there are.
func TestUsesTakenAtTheLimit(t *testing.T) {
	g, _ := aged(t, Ageing{Uses: 33}) // two at a time
	g.user.always(policy.Always)
	for range 34 {
		g.mustAskWith("")
	}
	if r := g.records(); r[0].ID != 1 || r[0].Uses != 33 {
		t.Errorf("record %d has %d uses, want 33", r[0].ID, r[0].Uses)
	}
}

// agedByEvaluator is aged, with the fixture's policy evaluator.
func agedByEvaluator(t testing.TB, a Ageing, change ...func(*Options)) (*fixture, *setClock) {
	g, clock := aged(t, a, change...)
	putFile(t, g.rom, theService, evaluated(policy.AllOptions))
	reload(t, g.store)
	return g, clock
}

// A request that the policy evaluator fails, or forces to a prompt, uses no answer.
func TestUsesOfRequestsThatAreNotAnswered(t *testing.T) {
	for name, force := range map[string]func(context.Context, decision.Record) (bool, uint32, error){
		"failed": func(context.Context, decision.Record) (bool, uint32, error) { return false, 0, errPlugIn },
		"forced": func(context.Context, decision.Record) (bool, uint32, error) { return true, 0, nil },
	} {
		t.Run(name, func(t *testing.T) {
			g, _ := agedByEvaluator(t, Ageing{Uses: 2})
			g.user.always(policy.Always)
			g.mustAskWith("")
			g.user.answers = func(*shownDialog) (Choice, error) { return Choice{}, ErrNoAnswer }
			g.evaluator.force = force
			for range 3 {
				if o, err := g.askWith(""); err == nil || o.Expired != NotExpired {
					t.Errorf("from %v, expired %v, error %v", o.Source, o.Expired, err)
				}
			}
			g.evaluator.force = nil
			for range 2 {
				if o, err := g.askWith(""); o.Source != SourceStored || err != nil {
					t.Errorf("from %v, expired %v, error %v", o.Source, o.Expired, err)
				}
			}
			g.evaluator.asked()
			if o, _ := g.askWith(""); o.Expired != ExpiredUses {
				t.Errorf("the third answer: from %v, expired %v", o.Source, o.Expired)
			}
			equal(t, "the evaluator was asked about", g.evaluator.asked())
		})
	}
}

// deleting is a database from which somebody deletes the first record that a use is to
// be counted of.
type deleting struct {
	decision.DB
	once sync.Once
}

func (d *deleting) AddUses(ctx context.Context, id uint64, n int64) (uint32, error) {
	d.once.Do(func() { d.DB.DeleteRecord(ctx, id) })
	return d.DB.AddUses(ctx, id, n)
}

// An answer that is deleted between the look-up and its use is one that wasn't there:
// that of the next fingerprint answers, or the user is asked.
func TestUseOfDeletedAnswer(t *testing.T) {
	for _, next := range []bool{true, false} {
		g, _ := agedByEvaluator(t, Ageing{Uses: 2}, func(o *Options) { o.DB = &deleting{DB: o.DB} })
		g.evaluator.fingerprints = func(context.Context, *Request) (Evaluation, error) { return prints("a", "b"), nil }
		g.user.always(policy.Yes)
		g.keep("a", decision.Always, 0)
		want, record := SourcePrompt, uint64(0)
		if next {
			want, record = SourceStored, g.keep("b", decision.Always, 0)
		}
		if o := g.mustAskWith(""); o.Source != want || o.Record != record || o.Expired != NotExpired {
			t.Errorf("from %v, record %d, expired %v, want from %v, record %d", o.Source, o.Record, o.Expired, want, record)
		}
	}
}

// notByID is a damaged database, which finds a record by its key and not by its id.
type notByID struct{ decision.DB }

func (notByID) AddUses(context.Context, uint64, int64) (uint32, error) {
	return 0, decision.ErrNotFound
}

// The search for an answer that can be counted ends.
func TestUseOfAnswerThatIsNotFound(t *testing.T) {
	seen := &counter{}
	g, _ := aged(t, Ageing{Uses: 2}, func(o *Options) { o.DB, o.Metrics = notByID{o.DB}, seen })
	g.user.always(policy.Always)
	for range 2 {
		o := g.mustAskWith("")
		if o.Source != SourcePrompt || o.Record != 0 && o.Expired != ExpiredUnknown {
			t.Errorf("from %v, record %d, expired %v", o.Source, o.Record, o.Expired)
		}
	}
	equal(t, "faults", seen.faults, "counting the uses of an answer")
}

// unusable is a database that can't count uses.
type unusable struct{ decision.DB }

func (unusable) AddUses(context.Context, uint64, int64) (uint32, error) { return 0, errDisk }

// Who can't count a use doesn't give the answer.
func TestUseThatIsNotCounted(t *testing.T) {
	seen := &counter{}
	g, _ := aged(t, Ageing{Uses: 5}, func(o *Options) { o.DB, o.Metrics = unusable{o.DB}, seen })
	g.user.always(policy.Always)
	for range 2 {
		o := g.mustAskWith("")
		if o.Source != SourcePrompt || o.Record != 0 && o.Expired != ExpiredUnknown {
			t.Errorf("from %v, record %d, expired %v", o.Source, o.Record, o.Expired)
		}
	}
	equal(t, "faults", seen.faults, "counting the uses of an answer")
}

// An answer that comes into the place of another, over another fingerprint, has
// uses of its own, and none of those that were taken in advance for the other.
func TestUsesOfAnswerReplaced(t *testing.T) {
	g, _ := aged(t, Ageing{Uses: 48})
	g.user.always(policy.Always)
	for range 2 {
		g.mustAskWith("")
	}
	if r := g.records(); r[0].Uses != 3 {
		t.Fatalf("%d uses are taken in advance, want 3", r[0].Uses)
	}
	rec := g.records()[0]
	rec.Uses = 0
	id, err := g.server.revoked.store(t.Context(), g.db, rec)
	if id != rec.ID || err != nil {
		t.Fatal(id, err)
	}
	for range 48 {
		if o := g.mustAskWith(""); o.Source != SourceStored {
			t.Fatalf("from %v", o.Source)
		}
	}
	if o := g.mustAskWith(""); o.Expired != ExpiredUses {
		t.Errorf("use 49: from %v, expired %v", o.Source, o.Expired)
	}
}

// allowances returns how many answers the service holds uses of.
func (g *fixture) allowances() int {
	u := &g.server.ageing.uses
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.byID)
}

// What was taken in advance for answers that are deleted together is forgotten, and
// nothing of the others.
func TestUsesOfDeletedAnswers(t *testing.T) {
	const answers = 2 * sweepFrom
	for name, deleteMany := range map[string]func(*fixture, *Management) error{
		"filter": func(_ *fixture, m *Management) error {
			_, err := m.Delete(context.Background(), decision.Filter{Client: decision.Number{Comparison: decision.Equal, Value: anApp}})
			return err
		},
		"executable": func(_ *fixture, m *Management) error {
			_, err := m.ExecutableRemoved(context.Background(), anApp)
			return err
		},
		"purge": func(g *fixture, m *Management) error {
			f := evaluated(policy.AllOptions)
			f.Header.MajorVersion++
			putFile(g.t, g.rom, theService, f)
			return m.PolicyFilesChanged(context.Background())
		},
		"database": func(_ *fixture, m *Management) error { return m.DeleteDatabase(context.Background()) },
	} {
		t.Run(name, func(t *testing.T) {
			g, _ := agedByEvaluator(t, Ageing{Uses: 160})
			g.evaluator.fingerprints = byDestination
			g.user.always(policy.Always)
			for i := range answers {
				for range 2 {
					g.ask(anApp, fmt.Sprint(i))
				}
			}
			for range 2 {
				g.ask(aWildApp, "kept")
			}
			if n := g.allowances(); n != answers+1 {
				t.Fatalf("uses of %d answers, want %d", n, answers+1)
			}
			m, err := g.server.Manage(Caller{SoftwareInstallObserver, WriteDeviceData})
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			if err := deleteMany(g, m); err != nil {
				t.Fatal(err)
			}
			if n, records := g.allowances(), len(g.records()); n != records {
				t.Errorf("uses of %d answers, and %d records", n, records)
			}
		})
	}
}

// listed is a database that counts how often it is listed.
type listed struct {
	decision.DB
	times int
}

func (l *listed) List(ctx context.Context, f decision.Filter) iter.Seq2[decision.Record, error] {
	l.times++
	return l.DB.List(ctx, f)
}

// As long as there are few, or not many more than the last time, nothing is read.
func TestUsesAreSweptSeldom(t *testing.T) {
	db := &listed{DB: decision.NewMemory()}
	u := &uses{}
	for client := range uint32(20 * sweepFrom) {
		id, err := db.Store(t.Context(), decision.Record{Key: decision.Key{Client: client}})
		if err != nil {
			t.Fatal(err)
		}
		u.allowance(id)
		u.sweep(t.Context(), db)
	}
	if len(u.byID) != 20*sweepFrom || db.times != 4 { // at 64, 192, 448 and 960
		t.Errorf("%d allowances, listed %d times", len(u.byID), db.times)
	}
}

// modelAnswer is a stored answer as TestAgeingModel knows it.
type modelAnswer struct {
	stored  bool
	at      time.Time
	program string
	given   uint32
}

// expiry is docs/ageing.md to the letter, for answers whose age is known.
func (m *modelAnswer) expiry(a Ageing, now time.Time, program string) Expiry {
	switch {
	case a.After > 0 && m.at.After(now):
		return ExpiredUnknown
	case a.After > 0 && now.Sub(m.at) >= a.After:
		return ExpiredTime
	case a.Program && (program == "" || m.program == ""):
		return ExpiredUnknown
	case a.Program && program != m.program:
		return ExpiredProgram
	case a.Uses > 0 && m.given >= a.Uses:
		return ExpiredUses
	}
	return NotExpired
}

// Random requests, times, programs, settings, ends and crashes of the service, by a
// model. Uses are taken one by one here, so that a crash loses none.
func TestAgeingModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var a Ageing
		g, clock := agedByEvaluator(t, Ageing{}, func(o *Options) { o.DB = decision.NewCached(o.DB, 0) })
		opt := g.server.opt
		opt.Ageing = func(decision.Service) Ageing { return a }
		now, latest := noon, time.Time{} // latest is the latest time that the service has seen
		var m modelAnswer
		restart := func() {
			var err error
			if g.server, err = New(opt); err != nil {
				rt.Fatal(err)
			}
			if g.session, err = g.server.Connect(t.Context(), Caller{SID: theServer, Capabilities: ProtServ}); err != nil {
				rt.Fatal(err)
			}
			latest = time.Time{}
		}
		restart()
		rt.Repeat(map[string]func(*rapid.T){
			"ask": func(rt *rapid.T) {
				program := rapid.SampledFrom([]string{"v1", "v1", "v1", "v2", ""}).Draw(rt, "program")
				choice := rapid.SampledFrom([]policy.Options{policy.Always, policy.Never, policy.Yes}).Draw(rt, "choice")
				force := rapid.SampledFrom([]bool{false, false, true}).Draw(rt, "force")
				failure := rapid.SampledFrom([]error{nil, nil, errPlugIn}).Draw(rt, "failure")
				g.user.always(choice)
				g.evaluator.force = func(context.Context, decision.Record) (bool, uint32, error) { return force, 0, failure }
				if a.After > 0 && m.stored {
					latest = later(latest, now)
				}
				want := m.expiry(a, latest, program)
				o, err := g.askWith(program)
				evaluated := m.stored && want == NotExpired
				if evaluated && failure != nil {
					if !errors.Is(err, failure) {
						rt.Fatalf("from %v, error %v", o.Source, err)
					}
					return
				}
				fromStore := evaluated && !force
				if err != nil || o.Forced != (evaluated && force) || (o.Source == SourceStored) != fromStore || m.stored && o.Expired != want {
					rt.Fatalf("from %v, expired %v (%v), want %v of %+v at %v", o.Source, o.Expired, err, want, m, latest)
				}
				if fromStore {
					if a.Uses > 0 {
						m.given++
					}
					return
				}
				m = modelAnswer{}
				if choice != policy.Yes {
					latest = later(latest, now)
					m = modelAnswer{stored: true, at: latest, program: program}
				}
			},
			"time passes": func(rt *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(-20, 60).Draw(rt, "minutes")) * time.Minute)
				clock.set(now)
			},
			"set": func(rt *rapid.T) {
				a = Ageing{
					After:   time.Duration(rapid.IntRange(0, 3).Draw(rt, "hours")) * time.Hour,
					Uses:    rapid.Uint32Range(0, inAdvance).Draw(rt, "uses"),
					Program: rapid.Bool().Draw(rt, "program"),
				}
			},
			"end": func(*rapid.T) {
				g.server.Close()
				restart()
			},
			"crash": func(*rapid.T) { restart() },
		})
	})
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Every expiry has words of its own, and what hasn't expired has none.
func TestExpiryWords(t *testing.T) {
	said := map[string]Expiry{}
	for e := NotExpired; e <= ExpiredUnknown; e++ {
		if other, twice := said[e.Words()]; twice {
			t.Errorf("%v and %v are both %q", e, other, e.Words())
		}
		said[e.Words()] = e
	}
	if none, ok := said[""]; !ok || none != NotExpired {
		t.Errorf("%v", said)
	}
}
