package serve

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/serve/config"
	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/decision/sqlite"
)

// checker looks at what a configuration names, and says what the server would do.
// It changes nothing.
type checker struct {
	cfg    *config.Config
	out    strings.Builder
	errors []error
	// What policies that ask need.
	evaluators, creators needed
}

// checkAll writes what the server would do, and returns all that is wrong.
func (c *command) checkAll(ctx context.Context, cfg *config.Config) error {
	k := &checker{cfg: cfg}
	k.policies()
	k.decisions(ctx)
	for _, l := range cfg.Listen {
		k.listener(l)
	}
	k.identities()
	k.panel()
	k.answers()
	k.observed()
	k.limits()
	k.plugIns()
	k.idle()
	if err := errors.Join(k.errors...); err != nil {
		return err
	}
	return c.con.Write([]byte(k.out.String()))
}

func (k *checker) say(format string, args ...any) { fmt.Fprintf(&k.out, format+"\n", args...) }

// wrong notes what is wrong with something that the configuration names.
func (k *checker) wrong(name config.Name, err error) {
	k.errors = append(k.errors, named(name, err))
}

// policies loads every policy file.
func (k *checker) policies() {
	bad := 0
	store, err := runtime.Open(k.cfg.ROM.Path, k.cfg.System.Path, runtime.StoreOptions{Report: func(p runtime.Problem) {
		k.errors = append(k.errors, console.Input(p.Err))
		bad++
	}})
	if err != nil {
		k.errors = append(k.errors, noPolicies(k.cfg.ROM, err))
		return
	}
	var active map[policy.Service]uint16
	store.Read(func(s *runtime.Snapshot) { active, _ = s.Active() })
	k.need(store, active)
	folders := k.cfg.ROM.Path
	if k.cfg.System.Path != "" {
		folders += ", eclipsed by those in " + k.cfg.System.Path
	}
	hint := ""
	if len(active)+bad == 0 {
		hint = ": " + compileInto(k.cfg.ROM.Path)
	}
	k.say("policies: %s in %s%s", counted(len(active), "file"), folders, hint)
}

// decisions reads the database, which a server may be using, or looks for the folder
// that it would be made in.
func (k *checker) decisions(ctx context.Context) {
	name := k.cfg.Decisions
	db, err := sqlite.View(ctx, name.Path)
	switch {
	case err == nil:
		k.stored(ctx, db)
	case !errors.Is(err, fs.ErrNotExist):
		k.wrong(name, err)
	case k.parent(name):
		k.say("decisions: %s, which is made", name.Path)
	}
}

func (k *checker) stored(ctx context.Context, db decision.DB) {
	n := 0
	for _, err := range db.List(ctx, decision.Filter{}) {
		if err != nil {
			k.wrong(k.cfg.Decisions, err)
			break
		}
		n++
	}
	if err := db.Close(); err != nil {
		k.wrong(k.cfg.Decisions, err)
	}
	k.say("decisions: %s, with %s", k.cfg.Decisions.Path, counted(n, "record"))
}

// parent looks whether there is a folder for a file that the server makes.
func (k *checker) parent(name config.Name) bool {
	err := parentFolder(name.Path)
	if err != nil {
		k.wrong(name, err)
	}
	return err == nil
}

func parentFolder(path string) error {
	dir := filepath.Dir(path)
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = fmt.Errorf("there is no folder %s", dir)
	case err == nil && !info.IsDir():
		err = fmt.Errorf("%s is not a folder", dir)
	}
	return err
}

func (k *checker) listener(l config.Listener) {
	if l.TCP != "" {
		if _, err := loadTLS(l.TLS); err != nil {
			k.errors = append(k.errors, err)
		}
		k.say("listen: tcp %s, for clients with a certificate of %s", l.TCP, l.TLS.Clients.Path)
		return
	}
	k.socket(l)
	k.say("listen: unix %s, mode %04o", l.Unix, l.Mode)
}

// socket looks whether a socket can be made.
func (k *checker) socket(l config.Listener) {
	name := config.Name{Path: l.Unix, Pos: l.Pos}
	k.parent(name)
	if info, err := os.Lstat(l.Unix); err == nil && info.Mode().Type() != fs.ModeSocket {
		k.wrong(name, console.Hint(errNoSocket, socketHint))
	}
}

func (k *checker) panel() {
	cfg := k.cfg.Panel
	if cfg.Listen == "" {
		return
	}
	if _, err := passwordHash(cfg.Password); err != nil {
		k.errors = append(k.errors, err)
	}
	by := "links that are logged"
	if cfg.Password.Path != "" {
		by = "the password of " + cfg.Password.Path
	}
	asks := ""
	if !slices.Contains(slices.Collect(maps.Values(k.cfg.PlugIns.Creators)), config.ByPanel) {
		asks = "; no dialog creator asks on it"
	}
	k.say("panel: http://%s, by %s%s", cfg.Listen, by, asks)
}

func (k *checker) idle() {
	switch {
	case k.cfg.Idle == config.Never, k.cfg.Idle == 0 && k.cfg.Panel.Listen != "":
		k.say("idle: never ends by itself")
	case k.cfg.Idle == 0:
		k.say("idle: ends %v after the last connection if systemd has passed all sockets, else never", config.DefaultIdle)
	default:
		k.say("idle: ends %v after the last connection", k.cfg.Idle)
	}
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
