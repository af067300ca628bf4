package lint

import (
	"fmt"

	"ups/lint/analysis"
)

var versionRaisedRule = &Rule{
	ID:       "version-raised",
	Name:     "Major version raised without need",
	Category: Suspicion,
	Summary:  "No request is decided otherwise than in the older version, and majorversion is another.",
	Rationale: `Whenever majorversion changes, the service deletes the stored Always and Never answers of the list
(docs/service.md, Purge), and users are asked all over again. A change that changes no
decision is one for minorversion. It is proved for all regular destinations (docs/matching.md), of any
length.`,
	Bad: versions(
		exampleWith("majorversion = 1;", `POLICY { destination = "a*"; options = KYes; }, POLICY { options = KYes|KNo; }`),
		exampleWith("majorversion = 2;", `POLICY { destination = "A*"; options = KYes; }, POLICY { options = KYes|KNo; }`)),
	Good: versions(
		exampleWith("majorversion = 1;", `POLICY { destination = "a*"; options = KYes; }, POLICY { options = KYes|KNo; }`),
		exampleWith("majorversion = 1; minorversion = 1;", `POLICY { destination = "A*"; options = KYes; }, POLICY { options = KYes|KNo; }`)),
	Against: true,
	Run:     runVersionRaised,
}

func runVersionRaised(p *Pass) {
	before, after := header(p.Against).MajorVersion, header(p.File).MajorVersion
	if before == after || p.compared().Changed != analysis.No {
		return
	}
	p.Report(p.versionFinding(fmt.Sprintf("majorversion is %d after %d although no decision changes: the stored answers are deleted for nothing", after, before),
		fmt.Sprintf("write majorversion = %d, and raise minorversion", before), nil))
}
