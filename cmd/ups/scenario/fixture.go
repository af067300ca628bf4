package scenario

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/decision/sqlite"
	"ups/runtime/service"
)

// fixture is a service and all that is around it, for one scenario.
type fixture struct {
	ctx      context.Context
	run      *run
	scenario *scenario
	dir      string
	drives   [2]map[string]*policyFile // by path; the system drive's, then the ROM drive's
	store    *runtime.Store
	open     func() (decision.DB, error)
	db       decision.DB
	server   *service.Server
	sessions map[uint32]*service.Session
	requests map[string]*pending // by name
	begun    []*pending          // in order

	mu    sync.Mutex
	notes []string

	at     step // that is under way
	result *ScenarioResult
}

// The drives of policies, and their folders.
const (
	systemDrive = iota
	romDrive
)

var folderOf = [2]string{"system", "rom"}

// newFixture sets up the service that a scenario begins with.
func newFixture(ctx context.Context, r *run, s *scenario, result *ScenarioResult) (*fixture, error) {
	g := &fixture{
		ctx: ctx, run: r, scenario: s, result: result,
		drives:   [2]map[string]*policyFile{{}, {}},
		requests: map[string]*pending{},
	}
	var err error
	if g.dir, err = os.MkdirTemp("", "ups-test-"); err != nil {
		return nil, err
	}
	if err := g.setUp(); err != nil {
		return nil, errors.Join(err, g.tearDown())
	}
	return g, nil
}

func (g *fixture) setUp() error {
	for drive, files := range [2][]*policyFile{g.run.store.system, g.run.store.rom} {
		if err := os.Mkdir(g.folder(drive), 0o700); err != nil {
			return err
		}
		for _, f := range files {
			if err := g.put(drive, f); err != nil {
				return err
			}
		}
	}
	var err error
	g.store, err = runtime.Open(g.folder(romDrive), g.folder(systemDrive), runtime.StoreOptions{Report: g.problem})
	if err != nil {
		return err
	}
	g.chooseDatabase()
	if err := g.boot(); err != nil {
		return err
	}
	return g.storeGiven()
}

func (g *fixture) folder(drive int) string { return filepath.Join(g.dir, folderOf[drive]) }

// put puts a policy file on a drive, in place of that of its service.
func (g *fixture) put(drive int, f *policyFile) error {
	path := g.pathOf(drive, f.id)
	g.drives[drive][path] = f
	return os.WriteFile(path, f.bytes, 0o600)
}

func (g *fixture) pathOf(drive int, id policy.Service) string {
	return filepath.Join(g.folder(drive), id.FileName(policy.CompiledExt))
}

// chooseDatabase takes the one on disk for scenarios with a restart, that the
// decisions must survive, and one in memory for all others.
func (g *fixture) chooseDatabase() {
	memory := decision.NewMemory()
	g.open = func() (decision.DB, error) { return memory, nil }
	if slices.ContainsFunc(g.scenario.steps, func(s step) bool { _, is := s.(*restartStep); return is }) {
		path := filepath.Join(g.dir, "decisions.db")
		g.open = func() (decision.DB, error) { return sqlite.Open(g.ctx, path, sqlite.Options{}) }
	}
}

// boot starts the service.
func (g *fixture) boot() error {
	db, err := g.open()
	if err != nil {
		return err
	}
	g.db, g.sessions = db, map[uint32]*service.Session{}
	g.server, err = service.New(service.Options{
		Store: g.store, DB: db, PlugIns: g, Idle: -1,
		Limits: service.Limits{Evaluate: -1, Prepare: -1, Display: -1}, // the runner has a guard
	})
	return err
}

// storeGiven stores the records that the scenario begins with.
func (g *fixture) storeGiven() error {
	for _, r := range g.scenario.given {
		rec := r.Record
		l, err := g.store.List(rec.Server, rec.Service)
		if err == nil && !r.hasMajor {
			rec.Major = l.File().Header.MajorVersion
		}
		if err == nil && !r.hasEvaluator {
			rec.Evaluator = l.File().Header.PolicyEvaluator
		}
		if _, err := g.db.Store(g.ctx, rec); err != nil {
			return &Error{Pos: r.pos, Message: "the record can't be stored: " + err.Error()}
		}
	}
	return nil
}

// tearDown ends the service and clears away its files.
func (g *fixture) tearDown() error {
	var errs []error
	for _, p := range g.begun {
		p.cancel()
	}
	if g.server != nil {
		errs = append(errs, g.server.Close())
	}
	if g.db != nil {
		errs = append(errs, g.db.Close())
	}
	for _, p := range g.begun {
		<-p.done
		g.run.hit(p)
	}
	return errors.Join(append(errs, os.RemoveAll(g.dir))...)
}

// session returns the session of a system server.
func (g *fixture) session(server uint32) (*service.Session, error) {
	if s := g.sessions[server]; s != nil {
		return s, nil
	}
	s, err := g.server.Connect(g.ctx, service.Caller{SID: server, Capabilities: service.ProtServ})
	if err != nil {
		return nil, err
	}
	g.sessions[server] = s
	return s, nil
}

// problem keeps what the store reports of files, by the names that people know.
func (g *fixture) problem(p runtime.Problem) {
	text := g.plain(p.Err.Error())
	g.mu.Lock()
	defer g.mu.Unlock()
	g.notes = append(g.notes, fmt.Sprintf("%s: %s", strings.ToLower(p.Level.String()), text))
}

// plain returns a text with the names of the policy files that people know.
func (g *fixture) plain(text string) string {
	for _, files := range g.drives {
		for path, f := range files {
			text = strings.ReplaceAll(text, path, f.origin)
		}
	}
	return text
}

// differ reports something that isn't as expected in the step under way.
func (g *fixture) differ(ds ...Difference) {
	if len(ds) == 0 {
		return
	}
	last := len(g.result.Failures) - 1
	if last >= 0 && g.result.Failures[last].Pos == g.at.at() {
		g.result.Failures[last].Differences = append(g.result.Failures[last].Differences, ds...)
		return
	}
	g.result.Failures = append(g.result.Failures, Failure{g.at.at(), g.at.title(), ds})
}
