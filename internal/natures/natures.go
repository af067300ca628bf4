// Package natures makes policy lists of the kinds that people write, for tests
// and measurements.
package natures

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sort"

	"ups/internal/rsc"
	"ups/policy"
)

// Nature is a kind of list. Those that are sorted have the more specific
// policy first.
type Nature struct {
	Name string
	List func(n int) *policy.File // of n policies
}

// All returns the natures. Every one but the last, the irregular, has regular
// destinations alone.
func All() []Nature {
	return []Nature{
		{"exact-numbers", exactNumbers},
		{"prefixes-sorted", prefixesSorted},
		{"prefixes-unsorted", prefixesUnsorted},
		{"prefix-pairs", prefixPairs},
		{"suffix-domains", suffixDomains},
		{"domain-pairs", domainPairs},
		{"urls", urls},
		{"keywords", keywords},
		{"question-marks", questionMarks},
		{"many-sids", manySIDs},
		{"nested-sids", nestedSIDs},
		{"classes", classes},
		{"mixed", mixed},
		{"irregular", irregularPatterns},
	}
}

// NewList returns a list without policies.
func NewList() *policy.File {
	return &policy.File{UID2: policy.ResourceFileUID, UID3: 0x20030001, Version: policy.FormatVersion, Header: &policy.Header{DialogCreator: 1}}
}

// most is more policies than fit a compiled file.
const most = 1 << 12

// Longest returns the longest list that fits a compiled file.
func Longest(list func(n int) *policy.File) (*policy.File, error) {
	n := sort.Search(most, func(n int) bool {
		_, err := rsc.Encode(list(n + 1))
		return err != nil
	})
	if n == 0 || n == most {
		return nil, errors.New("no length is the greatest that fits a compiled file")
	}
	return list(n), nil
}

// patternList makes a list of n-1 policies whose destinations and options are
// those of each, and of a last one for everything else.
func patternList(n int, each func(i int) (destination string, options policy.Options)) *policy.File {
	f := NewList()
	for i := range n - 1 {
		d, o := each(i)
		f.Policies = append(f.Policies, policy.Policy{SIDClasses: policy.AllSIDs, Destination: policy.NewText(d), Options: o})
	}
	f.Policies = append(f.Policies, policy.Policy{SIDClasses: policy.AllSIDs, Destination: policy.NewText("*"), Options: policy.Yes | policy.No})
	return f
}

// alternating are three outcomes in turn.
func alternating(i int) policy.Options {
	return []policy.Options{policy.Yes, policy.No, policy.Yes | policy.No | policy.Never}[i%3]
}

func exactNumbers(n int) *policy.File {
	return patternList(n, func(i int) (string, policy.Options) {
		return fmt.Sprintf("+44770090%04d", i), alternating(i)
	})
}

// prefixesSorted nests prefixes three deep, the longest first.
func prefixesSorted(n int) *policy.File {
	third := (n + 2) / 3
	return patternList(n, func(i int) (string, policy.Options) {
		return fmt.Sprintf("+44%03d%s*", i%third, []string{"12", "1", ""}[i/third]), alternating(i / third)
	})
}

// prefixesUnsorted is prefixesSorted in any order, so that many policies are
// unreachable or in the wrong place.
func prefixesUnsorted(n int) *policy.File {
	f := prefixesSorted(n)
	r := rand.New(rand.NewPCG(7, 8))
	r.Shuffle(n-1, func(i, k int) { f.Policies[i], f.Policies[k] = f.Policies[k], f.Policies[i] })
	return f
}

// prefixPairs has each prefix twice: with any end, and after it with one digit
// more, which nothing reaches.
func prefixPairs(n int) *policy.File {
	return patternList(n, func(i int) (string, policy.Options) {
		return fmt.Sprintf("+44%04d%s", i/2, []string{"*", "?"}[i%2]), alternating(i % 2)
	})
}

