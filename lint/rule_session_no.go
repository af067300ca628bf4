package lint

import (
	"ups/policy"
)

var sessionNoRule = &Rule{
	ID:       "session-no",
	Name:     "Session No in use",
	Category: Opinion,
	Summary:  "A policy has the option Session No.",
	Rationale: `The platform's documentation says to use it with care. It is the system server that remembers a
session answer, as it defines sessions, so the user can't take it back; and with it among the options
a Never is given to the server as Session No too (docs/service.md, From a choice to a decision).`,
	Bad:  example(`POLICY { options = KYes|KNo|KSessionNo; }`),
	Good: example(`POLICY { options = KYes|KNo; }`),
	Run:  runSessionNo,
}

func runSessionNo(p *Pass) {
	for i, pol := range p.File.Policies {
		if pol.Options&policy.SessionNo != 0 {
			p.reportDecided(i, anyClient, "KSessionNo is in use: the system server will refuse for a whole session, and the user can't take it back", "")
		}
	}
}
