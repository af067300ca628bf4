package policy

// Answer is what a client library does with a request before anything is sent
// to the service. The zero value is Reject.
type Answer uint8

// The answers.
const (
	Reject Answer = iota // answer No, without asking
	Allow                // answer Yes, without asking
	Ask                  // send the request to the service
)

// String returns "reject", "allow" or "ask".
func (a Answer) String() string {
	switch a {
	case Allow:
		return "allow"
	case Ask:
		return "ask"
	}
	return "reject"
}

// ByCheck leaves the answer to the system server's own check, as where there is
// no policy file.
func ByCheck(passed bool) Answer {
	if passed {
		return Allow
	}
	return Reject
}

// Answer returns what becomes of a request of a client, by its SID and by
// whether it was started from ROM, drive Z (docs/service.md, Before the service
// is asked). Passed is the result of the system server's own check.
func (a AuthorisationPolicy) Answer(sid uint32, passed, fromROM bool) Answer {
	trusted := false // a client whose check passed
	switch a {
	case AlwaysCheck:
	case CheckPostManufacture:
		trusted = Protected(sid) && fromROM
	case CheckUnprotectedSIDs:
		trusted = Protected(sid)
	case CheckIfFailed:
		trusted = true
	default: // NeverCheck, and what isn't known
		return ByCheck(passed)
	}
	if passed && trusted {
		return Allow
	}
	return Ask
}
