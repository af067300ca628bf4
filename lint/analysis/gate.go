package analysis

import "ups/policy"

// gate is what the client library makes of a request before anything is sent
// (docs/service.md, Before the service is asked).
type gate uint8

const (
	ask gate = iota
	allow
	reject
)

// gateOf returns the gate of a request of a client that was started from ROM,
// drive Z, or from elsewhere.
func gateOf(a policy.AuthorisationPolicy, sid uint32, passed, fromROM bool) gate {
	content := false // whether a check that passed is enough
	switch a {
	case policy.AlwaysCheck:
	case policy.CheckPostManufacture:
		content = policy.Protected(sid) && fromROM
	case policy.CheckUnprotectedSIDs:
		content = policy.Protected(sid)
	case policy.CheckIfFailed:
		content = true
	default:
		if !passed {
			return reject
		}
		content = true
	}
	if passed && content {
		return allow
	}
	return ask
}

// outcome returns the outcome of a request that doesn't get through.
func (g gate) outcome() Outcome {
	if g == allow {
		return Outcome{Decision: policy.DecisionYes}
	}
	return Outcome{Decision: policy.DecisionNo}
}
