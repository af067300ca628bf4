package lint

import (
	"fmt"

	"ups/lint/analysis"
	"ups/policy"
)

// optionRules are about the options of policies.
var optionRules = []*Rule{
	{
		ID:       "lasting-unprotected",
		Name:     "Lasting answers for unprotected SIDs",
		Category: Opinion,
		Summary:  "Always or Session is offered to unprotected SIDs though the system server's own check may have failed.",
		Rationale: `A lasting yes is kept under the SID of the client, and a SID of 0x80000000 or above can be had by any
unsigned executable: another program that takes the SID inherits the answer. Offer it only where the
server's check passed, or to protected SIDs.`,
		Bad: example(`POLICY { options = KYes|KNo|KAlways|KNever; }`),
		Good: example(`POLICY { systemserversecurity = ESystemServerSecurityPassed; options = KYes|KNo|KAlways|KNever; },
		POLICY { options = KYes|KNo; }`),
		Run: aboutOptions(unprotectedFail, lastingUnprotected),
	},
	{
		ID:       "never-missing",
		Name:     "Always without Never",
		Category: Opinion,
		Summary:  "A prompt offers Always, but not Never.",
		Rationale: `A user can end the questions by yes alone. Programs that ask until they are allowed make use of it:
where a lasting yes can be given, a lasting no should be too.`,
		Bad: example(`POLICY { systemserversecurity = ESystemServerSecurityPassed; options = KYes|KNo|KAlways; },
		POLICY { options = KYes|KNo; }`),
		Good: example(`POLICY { systemserversecurity = ESystemServerSecurityPassed; options = KYes|KNo|KAlways|KNever; },
		POLICY { options = KYes|KNo; }`),
		Run: aboutOptions(anyClient, neverMissing),
	},
	{
		ID:       "no-missing",
		Name:     "No way to refuse once",
		Category: Opinion,
		Summary:  "A prompt offers no No: the only refusals are lasting ones.",
		Rationale: `A user who doesn't want to say yes now must then refuse for the session or for ever, or will say yes.
A dialog that is dismissed counts as No in any case.`,
		Bad:  example(`POLICY { options = KYes|KNever; }`),
		Good: example(`POLICY { options = KYes|KNo|KNever; }`),
		Run:  aboutOptions(anyClient, noMissing),
	},
	{
		ID:       "option-moot",
		Name:     "Option without effect",
		Category: Suspicion,
		Summary:  "Without a prompt an option changes nothing: it is neither offered nor stored, and never the decision.",
		Rationale: `A policy without a yes-kind or without a no-kind doesn't prompt, and its options are mapped to one
decision: No, Session No if that is among them, Yes, or Session Yes if that is among them. Always and
Never are answers that are stored only when a user gives them. Whoever wrote KYes|KAlways probably
meant a prompt (docs/service.md, A request).`,
		Bad: example(`POLICY { sid_classes = KProtectedSids; options = KYes|KAlways; },
		POLICY { options = KYes|KNo; }`),
		Good: example(`POLICY { sid_classes = KProtectedSids; options = KYes; },
		POLICY { options = KYes|KNo; }`),
		Run: aboutOptions(anyClient, optionMoot),
	},
	{
		ID:       "session-no",
		Name:     "Session No in use",
		Category: Opinion,
		Summary:  "A policy has the option Session No.",
		Rationale: `The platform's documentation says to use it with care. It is the system server that remembers a
session answer, as it defines sessions, so the user can't take it back; and with it among the options
a Never is given to the server as Session No too (docs/service.md, From a choice to a decision).`,
		Bad:  example(`POLICY { options = KYes|KNo|KSessionNo; }`),
		Good: example(`POLICY { options = KYes|KNo; }`),
		Run:  aboutOptions(anyClient, sessionNo),
	},
	{
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
		Run: aboutOptions(unprotected, silentAccept),
	},
	{
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
		Run: aboutOptions(anyClient, silentReject),
	},
}

