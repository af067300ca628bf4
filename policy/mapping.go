package policy

import "fmt"

// Decision is what the service answers a system server. The zero value is
// DecisionNo, so that an answer that was never given is a refusal.
type Decision uint8

// The decisions. A session answer is one that the system server remembers for
// the session, as it defines it.
const (
	DecisionNo         Decision = iota // refuses this request
	DecisionYes                        // allows this request
	DecisionSessionNo                  // refuses for the session
	DecisionSessionYes                 // allows for the session
)

// String returns "no", "yes", "session-no" or "session-yes", and the number of
// any other value.
func (d Decision) String() string {
	switch d {
	case DecisionNo:
		return "no"
	case DecisionYes:
		return "yes"
	case DecisionSessionNo:
		return "session-no"
	case DecisionSessionYes:
		return "session-yes"
	}
	return fmt.Sprintf("decision %d", uint8(d))
}

// Allows reports whether the request may go on.
func (d Decision) Allows() bool { return d == DecisionYes || d == DecisionSessionYes }

// Prompts reports whether a policy of these options asks the user, who must be
// able to say both yes and no. One that doesn't is silent (docs/service.md, A
// request).
func (o Options) Prompts() bool { return o&YesKinds != 0 && o&NoKinds != 0 }

// SilentDecision returns the decision of a policy of these options that doesn't
// ask the user.
func (o Options) SilentDecision() Decision { return o.DecisionFor(o) }

// DecisionFor returns the decision for a choice, usually one option, under a
// policy of the options o (docs/service.md, From a choice to a decision). It
// doesn't look whether the choice is one that the policy offers.
func (o Options) DecisionFor(choice Options) Decision {
	switch {
	case choice&(Never|SessionNo) != 0:
		if o&SessionNo != 0 {
			return DecisionSessionNo
		}
	case choice&(Always|SessionYes) != 0:
		if o&SessionYes != 0 {
			return DecisionSessionYes
		}
		return DecisionYes
	case choice&No != 0:
	case choice&Yes != 0:
		return DecisionYes
	}
	return DecisionNo
}
