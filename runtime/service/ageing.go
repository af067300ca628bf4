package service

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"ups/runtime/decision"
)

// Ageing says how long the stored answers of a service answer (docs/ageing.md). The
// zero value is for ever, as on the device.
type Ageing struct {
	After   time.Duration // since the user gave it; 0 is no limit
	Uses    uint32        // how often it may answer; 0 is no limit
	Program bool          // only while the client's program is the one that it was given for
}

// Expiry is why a stored answer doesn't answer any more.
type Expiry uint8

// The expiries. The zero value is that of an answer that does.
const (
	NotExpired     Expiry = iota
	ExpiredTime           // it is too old
	ExpiredUses           // it has answered as often as it may
	ExpiredProgram        // the client's program is another
	ExpiredUnknown        // its age can't be known
)

// String returns "no", "time", "uses", "program" or "unknown".
func (e Expiry) String() string {
	switch e {
	case ExpiredTime:
		return "time"
	case ExpiredUses:
		return "uses"
	case ExpiredProgram:
		return "program"
	case ExpiredUnknown:
		return "unknown"
	}
	return "no"
}

// Words says to people why they are asked again, as the rest of a sentence about their
// answer; "" of an answer that hasn't expired.
func (e Expiry) Words() string {
	switch e {
	case ExpiredTime:
		return "that answer is too old"
	case ExpiredUses:
		return "that answer has answered as often as it may"
	case ExpiredProgram:
		return "the program of the application has changed since"
	case ExpiredUnknown:
		return "it isn't known whether that answer still holds"
	}
	return ""
}

// ageing is what a server with answers that age knows of them.
type ageing struct {
	of func(decision.Service) Ageing // nil if they don't
	clock
	uses
}

// limits are those of a stored answer.
func (g *ageing) limits(rec *decision.Record) Ageing {
	if g.of == nil {
		return Ageing{}
	}
	return g.of(decision.Service{Server: rec.Server, Service: rec.Service})
}

// expired judges a stored answer, for a client that runs a program of that hash. It
// counts no use: the policy evaluator may still force a prompt, or fail.
func (g *ageing) expired(a Ageing, rec *decision.Record, program string) Expiry {
	e := a.expired(&rec.Age, program, &g.clock)
	if e == NotExpired && a.Uses > 0 && g.uses.spent(rec, a.Uses) {
		return ExpiredUses
	}
	return e
}

// use counts a use of a stored answer, unless it has none left; 0 is no limit.
func (g *ageing) use(ctx context.Context, db decision.DB, rec *decision.Record, limit uint32) (Expiry, error) {
	if limit == 0 {
		return NotExpired, nil
	}
	left, err := g.uses.take(ctx, db, rec, limit)
	switch {
	case err != nil:
		return ExpiredUnknown, err
	case !left:
		return ExpiredUses, nil
	}
	return NotExpired, nil
}

// expired judges by the time and by the program.
func (a Ageing) expired(age *decision.Age, program string, c *clock) Expiry {
	if a.After > 0 {
		switch now, answered := c.now(), time.Unix(age.Answered, 0); {
		case age.Answered == 0 || answered.After(now):
			return ExpiredUnknown
		case now.Sub(answered) >= a.After: // Answered is rounded down: rather too early than too late
			return ExpiredTime
		}
	}
	switch {
	case !a.Program:
		return NotExpired
	case program == "" || age.Program == "":
		return ExpiredUnknown
	case program != age.Program:
		return ExpiredProgram
	}
	return NotExpired
}

// age is that of an answer that is given now.
func (s *Server) age(client *Client) decision.Age {
	if s.ageing.of == nil {
		return decision.Age{}
	}
	return decision.Age{Answered: s.ageing.clock.now().Unix(), Program: client.Program}
}

// checkProgram refuses a hash of a program that no record can hold.
func (c *Client) checkProgram() error {
	if n := len(c.Program); n > decision.MaxProgram {
		return fmt.Errorf("%w: the hash of the client's program has %d bytes, the limit is %d", decision.ErrInvalidRecord, n, decision.MaxProgram)
	}
	return nil
}

// clock is the time by which answers age. It doesn't go back: an answer that has
// expired must not count again since somebody has set the system's.
type clock struct {
	system Clock
	latest atomic.Int64 // nanoseconds of Unix time
}

func (c *clock) now() time.Time {
	now := c.system.Now()
	for {
		latest := c.latest.Load()
		if now.UnixNano() <= latest {
			return time.Unix(0, latest)
		}
		if c.latest.CompareAndSwap(latest, now.UnixNano()) {
			return now
		}
	}
}
