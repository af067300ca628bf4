package model

import (
	"slices"

	"ups/policy"
)

// maxTexts is how many texts a sample may have before fewer are made of each
// pattern: a long list has enough of them.
const maxTexts = 2000

// textsOf returns the texts that are made of the patterns of a list, each once.
func textsOf(policies []policy.Policy) []policy.Text {
	var texts []policy.Text
	seen := map[string]bool{}
	for i := range policies {
		made := madeOf(policies[i].Destination)
		if len(policies)*len(made) > maxTexts {
			made = made[:min(2, len(made))]
		}
		for _, text := range made {
			if key := keyOf(text); !seen[key] {
				seen[key] = true
				texts = append(texts, text)
			}
		}
	}
	return texts
}

// madeOf returns texts for a pattern: what it matches with its stars as nothing
// and as something, and what lacks its last literal, or has another in its place.
func madeOf(pattern policy.Text) []policy.Text {
	some := filler(pattern)
	short, long := filled(pattern, nil, some[0]), filled(pattern, some, some[0])
	texts := []policy.Text{long, short}
	last := lastLiteral(pattern)
	if last < 0 {
		return texts
	}
	without := slices.Delete(slices.Clone(pattern), last, last+1)
	other := slices.Clone(pattern)
	other[last] = some[0]
	if pattern[last] == some[0] {
		other[last] = some[1]
	}
	return append(texts, filled(other, some, some[0]), filled(without, nil, some[0]))
}

// filler returns what stands for a star: digits in a pattern of a number.
func filler(pattern policy.Text) policy.Text {
	if isNumber(pattern) {
		return policy.NewText("57")
	}
	return policy.NewText("xy")
}

// filled returns a pattern with its wildcards filled in.
func filled(pattern, star policy.Text, one uint16) policy.Text {
	text := policy.Text{}
	for _, u := range pattern {
		switch u {
		case '*':
			text = append(text, star...)
		case '?':
			text = append(text, one)
		default:
			text = append(text, u)
		}
	}
	return text
}

func isWildcard(u uint16) bool { return u == '*' || u == '?' }

// lastLiteral returns where the last unit stands that is no wildcard, or -1.
func lastLiteral(pattern policy.Text) int {
	for i, u := range slices.Backward(pattern) {
		if !isWildcard(u) {
			return i
		}
	}
	return -1
}

// keyOf returns a string that equal texts have in common, and no others.
func keyOf(t policy.Text) string {
	b := make([]byte, 0, 2*len(t))
	for _, u := range t {
		b = append(b, byte(u>>8), byte(u))
	}
	return string(b)
}
