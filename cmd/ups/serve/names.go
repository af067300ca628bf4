package serve

import (
	"sync/atomic"

	"ups/cmd/ups/serve/config"
	"ups/runtime/server/panel"
)

// names are what people know SIDs and UIDs by, on the control panel.
type names struct{ now atomic.Pointer[config.Config] }

// set takes the names of a configuration.
func (n *names) set(cfg *config.Config) { n.now.Store(cfg) }

func (n *names) forPanel() panel.Names {
	return panel.Names{
		Client:  func(sid uint32) string { return n.now.Load().Panel.Names.Clients[sid] },
		Server:  n.server,
		Service: func(_, uid uint32) string { return n.now.Load().Panel.Names.Services[uid] },
	}
}

// server returns the name of a system server: that of its identity if it has no other.
func (n *names) server(sid uint32) string {
	cfg := n.now.Load()
	if name := cfg.Panel.Names.Servers[sid]; name != "" {
		return name
	}
	for i := range cfg.Identities {
		if id := &cfg.Identities[i]; sid != 0 && id.Caller.SID == sid {
			return id.Name
		}
	}
	return ""
}