// aboutOptions returns the run of a rule about the options of a policy. What it
// says is true of the requests that the policy decides, so it is reported with
// one of a client that is wanted, and not at all if no such request gets to it.
// Where the pattern isn't regular, so that nothing is claimed of what it decides,
// it is reported without a request. An empty message says nothing.
func aboutOptions(wanted func(analysis.Client) bool, about func(policy.Options) (message, hint string)) func(*Pass) {
	return func(p *Pass) {
		for i, pol := range p.File.Policies {
			message, hint := about(pol.Options)
			if message == "" {
				continue
			}
			f := p.finding(i+1, "options", message, hint)
			request, found := p.Analysis().Find(i, wanted)
			switch {
			case found == analysis.Yes:
				f.Message += ", for example for " + describe(request)
				f.Witness = &request
			case found == analysis.No, p.Analysis().Policies[i].Reach != analysis.Irregular:
				continue
			}
			p.Report(f)
		}
	}
}

// The clients that rules ask for.
func anyClient(analysis.Client) bool         { return true }
func unprotected(c analysis.Client) bool     { return !policy.Protected(c.SID) }
func unprotectedFail(c analysis.Client) bool { return unprotected(c) && !c.Passed }

func lastingUnprotected(o policy.Options) (message, hint string) {
	lasting := o & (policy.Always | policy.SessionYes)
	if lasting == 0 || !o.Prompts() {
		return "", ""
	}
	return writeOptions(lasting) + " is offered to unprotected SIDs even where the server's own check failed",
		"keep it to protected SIDs, or to systemserversecurity = ESystemServerSecurityPassed"
}

func neverMissing(o policy.Options) (message, hint string) {
	if !o.Prompts() || o&policy.Always == 0 || o&policy.Never != 0 {
		return "", ""
	}
	return "KAlways is offered, but not KNever: the questions can be ended by yes alone",
		"options = " + writeOptions(o|policy.Never)
}

func noMissing(o policy.Options) (message, hint string) {
	if !o.Prompts() || o&policy.No != 0 {
		return "", ""
	}
	return fmt.Sprintf("this prompt offers no No: %s is the only refusal", writeOptions(o&policy.NoKinds)),
		"options = " + writeOptions(o|policy.No)
}

func optionMoot(o policy.Options) (message, hint string) {
	decision := o.SilentDecision()
	moot := o & policy.AllOptions &^ optionOf(decision)
	if o.Prompts() || moot == 0 {
		return "", ""
	}
	effect := "has no effect"
	if moot == policy.Always && decision == policy.DecisionYes && o&policy.Yes == 0 {
		effect = "counts as KYes" // without it the decision would be no
	}
	return fmt.Sprintf("%s %s: without a prompt %s is always %q", writeOptions(moot), effect, writeOptions(o), decision),
		fmt.Sprintf("write %s, or offer both a yes and a no for there to be a prompt", writeOptions(optionOf(decision)))
}

// optionOf returns the option that stands for a decision.
func optionOf(d policy.Decision) policy.Options {
	switch d {
	case policy.DecisionYes:
		return policy.Yes
	case policy.DecisionSessionYes:
		return policy.SessionYes
	case policy.DecisionSessionNo:
		return policy.SessionNo
	}
	return policy.No
}

func sessionNo(o policy.Options) (message, hint string) {
	if o&policy.SessionNo == 0 {
		return "", ""
	}
	return "KSessionNo is in use: the system server will refuse for a whole session, and the user can't take it back", ""
}

func silentAccept(o policy.Options) (message, hint string) {
	if o.Prompts() || !o.SilentDecision().Allows() {
		return "", ""
	}
	return "this allows unprotected SIDs without asking: " + writeOptions(o) + " has no option to refuse",
		"keep it to protected SIDs (sid_classes = KProtectedSids, or a sid_list), or offer a choice, such as KYes|KNo"
}

func silentReject(o policy.Options) (message, hint string) {
	if o.Prompts() || o.SilentDecision().Allows() {
		return "", ""
	}
	return "this refuses without asking: " + writeOptions(o) + " has no option to allow",
		"offer a choice, such as KYes|KNo"
}

// writeOptions writes the options that have names, as a source does.
func writeOptions(o policy.Options) string {
	if o &= policy.AllOptions; o != 0 {
		return o.String()
	}
	return "0"
}
