package lint

var silentRejectRule = &Rule{
	ID:       "silent-reject",
	Name:     "Silent reject",
	Category: Opinion,
	Summary:  "A policy refuses without asking the user.",
	Rationale: `With no yes-kind among the options there is no prompt: the request is refused, and the user never
learns why the application doesn't work. The platform's documentation advises against it. Where the
request must never be allowed, the system server's own check is the place to refuse it.`,
	Bad: example(`POLICY { destination = "+4490*"; options = KNo; },
		POLICY { options = KYes|KNo; }`),
	Good: example(`POLICY { destination = "+4490*"; options = KYes|KNo; },
		POLICY { options = KYes|KNo|KSessionYes; }`),
	Run: runSilentReject,
}

func runSilentReject(p *Pass) {
	for i, pol := range p.File.Policies {
		if !pol.Options.Prompts() && !pol.Options.Map(pol.Options).Allows() {
			p.reportDecided(i, anyClient, "this refuses without asking: "+writeOptions(pol.Options)+" has no option to allow",
				"offer a choice, such as KYes|KNo")
		}
	}
}
