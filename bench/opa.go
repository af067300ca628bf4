package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/metrics"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown/cache"

	"ups/policy"
)

func newOPAElse(f *policy.File) (engine, error) { return newOPA(regoElse(f), map[string]any{}) }

// regoElse writes the file as one ordered chain, Rego's own way to say that
// the first match decides. OPA's rule index picks the links to be tried.
func regoElse(f *policy.File) string {
	var b strings.Builder
	b.WriteString("package ups\n\ndefault decision := -1\n\n")
	head := "decision"
	for i, p := range f.Policies {
		fmt.Fprintf(&b, "%s := %d if {%s}\n", head, i, regoBody(p))
		head = "else"
	}
	return b.String()
}

// newOPASet writes a rule for each policy, which adds its index to a set. The
// least of them decides.
func newOPASet(f *policy.File) (engine, error) {
	var b strings.Builder
	b.WriteString("package ups\n\ndefault decision := -1\n\ndecision := min(matching)\n\n")
	for i, p := range f.Policies {
		fmt.Fprintf(&b, "matching contains %d if {%s}\n", i, regoBody(p))
	}
	return newOPA(b.String(), map[string]any{})
}

// regoBody uses what OPA's rule index knows, where it can: equality, in,
// startswith and endswith. The end before a glob is there for the index alone.
func regoBody(p policy.Policy) string {
	var tests []string
	switch {
	case len(p.SIDs) == 1:
		tests = append(tests, fmt.Sprintf("input.sid == %d", p.SIDs[0]))
	case len(p.SIDs) > 1:
		tests = append(tests, "input.sid in {"+join(p.SIDs, decimal)+"}")
	case p.SIDClasses != policy.AllSIDs:
		tests = append(tests, "input.class in {"+join(classTexts(p.SIDClasses), strconv.Quote)+"}")
	}
	if p.Security != policy.PassedOrFailed {
		tests = append(tests, fmt.Sprintf("input.passed == %t", p.Security == policy.Passed))
	}
	return strings.Join(append(tests, regoDestination(p)), "; ")
}

func regoDestination(p policy.Policy) string {
	pattern := fold(p.Destination.String())
	parts := strings.Split(pattern, "*")
	first, last := parts[0], parts[len(parts)-1]
	switch {
	case len(parts) == 1:
		return fmt.Sprintf("input.destination == %q", pattern)
	case pattern == first+"*":
		return fmt.Sprintf("startswith(input.destination, %q)", first)
	case pattern == "*"+last:
		return fmt.Sprintf("endswith(input.destination, %q)", last)
	case len(parts) == 3 && first == "" && last == "":
		return fmt.Sprintf("contains(input.destination, %q)", parts[1])
	}
	return fmt.Sprintf("endswith(input.destination, %q); glob.match(%q, null, input.destination)", last, pattern)
}

// opaData is the other usual way: the policies are data, indexed by SID and by
// class, and one rule scans those of the client.
const opaData = `package ups

default decision := -1

decision := min(matching)

candidates contains i if some i in data.by_sid[input.name]

candidates contains i if some i in data.by_class[input.class]

matching contains i if {
	some i in candidates
	p := data.policies[i]
	input.passed in p.security
	glob.match(p.destination, null, input.destination)
}
`

type opaPolicy struct {
	Security    []bool `json:"security"`
	Destination string `json:"destination"`
}

func newOPAData(f *policy.File) (engine, error) {
	bySID, byClass, policies := map[string][]int{}, map[string][]int{}, []opaPolicy{}
	for i, p := range f.Policies {
		entry := opaPolicy{nil, fold(p.Destination.String())}
		for _, passed := range []bool{false, true} {
			if p.Security.Holds(passed) {
				entry.Security = append(entry.Security, passed)
			}
		}
		policies = append(policies, entry)
		for _, sid := range p.SIDs {
			bySID[sidText(sid)] = append(bySID[sidText(sid)], i)
		}
		if len(p.SIDs) > 0 {
			continue
		}
		for _, class := range classTexts(p.SIDClasses) {
			byClass[class] = append(byClass[class], i)
		}
	}
	return newOPA(opaData, map[string]any{"by_sid": bySID, "by_class": byClass, "policies": policies})
}

func newOPA(module string, data map[string]any) (engine, error) {
	ctx := context.Background()
	text, err := json.Marshal(data)
	if err != nil {
		return nil, err
	}
	store := inmem.NewFromReaderWithOpts(strings.NewReader(string(text)), inmem.OptReturnASTValuesOnRead(true))
	query, err := rego.New(
		rego.Query("data.ups.decision"),
		rego.Module("ups.rego", module),
		rego.Store(store),
	).PrepareForEval(ctx)
	if err != nil {
		return nil, err
	}
	values := newOPACache(ctx)
	return func(r request) (int, error) {
		return opaAnswer(query.Eval(ctx, rego.EvalParsedInput(opaInput(r)), values, noMetrics))
	}, nil
}

// noMetrics spares OPA its own clocks.
var noMetrics = rego.EvalMetrics(metrics.NoOp())

// newOPACache has room for all patterns. Without it OPA keeps a hundred, and
// compiles the others again for each request.
func newOPACache(ctx context.Context) rego.EvalOption {
	entries := 10 * sizes[len(sizes)-1]
	config := cache.Config{InterQueryBuiltinValueCache: cache.InterQueryBuiltinValueCacheConfig{MaxNumEntries: &entries}}
	return rego.EvalInterQueryBuiltinValueCache(cache.NewInterQueryValueCache(ctx, &config))
}

func opaAnswer(results rego.ResultSet, err error) (int, error) {
	if err != nil {
		return -1, err
	}
	if len(results) != 1 {
		return -1, fmt.Errorf("%d results", len(results))
	}
	n, ok := results[0].Expressions[0].Value.(json.Number)
	if !ok {
		return -1, fmt.Errorf("the result is a %T", results[0].Expressions[0].Value)
	}
	i, err := n.Int64()
	return int(i), err
}

func opaInput(r request) ast.Value {
	return ast.NewObject(
		ast.Item(ast.StringTerm("sid"), ast.UIntNumberTerm(uint64(r.sid))),
		ast.Item(ast.StringTerm("name"), ast.StringTerm(sidText(r.sid))),
		ast.Item(ast.StringTerm("class"), ast.StringTerm(classText(r.sid))),
		ast.Item(ast.StringTerm("passed"), ast.BooleanTerm(r.passed)),
		ast.Item(ast.StringTerm("destination"), ast.StringTerm(fold(r.destination))),
	)
}
