package lint

var destinationEmptyRule = &Rule{
	ID:       "destination-empty",
	Name:     "Empty destination",
	Category: Suspicion,
	Summary:  "A policy's destination is empty, which matches the empty destination alone.",
	Rationale: `It doesn't mean any destination: that is *, and what a policy has that gives none. An empty pattern is
right only where the system server sends an empty destination and means something by it.`,
	Bad:  example(`POLICY { destination = ""; options = KYes|KNo; }`),
	Good: example(`POLICY { destination = "*"; options = KYes|KNo; }`),
	Run:  runDestinationEmpty,
}

func runDestinationEmpty(p *Pass) {
	for i, pol := range p.File.Policies {
		if len(pol.Destination) == 0 {
			p.Report(p.finding(i+1, "destination", "an empty destination matches only requests without one", `write "*" for any destination`))
		}
	}
}
