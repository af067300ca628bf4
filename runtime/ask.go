package runtime

import (
	"ups/policy"
)

// ServiceConfig is what a client library knows of a service, to decide whether
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

// Ask is the client library's question: need the service be asked about a
// request of the client? Passed is the result of the system server's own check.
func (c ServiceConfig) Ask(client Client, passed bool) policy.Answer {
	if !c.HasPolicyFile {
		return policy.ByCheck(passed)
	}
	if c.AuthorisationPolicy == policy.CheckPostManufacture && client.Gone {
		return policy.Reject // where its executable came from isn't known any more
	}
	return c.AuthorisationPolicy.Answer(client.SID, passed, client.fromROM())
}

// fromROM reports whether the executable came from drive Z.
func (c Client) fromROM() bool { return c.Drive == 'Z' || c.Drive == 'z' }
