package scenario

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"ups/cmd/ups/internal/yamlfile"
	"ups/diag"
	"ups/internal/yamlnode"
	"ups/policy"
	"ups/runtime"
	"ups/runtime/service"
)

// expectation is a thing that can be expected of a request that has ended.
// Both sides are texts, so that what is compared is what is shown.
type expectation struct {
	name string
	read func(p *parser, n *yaml.Node) string
	got  func(e *ended) string
	// why says more of a difference; nil or "" if there is nothing to say.
	why func(e *ended, want string) string
}

// expectations are all of them, in the order in which differences are shown.
func expectations() []expectation {
	return []expectation{
		{"decision", readOf(decisions...), func(e *ended) string { return e.Decision.String() }, whyDecision},
		{"error", readOf(errorNames()...), func(e *ended) string { return errorName(e.err) }, whyError},
		{"policy", readPolicy, (*ended).policyName, whyPolicy},
		{"from", readOf("check", "silent", "stored", "prompt", "none"), func(e *ended) string { return e.Source.String() }, nil},
		{"asked", readTruth, func(e *ended) string { return yesNo(e.Source != service.SourceCheck) }, whyAsked},
		{"prompt", readTruth, func(e *ended) string { return yesNo(e.Prompted) }, nil},
		{"forced", readTruth, func(e *ended) string { return yesNo(e.Forced) }, nil},
		{"options", readOptions, func(e *ended) string { return optionList(e.Policy.Policy.Options) }, nil},
		{"evaluator", readID, func(e *ended) string { return hexID(e.Policy.Policy.PolicyEvaluator) }, nil},
		{"creator", readID, func(e *ended) string { return hexID(e.Policy.Policy.DialogCreator) }, nil},
		{"flags", readNumber(1<<16 - 1), func(e *ended) string { return fmt.Sprint(e.Policy.Policy.Flags) }, nil},
		{"version", readVersion, func(e *ended) string { return fmt.Sprintf("%d.%d", e.Policy.Major, e.Policy.Minor) }, nil},
		{"info", readNumber(1<<32 - 1), func(e *ended) string { return fmt.Sprint(e.info) }, nil},
		{"stored", readOf("always", "never", "nothing"), (*ended).storedName, nil},
	}
}

var decisions = []string{"yes", "no", "session-yes", "session-no"}

// ended is a request that has, and all that is known of it.
type ended struct {
	service.Outcome
	err       error
	info      uint32 // evaluator info that the dialog got
	left      bool   // the user went away without an answer
	unoffered string // the user's answer, if the policy doesn't offer it
	policies  *policyFile
	plain     func(string) string // names files as people know them
}

// wanted is an expectation as a step has it.
type wanted struct {
	expectation
	pos  diag.Pos
	want string
}

// expected is what a step expects of a request.
type expected []wanted

// has reports whether a thing is expected.
func (x expected) has(name string) bool { return x.want(name) != "" }

// want returns what is expected of a thing; "" if nothing is.
func (x expected) want(name string) string {
	for _, w := range x {
		if w.name == name {
			return w.want
		}
	}
	return ""
}

// expect returns what reads expectations: a decision, prompt, or an error alone,
// or all in a mapping.
func (p *parser) expect(x *expected) func(*yaml.Node) {
	return func(n *yaml.Node) {
		k := yamlfile.Keys{}
		for _, e := range expectations() {
			k[e.name] = func(n *yaml.Node) { *x = append(*x, wanted{e, p.Pos(n), e.read(p, n)}) }
		}
		switch {
		case n.Kind == yaml.MappingNode:
			p.Keys(n, "what is expected", k)
		case slices.Contains(errorNames()[1:], n.Value) || strings.HasPrefix(n.Value, "KErr"):
			k["error"](n)
		case n.Value == "prompt":
			k["prompt"](&yaml.Node{Kind: yaml.ScalarNode, Value: "yes", Line: n.Line, Column: n.Column})
		default:
			k["decision"](n)
		}
	}
}

