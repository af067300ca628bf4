package answer

import (
	"fmt"
	"strings"

	"ups/internal/wildcard"
	"ups/policy"
)

// Why says what a request misses of a policy that stands before the one that
// decides.
func (a *Answer) Why(e Earlier) string {
	var missed []string
	if !e.SID {
		missed = append(missed, missedSID(e.Policy, a.Request.SID))
	}
	if !e.Destination {
		missed = append(missed, "destination: "+missedDestination(e.Policy.Destination, a.Request.Destination, e.Reach))
	}
	if !e.Security {
		missed = append(missed, "security: it is for checks that "+resultText(!a.Request.Passed))
	}
	return strings.Join(missed, "; ")
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
