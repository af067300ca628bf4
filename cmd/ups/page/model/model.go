// Package model works out what a page shows of a policy list: who decides the
// requests of a sample, which policies are shadowed, and how destinations are
// nested. It is pure computation, so that it runs in a browser too.
//
// # The sample
//
// From each destination pattern a few texts are made that it matches, and a few
// that just fail to (texts.go); to these are added those that lint/analysis found for
// policies that would otherwise decide none. Each is asked about by a client of
// each kind that the list distinguishes (rows.go). If these are too many for a row
// each, the last row is for the rest of them, with a request for each policy. So shares are
// of what the list distinguishes, and say nothing of how often a device asks.
package model

import (
	"ups/lint/analysis"
	"ups/policy"
)

// List is what is shown of one policy list. Policies are given by their number,
// from 1; 0 is the default policy.
type List struct {
	// Policies has the default policy first, then all others in their order, so
	// that each stands at its number.
	Policies []Policy `json:"policies"`
	Rows     []Row    `json:"rows"`
	Sample   Sample   `json:"sample"`
	Tree     *Node    `json:"tree"`
	Version  string   `json:"version"` // major and minor
	// Authorisation is the authorisation policy, by its name.
	Authorisation string `json:"authorisation"`
}

// Policy is one policy of the list.
type Policy struct {
	Number      int    `json:"number"`
	Destination string `json:"destination"` // as it is shown
	Who         string `json:"who"`
	Check       string `json:"check"`
	Effect      Effect `json:"effect"`
	Offers      string `json:"offers,omitempty"` // the buttons of the prompt
	Reach       Reach  `json:"reach"`
	Requests    int    `json:"requests"` // of the sample, that it decides
	Matches     int    `json:"matches"`  // of the sample, that it would decide were it the first
	// By are the earlier policies that decide what it matches too: those of the
	// most requests, a few at most. Of one that is shadowed they are the proof.
	By      []Share  `json:"by,omitempty"`
	Example *Request `json:"example,omitempty"` // that it decides
	File    string   `json:"file,omitempty"`    // of the source; "" if it isn't known
	Line    int      `json:"line,omitempty"`
}

// Request is a request as it is shown.
type Request struct {
	SID         uint32 `json:"sid"`
	Passed      bool   `json:"passed"`
	Destination string `json:"destination"`
}

// Share is how many requests a policy decides.
type Share struct {
	Policy   int `json:"policy"`
	Requests int `json:"requests"`
}

// Effect is what becomes of the requests that a policy decides.
type Effect string

// The effects.
const (
	Allow Effect = "allow"
	Ask   Effect = "ask"
	Deny  Effect = "deny"
)

// Reach says whether a policy decides any request.
type Reach string

// What is known of the requests that a policy decides.
const (
	Decides    Reach = "decides"  // some
	Shadowed   Reach = "shadowed" // none: earlier policies decide all that it matches
	Nothing    Reach = "matches nothing"
	NeverAsked Reach = "never asked" // the service isn't asked about those that it would
	Unproved   Reach = "not known"
)

// Sample is the requests that shares are of.
type Sample struct {
	Destinations int `json:"destinations"`
	Kinds        int `json:"kinds"` // of clients that the service is asked about
	Requests     int `json:"requests"`
}

// Of works out what is shown of a list, of which a is the analysis.
func Of(f *policy.File, a *analysis.Result) *List {
	h := f.HeaderOrZero()
	l := &List{Version: version(h), Authorisation: h.AuthorisationPolicy.String(), Policies: []Policy{defaultPolicy(f, a)}}
	for i := range f.Policies {
		l.Policies = append(l.Policies, policyOf(f, a, i))
	}
	b := newBuilder(f, a)
	b.decideAll()
	b.fill(l)
	l.Tree = treeOf(f, a, l.Policies)
	return l
}

// Shares returns what part of the sample each policy decides, by its number.
func (l *List) Shares() []float64 {
	shares := make([]float64, len(l.Policies))
	for i, p := range l.Policies {
		if l.Sample.Requests > 0 {
			shares[i] = float64(p.Requests) / float64(l.Sample.Requests)
		}
	}
	return shares
}
