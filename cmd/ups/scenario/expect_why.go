package scenario

import (
	"fmt"
	"strconv"
	"strings"

	"ups/diag"
	"ups/policy"
	"ups/runtime/service"
)

// whyDecision says how the decision came to be.
func whyDecision(e *ended, _ string) string {
	if e.err != nil {
		return "" // the difference of the error says it
	}
	if e.unoffered != "" {
		return fmt.Sprintf("%s is none of the options that the policy offers, %s, and counts as no",
			e.unoffered, optionList(e.Policy.Policy.Options))
	}
	switch e.Source {
	case service.SourceCheck:
		return "the service wasn't asked: the client library settled it by the check"
	case service.SourceSilent:
		return fmt.Sprintf("policy %s decides without a prompt", e.located())
	case service.SourceStored:
		return fmt.Sprintf("it is a stored answer, under policy %s", e.located())
	}
	return ""
}

func whyError(e *ended, _ string) string {
	if e.err == nil {
		return ""
	}
	return e.plain(e.err.Error())
}

func whyAsked(e *ended, _ string) string {
	return fmt.Sprintf("SID %s, drive %c:, check %s", hexID(e.Client.SID), e.Client.Drive, checkName(e.Passed))
}

func checkName(passed bool) string {
	if passed {
		return "passed"
	}
	return "failed"
}

// located names the policy that decided, with its place in the source.
func (e *ended) located() string {
	if !e.Matched || e.Policy.Default {
		return e.policyName()
	}
	return e.policies.locate(e.Policy.Index + 1)
}

// locate names a policy with its place, if that is known.
func (f *policyFile) locate(number int) string {
	if f == nil || f.file == nil || number < 1 || number > len(f.file.Policies) {
		return fmt.Sprint(number)
	}
	if at := f.placeOf(number); at.IsValid() {
		return fmt.Sprintf("%d (%s)", number, at)
	}
	return fmt.Sprintf("%d (%s)", number, f.origin)
}

// placeOf returns where a policy stands. Of one that a macro makes that is where
// the macro is used.
func (f *policyFile) placeOf(number int) diag.Pos {
	whole := f.file.Policies[number-1].Places.Whole
	at := whole.Span.Start
	for _, frame := range whole.Chain {
		if frame.Kind == diag.Expanded {
			at = frame.Span.Start
		}
	}
	return at
}

// whyPolicy says which policy decided, and what kept the other from it.
func whyPolicy(e *ended, want string) string {
	var parts []string
	if e.Matched && !e.Policy.Default {
		parts = append(parts, "decided by "+e.located())
	}
	number, err := strconv.Atoi(want)
	switch {
	case e.Source == service.SourceCheck:
		return "the service wasn't asked"
	case err != nil || e.policies == nil || e.policies.file == nil:
		return strings.Join(parts, "\n")
	case number > len(e.policies.file.Policies):
		return strings.Join(append(parts, fmt.Sprintf("%s has %d policies", e.policies.origin, len(e.policies.file.Policies))), "\n")
	}
	asked := policy.Request{SID: e.Client.SID, Passed: e.Passed, Destination: policy.NewText(e.Destination)}
	met := e.policies.file.Policies[number-1].Explain(asked)
	return strings.Join(append(parts, fmt.Sprintf("%s %s", e.policies.locate(number), misses(met))), "\n")
}

// misses says what of a policy a request doesn't meet.
func misses(m policy.MatchParts) string {
	var parts []string
	for _, part := range []struct {
		met  bool
		name string
	}{{m.SID, "SID"}, {m.Destination, "destination"}, {m.Security, "security result"}} {
		if !part.met {
			parts = append(parts, part.name)
		}
	}
	if len(parts) == 0 {
		return "matches too, but comes later"
	}
	return "is for another " + strings.Join(parts, " and ")
}
