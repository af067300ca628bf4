package lint

var silentAcceptRule = &Rule{
	ID:       "silent-accept",
	Name:     "Silent accept for unprotected SIDs",
	Category: Suspicion,
	Summary:  "A policy allows requests of unprotected SIDs without asking the user.",
	Rationale: `With no no-kind among the options there is no prompt: the request is allowed. A SID of 0x80000000 or
above is not protected: an executable that nobody has signed for it can have it, so that anybody gets
what this policy gives.`,
	Bad: example(`POLICY { destination = "update.example"; options = KYes; },
		POLICY { options = KYes|KNo; }`),
	Good: example(`POLICY { sid_classes = KProtectedSids; destination = "update.example"; options = KYes; },
		POLICY { options = KYes|KNo; }`),
	Run: runSilentAccept,
}

func runSilentAccept(p *Pass) {
	for i, pol := range p.File.Policies {
		if !pol.Options.Prompts() && pol.Options.Map(pol.Options).Allows() {
			p.reportDecided(i, unprotected,
				"this allows unprotected SIDs without asking: "+writeOptions(pol.Options)+" has no option to refuse",
				"keep it to protected SIDs (sid_classes = KProtectedSids, or a sid_list), or offer a choice, such as KYes|KNo")
		}
	}
}
