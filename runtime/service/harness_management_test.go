package service

import (
	"context"
	"errors"

	"ups/runtime/decision"
)

// operations are those of the table of docs/service.md, Management.
var operations = []struct {
	name string
	need Capabilities // 0: the software-install observer
	do   func(*Management) error
}{
	{"list", ReadDeviceData, func(m *Management) error {
		for _, err := range m.Records(context.Background(), decision.Filter{}) {
			return err
		}
		return nil
	}},
	{"delete", WriteDeviceData, func(m *Management) error {
		_, err := m.Delete(context.Background(), decision.Filter{Client: decision.Number{Comparison: decision.Equal, Value: 99}})
		return err
	}},
	{"delete database", WriteDeviceData, func(m *Management) error { return m.DeleteDatabase(context.Background()) }},
	{"update", AllFiles, func(m *Management) error {
		err := m.UpdateResult(context.Background(), 1<<40, decision.Never)
		if errors.Is(err, decision.ErrNotFound) {
			return nil
		}
		return err
	}},
	{"restore", AllFiles, func(m *Management) error {
		_, err := m.Restore(context.Background(), decision.Record{})
		if errors.Is(err, ErrSuperseded) { // a service without policies
			return nil
		}
		return err
	}},
	{"executable removed", 0, func(m *Management) error {
		_, err := m.ExecutableRemoved(context.Background(), 99)
		return err
	}},
	{"plug-ins", 0, func(m *Management) error { return m.PlugInsChanged(context.Background()) }},
	{"policy files", 0, func(m *Management) error { return m.PolicyFilesChanged(context.Background()) }},
}

// manager makes a session with all capabilities.
func (g *fixture) manager() *Management {
	g.t.Helper()
	m, err := g.server.Manage(Caller{1, ^Capabilities(0)})
	if err != nil {
		g.t.Fatal(err)
	}
	return m
}

func is(v uint64) decision.Number { return decision.Number{Comparison: decision.Equal, Value: v} }
