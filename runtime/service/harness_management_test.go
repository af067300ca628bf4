package service

// manager makes a session with all capabilities.
func (g *fixture) manager() *Management {
	g.t.Helper()
	m, err := g.server.Manage(Caller{1, ^Capabilities(0)})
	if err != nil {
		g.t.Fatal(err)
	}
	return m
}
