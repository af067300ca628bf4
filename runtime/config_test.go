package runtime

import (
	"testing"

	"ups/policy"
)

func TestConfigHasEachServiceOnce(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, fileName(1, 9), compiled(t, 1))
	f.write(f.rom, fileName(1, 3), compiled(t, 2))
	f.write(f.system, fileName(1, 3), compiled(t, 3))
	f.write(f.system, fileName(1, 4), compiled(t, 4))
	f.write(f.rom, fileName(1, 5), nil)
	f.write(f.system, fileName(1, 6), nil)
	f.write(f.rom, fileName(2, 1), compiled(t, 5))
	s := f.open()
	sound := func(service uint32, major uint16) ServiceConfig {
		return ServiceConfig{service, true, policy.CheckIfFailed, major, 7}
	}
	want := []ServiceConfig{
		sound(3, 3), sound(4, 4),
		{Service: 5, HasPolicyFile: true, AuthorisationPolicy: policy.AlwaysCheck},
		{Service: 6, HasPolicyFile: true, AuthorisationPolicy: policy.AlwaysCheck},
		sound(9, 1),
	}
	same(t, "server 1", configOf(s, 1), want)
	same(t, "server 3", configOf(s, 3), []ServiceConfig{})
	for _, c := range want {
		same(t, "one service", s.ServiceConfig(1, c.Service), c)
	}
	same(t, "no file", s.ServiceConfig(7, 7), ServiceConfig{Service: 7})
}

// A service that refuses must be asked, whatever the server's check said.
func TestServiceWithBadFileIsAsked(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, testName, nil)
	c := f.open().ServiceConfig(testServer, testService)
	for _, passed := range []bool{true, false} {
		if a := c.Ask(Client{SID: 1, Drive: 'z'}, passed); a != policy.Ask {
			t.Errorf("check passed %v: %v", passed, a)
		}
	}
}

func TestActive(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, fileName(1, 1), compiled(t, 11))
	f.write(f.rom, fileName(1, 2), nil)
	f.write(f.system, fileName(1, 3), nil)
	active, bad := activeIn(f.open())
	same(t, "active", active, map[policy.Service]uint16{{Server: 1, Service: 1}: 11})
	same(t, "bad", bad, []policy.Service{{Server: 1, Service: 2}, {Server: 1, Service: 3}})
}
