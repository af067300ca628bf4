package runtime

import (
	"ups/policy"
)

// ServiceConfig is what a client library knows of a service, to tell whether
// the service need be asked. The zero value is that of a service without a
// policy file.
type ServiceConfig struct {
	Service uint32 // UID
	// HasPolicyFile is set if there is one, even one that can't be used: then
	// the service must be asked, and refuses.
	HasPolicyFile       bool
	AuthorisationPolicy policy.AuthorisationPolicy
	Major, Minor        uint16 // versions of the policy file
}

// Client is the application on whose behalf a system server asks, as the
// system knows it and never as the caller says.
type Client struct {
	SID   uint32
	Drive byte // letter, in any case, of the drive that the executable was started from; 0 if unknown
	Gone  bool // the process has ended
}

// Answer is what a client library does with a request. The zero value is
// Reject.
type Answer uint8

// The answers.
const (
	Reject Answer = iota // answer No, without asking
	Allow                // answer Yes, without asking
	Ask                  // send the request to the service
)

// String gives "reject", "allow" or "ask".
func (a Answer) String() string {
	switch a {
	case Allow:
		return "allow"
	case Ask:
		return "ask"
	}
	return "reject"
}

// Ask is the client library's question: need the service be asked about a
// request of the client? Passed is the result of the system server's own
// check. The law is the table of docs/service.md,
// Before the service is asked
func (c ServiceConfig) Ask(client Client, passed bool) Answer {
	if !c.HasPolicyFile {
		return byCheck(passed)
	}
	switch c.AuthorisationPolicy {
	case policy.AlwaysCheck:
		return Ask
	case policy.CheckPostManufacture:
		if client.Gone {
			return Reject // where its executable came from can't be told any more
		}
		return allowIf(passed && policy.Protected(client.SID) && client.fromROM())
	case policy.CheckUnprotectedSIDs:
		return allowIf(passed && policy.Protected(client.SID))
	case policy.CheckIfFailed:
		return allowIf(passed)
	}
	return byCheck(passed) // policy.NeverCheck, and what isn't known
}

// allowIf gives Allow if the service need not be asked.
func allowIf(trusted bool) Answer {
	if trusted {
		return Allow
	}
	return Ask
}

// byCheck leaves the answer to the system server's own check.
func byCheck(passed bool) Answer {
	if passed {
		return Allow
	}
	return Reject
}

// fromROM reports whether the executable came from drive Z.
func (c Client) fromROM() bool { return c.Drive == 'Z' || c.Drive == 'z' }
