package main

import "strings"

// like is a pattern of stars alone, cut up for the standard library's searches.
// It is what a careful author of a loop would write; the loop and casbin use it.
type like struct {
	exact  bool
	prefix string   // the whole pattern, if exact
	middle []string // between stars
	suffix string
}

func newLike(pattern string) like {
	parts := strings.Split(fold(pattern), "*")
	last := len(parts) - 1
	if last == 0 {
		return like{exact: true, prefix: parts[0]}
	}
	return like{prefix: parts[0], middle: parts[1:last], suffix: parts[last]}
}

// match reports whether l matches a folded text.
func (l *like) match(text string) bool {
	if l.exact {
		return text == l.prefix
	}
	rest, ok := strings.CutPrefix(text, l.prefix)
	if !ok {
		return false
	}
	if rest, ok = strings.CutSuffix(rest, l.suffix); !ok {
		return false
	}
	for _, m := range l.middle {
		if _, rest, ok = strings.Cut(rest, m); !ok {
			return false
		}
	}
	return true
}

// fold is the device's folding of ASCII. Engines other than ups get patterns
// and destinations folded, outside of what is measured.
func fold(s string) string { return strings.ToLower(s) }
