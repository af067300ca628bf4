package match

import (
	"bytes"
	"fmt"

	"ups/diag"
	"ups/internal/wildcard"
	"ups/lint/report"
	"ups/policy"
	"ups/runtime"
)

// matcher answers requests. It may be used by many goroutines.
type matcher struct {
	source  policySource
	explain bool
}

// answer is the answer to a request.
type answer struct {
	request  *request
	file     string // that the policies are of
	policies int    // how many there are
	runtime.Decisive
	config  runtime.ServiceConfig
	explain bool
	before  []policy.Policy     // those before the one that decides, if explain is set
	earlier []policy.MatchParts // of those
}

// answer finds the policy for a request.
func (m *matcher) answer(r *request) (answer, error) {
	l, file, err := m.source.find(r)
	if err != nil {
		return answer{}, err
	}
	policies := l.File().Policies
	i, err := l.DecideUTF16(r.client, r.passed, r.destination)
	if err != nil {
		return answer{}, err
	}
	a := answer{
		request: r, file: file, policies: len(policies),
		Decisive: l.Policy(i), config: l.Config(r.service), explain: m.explain,
	}
	if !m.explain {
		return a, nil
	}
	if a.before = policies; i >= 0 {
		a.before = policies[:i]
	}
	asked := policy.Request{SID: r.client, Passed: r.passed, Destination: r.destination}
	for n := range a.before {
		a.earlier = append(a.earlier, a.before[n].Explain(asked))
	}
	return a, nil
}

// asked is what the client library does with the request, if the executable
// came from that drive.
func (a *answer) asked(drive byte) policy.Answer {
	return a.config.Ask(runtime.Client{SID: a.request.client, Drive: drive}, a.request.passed)
}

// decision is what a policy without a prompt decides.
func (a *answer) decision() policy.Decision {
	return a.Policy.Options.SilentDecision()
}

// text returns the answer for people.
func (a *answer) text() []byte {
	var b bytes.Buffer
	p := &a.Policy
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-12s %s\n", name, report.Printable(fmt.Sprintf(format, args...)))
	}
	line("policy", "%s", a.which())
	line("file", "%s, version %d.%d", a.file, a.Major, a.Minor)
	line("destination", "%s", p.Destination)
	line("options", "%s", p.Options)
	line("prompts", "%s", a.prompts())
	line("evaluator", "%s", evaluatorText(p.PolicyEvaluator))
	line("creator", "0x%08x", p.DialogCreator)
	line("flags", "0x%04x", p.Flags)
	line("asked", "%s (%s)", a.askedText(), a.config.AuthorisationPolicy)
	for n, v := range a.earlier {
		q := &a.before[n]
		line(fmt.Sprintf("not %d", n+1), "%s%s", placeText("", q.Places.Whole, ": "), a.why(q, v))
	}
	return b.Bytes()
}

// which names the policy that decides.
func (a *answer) which() string {
	if a.Default {
		return fmt.Sprintf("none of %d matches: the default policy", a.policies)
	}
	return fmt.Sprintf("%d of %d%s", a.Index+1, a.policies, placeText(", ", a.Policy.Places.Whole, ""))
}

// placeText returns a place between two texts, or nothing if it isn't known.
func placeText(before string, p diag.Place, after string) string {
	if !p.Span.IsValid() {
		return ""
	}
	return before + p.Span.Start.String() + after
}

func (a *answer) prompts() string {
	if a.Policy.Options.Prompts() {
		return "yes"
	}
	return fmt.Sprintf("no: the decision is %s", a.decision())
}

func evaluatorText(uid uint32) string {
	if uid == 0 {
		return "0x00000000 (the default evaluator)"
	}
	return fmt.Sprintf("0x%08x", uid)
}

// askedText says whether the service would be asked at all.
func (a *answer) askedText() string {
	given := a.asked(a.request.drive)
	if a.request.drive == 0 && a.asked('z') != given {
		return "yes; from drive Z it would be allowed without"
	}
	switch given {
	case policy.Allow:
		return "no, allowed without"
	case policy.Reject:
		return "no, rejected without"
	}
	return "yes"
}

// why says what of a policy the request misses.
func (a *answer) why(p *policy.Policy, m policy.MatchParts) string {
	var b bytes.Buffer
	add := func(format string, args ...any) {
		if b.Len() > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, format, args...)
	}
	if !m.SID {
		add("%s", missedSID(p, a.request.client))
	}
	if !m.Destination {
		add("destination: %s", missedDestination(p.Destination, a.request.destination, m.Reach))
	}
	if !m.Security {
		add("security: it is for checks that %s", resultText(!a.request.passed))
	}
	return b.String()
}

func resultText(passed bool) string {
	if passed {
		return "passed"
	}
	return "failed"
}

func missedSID(p *policy.Policy, sid uint32) string {
	if len(p.SIDs) > 0 {
		return fmt.Sprintf("SID: 0x%08x isn't in sid_list", sid)
	}
	return fmt.Sprintf("SID: class %X of 0x%08x isn't in sid_classes 0x%04x", sid>>28, sid, uint32(p.SIDClasses))
}

// missedDestination says how far a pattern could follow.
func missedDestination(pattern, text policy.Text, reach int) string {
	switch {
	case reach == policy.Unknown:
		return fmt.Sprintf("%q isn't matched; one of the two isn't regular text", pattern)
	case reach == len(text):
		return fmt.Sprintf("%q can follow it to the end, but wants more", pattern)
	case reach == 0:
		return fmt.Sprintf("%q can't follow its first character", pattern)
	}
	return fmt.Sprintf("%q can follow %q, but not the %q after it", pattern, text[:reach], firstCharacter(text[reach:]))
}

// firstCharacter returns the first base character of a text with its marks.
func firstCharacter(text policy.Text) policy.Text {
	var none wildcard.Alphabet
	if _, end := none.Next(text, 0); end > 0 {
		return text[:end]
	}
	return text[:1]
}
