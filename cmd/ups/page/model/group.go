package model

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"ups/policy"
)

// common is a part that patterns may have in common: the labels of a domain, from
// the right, or else the characters that a pattern begins with.
type common struct {
	domain bool
	parts  []string // in lower case
}

// host finds the domain of a pattern, behind what may stand before it: a scheme, a
// user, wildcards for labels.
var host = regexp.MustCompile(`^(?:[a-z*?]+://|[^/@]*@)?(?:[*?]+\.?)?((?:[\pL\pN-]+\.)*[\pL\pN-]*\pL[\pL\pN-]*)(?::[\d*?]+)?(?:/.*)?$`)

func commonOf(pattern policy.Text) *common {
	text := strings.ToLower(pattern.String())
	if m := host.FindStringSubmatch(text); m != nil && strings.Contains(text, ".") {
		labels := strings.Split(m[1], ".")
		slices.Reverse(labels)
		return &common{domain: true, parts: labels}
	}
	if i := strings.IndexAny(text, "*?"); i >= 0 {
		text = text[:i]
	}
	return &common{parts: strings.Split(text, "")}
}

// isNumber reports whether a pattern is of a telephone number or the like.
func isNumber(pattern policy.Text) bool {
	digits := 0
	for _, u := range pattern {
		switch {
		case u >= '0' && u <= '9':
			digits++
		case !strings.ContainsRune("+*?#.", rune(u)):
			return false
		}
	}
	return digits > 0
}

func (c *common) compare(d *common) int {
	if c.domain != d.domain {
		return cmp.Compare(len(d.kind()), len(c.kind()))
	}
	return slices.Compare(c.parts, d.parts)
}

func (c *common) kind() string {
	if c.domain {
		return "domain"
	}
	return "beginning"
}

// with returns what two have in common.
func (c *common) with(d *common) *common {
	n := 0
	for n < min(len(c.parts), len(d.parts)) && c.parts[n] == d.parts[n] {
		n++
	}
	if c.domain != d.domain {
		n = 0
	}
	out := &common{c.domain, c.parts[:n]}
	if !c.domain {
		out.parts = toBoundary(out.parts)
	}
	return out
}

// toBoundary cuts a beginning where a word ends: a letter that two words begin
// with says nothing of them, while each digit of a number does.
func toBoundary(parts []string) []string {
	for n := len(parts); n > 0; n-- {
		if !isLetter(parts[n-1]) {
			return parts[:n]
		}
	}
	return nil
}

func isLetter(s string) bool { return s >= "a" && s <= "z" || s >= "\u0080" }

// exceeds reports whether there is more in common than what is common above.
func (c *common) exceeds(above *common) bool {
	if above == nil || above.domain != c.domain {
		return len(c.parts) > 0
	}
	return len(c.parts) > len(above.parts)
}

// label is how a group is called.
func (c *common) label() string {
	if !c.domain {
		return shown(policy.NewText(strings.Join(c.parts, ""))) + "…"
	}
	labels := slices.Clone(c.parts)
	slices.Reverse(labels)
	return "…." + shown(policy.NewText(strings.Join(labels, ".")))
}

// member is a branch, or a group, with its part.
type member struct {
	*Node
	common *common
}

// grouped returns the nodes of branches, those together that have more in common
// than what is common above.
func grouped(branches []*branch, above *common) []*Node {
	var members []member
	for _, b := range branches {
		members = append(members, member{b.Node, commonOf(b.pattern)})
	}
	slices.SortStableFunc(members, func(a, b member) int { return a.common.compare(b.common) })
	return groupMembers(members, above)
}

func groupMembers(members []member, above *common) []*Node {
	var nodes []*Node
	for len(members) > 0 {
		shared, n := members[0].common, 1
		for ; n < len(members); n++ {
			with := shared.with(members[n].common)
			if !with.exceeds(above) {
				break
			}
			shared = with
		}
		if n == 1 {
			nodes = append(nodes, members[0].Node)
		} else {
			nodes = append(nodes, &Node{Label: shared.label(), Group: true, Below: groupMembers(members[:n], shared)})
		}
		members = members[n:]
	}
	return nodes
}
