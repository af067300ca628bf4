package lint

import (
	"fmt"
	"math"

	"ups/diag"
	"ups/lint/analysis"
	"ups/policy"
)

// versionRules compare a list with an older version.
var versionRules = []*Rule{
	{
		ID:       "version-kept",
		Name:     "Decisions changed, major version kept",
		Category: Defect,
		Summary:  "Some requests are decided otherwise than in the older version, and majorversion is the same.",
		Rationale: `Stored Always and Never answers are kept for as long as majorversion stays the same (docs/service.md,
Purge). An answer that was given under the old policies then goes on counting under the
new ones. What counts as a decision is what the system server hears, and the prompt on the way there.
It is looked for among all regular destinations (docs/matching.md), of any length.`,
		Bad: versions(
			exampleWith("majorversion = 1;", `POLICY { options = KYes|KNo|KAlways; }`),
			exampleWith("majorversion = 1; minorversion = 1;", `POLICY { destination = "sms:0900*"; options = KNo; }, POLICY { options = KYes|KNo|KAlways; }`)),
		Good: versions(
			exampleWith("majorversion = 1;", `POLICY { options = KYes|KNo|KAlways; }`),
			exampleWith("majorversion = 2;", `POLICY { destination = "sms:0900*"; options = KNo; }, POLICY { options = KYes|KNo|KAlways; }`)),
		Against: true,
		Run:     runVersionKept,
	},
	{
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
	},
}

func runVersionKept(p *Pass) {
	before, after := p.Against.HeaderOrZero().MajorVersion, p.File.HeaderOrZero().MajorVersion
	c := p.compared()
	raised := after > before || before == math.MaxUint16 && after != before
	if raised || c.Changed != analysis.Yes {
		return
	}
	what := "the same"
	if after < before {
		what = fmt.Sprintf("lower: %d after %d", after, before)
	}
	rom := ""
	if c.FromROM {
		rom = " started from drive Z"
	}
	message := fmt.Sprintf("decisions changed, but majorversion is %s: %s%s got %s from %s, and gets %s from %s", what,
		describe(c.Witness), rom, c.Before.Unlike(c.After), byWhom(c.Before, c.OldDecider),
		c.After.Unlike(c.Before), byWhom(c.After, c.NewDecider))
	p.Report(p.versionFinding(message, raise(before), &c.Witness))
}

// raise says what to write in place of a version, a WORD.
func raise(version uint16) string {
	if version == math.MaxUint16 {
		return "no version is higher: write a lower one that no released file had; any other than before deletes the stored answers"
	}
	return fmt.Sprintf("write majorversion = %d", version+1)
}

// byWhom names what decides. Without a policy it is the default policy, unless
// the service isn't asked.
func byWhom(o analysis.Outcome, place int) string {
	if place < 0 && !o.Prompts {
		return "the server's own check"
	}
	return decider(place)
}

func (p *Pass) versionFinding(message, hint string, witness *policy.Request) Finding {
	return Finding{Witness: witness, Diagnostic: diag.Diagnostic{Message: message, Hint: hint}.At(p.File.HeaderOrZero().Places.Field("majorversion"))}
}

func runVersionRaised(p *Pass) {
	before, after := p.Against.HeaderOrZero().MajorVersion, p.File.HeaderOrZero().MajorVersion
	if before == after || p.compared().Changed != analysis.No {
		return
	}
	p.Report(p.versionFinding(fmt.Sprintf("majorversion is %d after %d although no decision changes: the stored answers are deleted for nothing", after, before),
		fmt.Sprintf("write majorversion = %d, and raise minorversion", before), nil))
}