func suffixDomains(n int) *policy.File {
	return patternList(n, func(i int) (string, policy.Options) {
		return fmt.Sprintf("*.shop%04d.example", i), alternating(i)
	})
}

// domainPairs has each domain and, after it, all below it.
func domainPairs(n int) *policy.File {
	return patternList(n, func(i int) (string, policy.Options) {
		return fmt.Sprintf("%sshop%04d.example", []string{"", "*."}[i%2], i/2), alternating(i % 2)
	})
}

func urls(n int) *policy.File {
	return patternList(n, func(i int) (string, policy.Options) {
		return fmt.Sprintf("http*://%s.example%03d.com/%s*", []string{"www", "m", "*"}[i%3], i/9, []string{"pay?id=", "a/", ""}[i/3%3]), alternating(i % 9)
	})
}

func keywords(n int) *policy.File {
	r := rand.New(rand.NewPCG(9, 10))
	seen := map[string]bool{}
	return patternList(n, func(i int) (string, policy.Options) {
		for {
			word := make([]byte, 4+r.IntN(4))
			for k := range word {
				word[k] = "aeiourstlnmdcp"[r.IntN(14)]
			}
			if !seen[string(word)] {
				seen[string(word)] = true
				return "*" + string(word) + "*", alternating(i)
			}
		}
	})
}

func questionMarks(n int) *policy.File {
	return patternList(n, func(i int) (string, policy.Options) {
		d := []byte(fmt.Sprintf("+44%05d", i/4))
		for k := range i % 4 {
			d[len(d)-1-k] = '?'
		}
		return string(d), alternating(i % 4)
	})
}

func manySIDs(n int) *policy.File {
	f := patternList(n, func(i int) (string, policy.Options) {
		return []string{"sms:*", "tel:*", "http://*"}[i%3], alternating(i / 3)
	})
	for i := range n - 1 {
		for k := range 3 {
			f.Policies[i].SIDs = append(f.Policies[i].SIDs, 0x20000000+uint32(i/3*2+k))
		}
	}
	return f
}

// nestedSIDs lists ever more of the same SIDs.
func nestedSIDs(n int) *policy.File {
	f := patternList(n, func(i int) (string, policy.Options) {
		return fmt.Sprintf("*%c%c*", 'a'+i%26, 'a'+i/26%26), alternating(i)
	})
	for i := range n - 1 {
		for k := range 1 + i*8/n {
			f.Policies[i].SIDs = append(f.Policies[i].SIDs, 0x20000000+uint32(k))
		}
	}
	return f
}

func classes(n int) *policy.File {
	f := patternList(n, func(i int) (string, policy.Options) {
		return fmt.Sprintf("sms:%04d*", i/4), alternating(i % 4)
	})
	for i := range n - 1 {
		f.Policies[i].SIDClasses = []policy.SIDClasses{0x0001, 0x000f, policy.ProtectedSIDs, policy.AllSIDs}[i%4]
		f.Policies[i].Security = policy.Security(i % 3)
	}
	return f
}

// mixed has a part of each nature but the irregular.
func mixed(n int) *policy.File {
	parts := []func(int) *policy.File{exactNumbers, prefixesSorted, prefixPairs, suffixDomains, domainPairs, urls, keywords, questionMarks, manySIDs, classes}
	f := NewList()
	for k, part := range parts {
		size := (n - 1) / len(parts)
		if k < (n-1)%len(parts) {
			size++
		}
		f.Policies = append(f.Policies, part(size + 1).Policies[:size]...)
	}
	f.Policies = append(f.Policies, policy.Policy{SIDClasses: policy.AllSIDs, Destination: policy.NewText("*"), Options: policy.Yes | policy.No})
	return f
}

// irregularPatterns begin some literals with a mark.
func irregularPatterns(n int) *policy.File {
	return patternList(n, func(i int) (string, policy.Options) {
		return fmt.Sprintf("*%s%04d*", []string{"", "\u0301"}[i%2], i), alternating(i)
	})
}
