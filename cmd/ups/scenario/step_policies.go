package scenario

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// installStep puts policy files on a drive: an upgrade that eclipses, or a new
// ROM.
type installStep struct {
	place
	files  []named
	built  []*policyFile
	onROM  bool
	purged *uint64
}

func (s *installStep) title() string {
	var all []string
	for _, f := range s.files {
		all = append(all, f.path)
	}
	return "install " + strings.Join(all, ", ")
}

func (s *installStep) do(g *fixture) error {
	for _, f := range s.built {
		if err := g.put(driveOf(s.onROM), f); err != nil {
			return err
		}
	}
	return g.change(s.purged)
}

func driveOf(onROM bool) int {
	if onROM {
		return romDrive
	}
	return systemDrive
}

// uninstallStep takes a policy file from a drive.
type uninstallStep struct {
	place
	name    string
	service policy.Service
	onROM   bool
	purged  *uint64
}

func (s *uninstallStep) title() string { return "uninstall " + s.name }

func (s *uninstallStep) do(g *fixture) error {
	path := g.pathOf(driveOf(s.onROM), s.service)
	err := os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) {
		return g.abort("policy file", "none on that drive", filepath.Base(path))
	}
	if err != nil {
		return err
	}
	return g.change(s.purged)
}

// change notifies the service that policy files have changed, and looks how many
// records that deletes.
func (g *fixture) change(want *uint64) error {
	return g.purging(want, func(m *service.Management) error { return m.PolicyFilesChanged(g.ctx) })
}

// purging does what the software-install observer does, and compares the
// number of records that it deletes.
func (g *fixture) purging(want *uint64, do func(*service.Management) error) error {
	m, err := g.server.Manage(service.Caller{SID: service.SoftwareInstallObserver})
	if err != nil {
		return err
	}
	defer m.Close()
	before, err := g.db.Count(g.ctx, decision.Filter{})
	if err != nil {
		return err
	}
	if err := do(m); err != nil {
		return err
	}
	after, err := g.db.Count(g.ctx, decision.Filter{})
	if err != nil {
		return err
	}
	if purged := before - after; want != nil && uint64(purged) != *want {
		g.differ(Difference{"purged", fmt.Sprint(purged), fmt.Sprint(*want), fmt.Sprintf("of %d records", before)})
	}
	return g.settle()
}

// removeStep reports that the executable of a client was removed.
type removeStep struct {
	place
	name   string
	sid    uint32
	purged *uint64
}

func (s *removeStep) title() string { return "remove-client " + s.name }

func (s *removeStep) do(g *fixture) error {
	return g.purging(s.purged, func(m *service.Management) error {
		_, err := m.ExecutableRemoved(g.ctx, s.sid)
		return err
	})
}

// restartStep ends the service and starts it anew, with what is on disk.
type restartStep struct{ place }

func (s *restartStep) title() string { return "restart" }

func (s *restartStep) do(g *fixture) error {
	if err := g.server.Close(); err != nil {
		return err
	}
	if err := g.db.Close(); err != nil {
		return err
	}
	g.server, g.db = nil, nil
	for _, p := range g.begun {
		<-p.done
	}
	var err error
	g.store, err = runtime.Open(g.folder(romDrive), g.folder(systemDrive), runtime.StoreOptions{Report: g.problem})
	if err != nil {
		return err
	}
	if err := g.boot(); err != nil {
		return err
	}
	return g.settle()
}

// recordsStep compares what is stored.
type recordsStep struct {
	place
	want []*record
}

func (s *recordsStep) title() string { return "records" }

func (s *recordsStep) do(g *fixture) error {
	got, err := listed(g.ctx, g.db)
	if err != nil {
		return err
	}
	for i := range max(len(got), len(s.want)) {
		name := fmt.Sprintf("record %d", i+1)
		switch {
		case i >= len(s.want):
			g.differ(Difference{name, describe(&got[i], nil), "none", ""})
		case i >= len(got):
			g.differ(Difference{name, "none", describe(&s.want[i].Record, s.want[i].fields), ""})
		default:
			g.differ(s.want[i].compare(name, &got[i])...)
		}
	}
	return nil
}

func listed(ctx context.Context, db decision.DB) (all []decision.Record, err error) {
	for r, err := range db.List(ctx, decision.Filter{}) {
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// compare returns the fields that aren't as wanted.
func (r *record) compare(name string, got *decision.Record) (ds []Difference) {
	for _, f := range r.fields {
		if g, w := f.show(got), f.show(&r.Record); g != w {
			ds = append(ds, Difference{name + ", " + f.name, g, w, ""})
		}
	}
	return ds
}

// describe returns some fields of a record in a line, or those that say most.
func describe(r *decision.Record, fields []recordField) string {
	if fields == nil {
		return fmt.Sprintf("client %s, service %s/%s, fingerprint %s, entity %s, result %s, major %d, info %d",
			hexID(r.Client), hexID(r.Server), hexID(r.Service), showBytes(r.Fingerprint), showBytes(r.Entity), r.Result, r.Major, r.Info)
	}
	var parts []string
	for _, f := range fields {
		parts = append(parts, f.name+" "+f.show(r))
	}
	return strings.Join(parts, ", ")
}