// compare returns what of a request isn't as expected. An error that isn't
// expected is one: its decision, No, would otherwise pass for an answer.
func (x expected) compare(e *ended) []Difference {
	var ds []Difference
	for _, row := range expectations() {
		want := wanted{expectation: row}
		for _, w := range x {
			if w.name == row.name {
				want = w
			}
		}
		if want.pos == (diag.Pos{}) && row.name == "error" {
			want.want = e.usualError()
		} else if want.pos == (diag.Pos{}) {
			continue
		}
		if got := row.got(e); got != want.want {
			ds = append(ds, Difference{row.name, got, want.want, want.reason(e)})
		}
	}
	return ds
}

// usualError returns the error that needs no mention: none, or that the user went
// away, if the scenario says so.
func (e *ended) usualError() string {
	if e.left {
		return errorName(service.ErrNoAnswer)
	}
	return "none"
}

func (w wanted) reason(e *ended) string {
	if w.why == nil {
		return ""
	}
	return w.why(e, w.want)
}

func readOf(set ...string) func(*parser, *yaml.Node) string {
	return func(p *parser, n *yaml.Node) string { return p.Choice(n, "what is expected", set...) }
}

func readTruth(p *parser, n *yaml.Node) string { return yesNo(p.Truth(n, "what is expected")) }

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func readID(p *parser, n *yaml.Node) string { return hexID(p.ID(n, "what is expected")) }

func readNumber(limit uint64) func(*parser, *yaml.Node) string {
	return func(p *parser, n *yaml.Node) string { return fmt.Sprint(p.Number(n, "what is expected", limit)) }
}

// readPolicy reads the number of a policy, default, or none.
func readPolicy(p *parser, n *yaml.Node) string {
	if number, err := strconv.ParseUint(n.Value, 10, 16); yamlnode.IsScalar(n) && err == nil && number > 0 {
		return fmt.Sprint(number)
	}
	if n.Value != "default" && n.Value != "none" {
		p.Fail(n, "", "a policy is a number from 1, default, or none, not %s", yamlnode.Show(n))
	}
	return n.Value
}

// readVersion reads the versions of a policy file.
func readVersion(p *parser, n *yaml.Node) string {
	var major, minor uint16
	if _, err := fmt.Sscanf(n.Value, "%d.%d", &major, &minor); err != nil || fmt.Sprintf("%d.%d", major, minor) != n.Value {
		p.Fail(n, "", "a version is major.minor, such as 2.0, not %s", yamlnode.Show(n))
	}
	return n.Value
}

// readOptions reads a set of options, in any order.
func readOptions(p *parser, n *yaml.Node) string {
	var o policy.Options
	p.List(n, "options", func(n *yaml.Node) { o |= optionNamed(p.Choice(n, "an option", optionNames...)) })
	return optionList(o)
}

func optionList(o policy.Options) string {
	var list []string
	for i, name := range optionNames {
		if o>>i&1 != 0 {
			list = append(list, name)
		}
	}
	return cmp.Or(strings.Join(list, ", "), "none")
}

func (e *ended) policyName() string {
	switch {
	case !e.Matched:
		return "none"
	case e.Policy.Default:
		return "default"
	}
	return fmt.Sprint(e.Policy.Index + 1)
}

func (e *ended) storedName() string {
	switch {
	case e.Stored == 0:
		return "nothing"
	case e.Choice == policy.Always:
		return "always"
	}
	return "never"
}

// namedError is an error with the name that scenarios have for it.
type namedError struct {
	name string
	is   error
}

// namedErrors are those that aren't of the platform.
func namedErrors() []namedError {
	return []namedError{
		{"canceled", context.Canceled}, {"no-answer", service.ErrNoAnswer}, {"closed", service.ErrClosed},
	}
}

// errorNames are what error: can be.
func errorNames() []string {
	all := []string{"none"}
	for _, e := range namedErrors() {
		all = append(all, e.name)
	}
	for e := runtime.ErrBadFingerprintLength; e.Name() != ""; e-- {
		all = append(all, e.Name())
	}
	return all
}

func errorName(err error) string {
	if err == nil {
		return "none"
	}
	for _, e := range namedErrors() {
		if errors.Is(err, e.is) {
			return e.name
		}
	}
	if e := runtime.Error(0); errors.As(err, &e) && e.Name() != "" {
		return e.Name()
	}
	return "another"
}
