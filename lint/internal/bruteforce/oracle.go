// Package bruteforce answers the questions of package analysis for short lists
// of short patterns by looking at all strings, for tests to compare with.
package bruteforce

import (
	"fmt"
	"strings"

	"ups/policy"
)

// Oracle knows, for patterns given by place, which sets of them some string
// matches. What a string matches depends only on the positions that it leads to
// in each pattern. So strings are tried in order of length, and one that leads
// to the positions of a shorter one isn't extended. This ends, and every string
// then matches what some string that was tried does.
type Oracle struct {
	Vectors []uint64 // each a set of patterns that match one and the same string
	Longest int      // length of the longest string that was looked at
}

// Letters are those that NewOracle builds strings from; c, which no generated
// pattern has, stands for all letters that the patterns don't have.
const Letters = "abc"

// positions is a state of up to eight patterns: of each, the set of positions
// that a string leads to.
type positions [8]byte

// NewOracle takes at most eight patterns of at most seven characters.
func NewOracle(patterns []string) *Oracle {
	var start positions
	for i, p := range patterns {
		start[i] = closure(p, byte(1))
	}
	o := &Oracle{}
	seenStates, seenVectors := map[positions]bool{start: true}, map[uint64]bool{}
	for level := []positions{start}; len(level) > 0; o.Longest++ {
		var next []positions
		for _, s := range level {
			o.add(vector(patterns, s[:]), seenVectors)
			for i := range Letters {
				t := stepAll(patterns, s, Letters[i])
				if !seenStates[t] {
					seenStates[t] = true
					next = append(next, t)
				}
			}
		}
		level = next
	}
	return o
}

func (o *Oracle) add(vector uint64, seen map[uint64]bool) {
	if !seen[vector] {
		seen[vector] = true
		o.Vectors = append(o.Vectors, vector)
	}
}

func stepAll(patterns []string, state positions, letter byte) (out positions) {
	for i, p := range patterns {
		out[i] = step(p, state[i], letter)
	}
	return out
}

// NewWideOracle is NewOracle for lists of up to 64 policies, whose patterns
// are ASCII and have up to 63 characters. It returns false for others, and
// where it would take too long.
func NewWideOracle(f *policy.File) (*Oracle, bool) {
	const limit = 200_000 // states
	patterns, letters, ok := widePatterns(f)
	if !ok {
		return nil, false
	}
	start := make([]uint64, len(patterns))
	for i, p := range patterns {
		start[i] = closure(p, uint64(1))
	}
	o := &Oracle{}
	states, vectors := map[string]bool{fmt.Sprint(start): true}, map[uint64]bool{}
	for queue := [][]uint64{start}; len(queue) > 0; queue = queue[1:] {
		o.add(vector(patterns, queue[0]), vectors)
		for l := range letters {
			next := make([]uint64, len(patterns))
			for i, p := range patterns {
				next[i] = step(p, queue[0][i], l)
			}
			if key := fmt.Sprint(next); !states[key] {
				states[key] = true
				queue = append(queue, next)
			}
		}
		if len(states) > limit {
			return nil, false
		}
	}
	return o, true
}

// widePatterns returns the patterns, folded, with their characters and one
// that none of them has.
func widePatterns(f *policy.File) (patterns []string, letters map[byte]bool, ok bool) {
	letters = map[byte]bool{0x7F: true}
	for _, p := range f.Policies {
		pattern := strings.ToLower(p.Destination.String())
		if len(pattern) > 63 || len(f.Policies) > 64 {
			return nil, nil, false
		}
		patterns = append(patterns, pattern)
		for i := range len(pattern) {
			if pattern[i] >= 0x80 {
				return nil, nil, false
			}
			letters[pattern[i]] = true
		}
	}
	return patterns, letters, true
}

// bits is a set of positions of one pattern.
type bits interface{ byte | uint64 }

// closure adds the positions that are reached through empty stars.
func closure[B bits](pattern string, at B) B {
	for i := range len(pattern) {
		if pattern[i] == '*' && at>>i&1 != 0 {
			at |= 1 << (i + 1)
		}
	}
	return at
}

// step returns the positions after one letter more.
func step[B bits](pattern string, at B, letter byte) (out B) {
	for i := range len(pattern) {
		switch {
		case at>>i&1 == 0:
		case pattern[i] == '*':
			out |= 1 << i
		case pattern[i] == '?' || pattern[i] == letter:
			out |= 1 << (i + 1)
		}
	}
	return closure(pattern, out)
}

// vector returns the set of patterns that are at their ends.
func vector[B bits](patterns []string, state []B) (v uint64) {
	for i, p := range patterns {
		v |= uint64(state[i]>>len(p)&1) << i
	}
	return v
}

// Patterns returns the destinations of lists.
func Patterns(files ...*policy.File) []string {
	var out []string
	for _, f := range files {
		for _, p := range f.Policies {
			out = append(out, p.Destination.String())
		}
	}
	return out
}
