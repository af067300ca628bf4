package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/casbin/casbin/v3"
	"github.com/casbin/casbin/v3/model"

	"ups/policy"
)

// casbinModel is a list of rules with a client, a security result and a
// destination. EnforceEx returns the rule that decided, with its index.
// The tests are in the order that fails soonest.
const casbinModel = `
[request_definition]
r = sid, security, destination

[policy_definition]
p = index, client, security, destination, eft

[policy_effect]
e = %s

[matchers]
m = client(r.sid, p.client) && (p.security == "any" || p.security == r.security) && glob(r.destination, p.destination)
`

// newCasbinAllow lets every rule allow, and casbin stops at the first that
// does; the answer is which rule it was.
func newCasbinAllow(f *policy.File) (engine, error) {
	return newCasbin(f, "some(where (p.eft == allow))", func(policy.Policy) string { return "allow" })
}

// newCasbinPriority is casbin's own way to say that the first match decides.
func newCasbinPriority(f *policy.File) (engine, error) {
	return newCasbin(f, "priority(p.eft) || deny", func(p policy.Policy) string {
		if p.Options&policy.YesKinds != 0 {
			return "allow"
		}
		return "deny"
	})
}

func newCasbin(f *policy.File, effect string, eft func(policy.Policy) string) (engine, error) {
	m, err := model.NewModelFromString(fmt.Sprintf(casbinModel, effect))
	if err != nil {
		return nil, err
	}
	e, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, err
	}
	if err := addCasbinRules(e, f, eft); err != nil {
		return nil, err
	}
	return func(r request) (int, error) {
		_, rule, err := e.EnforceEx(sidText(r.sid), securityText(r.passed), appendFolded(nil, r.destination))
		if err != nil || len(rule) == 0 {
			return -1, err
		}
		return strconv.Atoi(rule[0])
	}, nil
}

func addCasbinRules(e *casbin.Enforcer, f *policy.File, eft func(policy.Policy) string) error {
	globs, rules := map[string]*glob{}, [][]string{}
	for i, p := range f.Policies {
		destination := fold(p.Destination.String())
		globs[destination] = newGlob(destination)
		security := "any"
		if p.Security != policy.PassedOrFailed {
			security = securityText(p.Security == policy.Passed)
		}
		rules = append(rules, []string{strconv.Itoa(i), casbinClient(p), security, destination, eft(p)})
	}
	e.AddFunction("client", func(args ...any) (any, error) {
		return casbinClientHolds(args[0].(string), args[1].(string)), nil
	})
	e.AddFunction("glob", func(args ...any) (any, error) {
		return globs[args[1].(string)].match(args[0].([]byte)), nil
	})
	_, err := e.AddPolicies(rules)
	return err
}

const casbinClass = "class "

// casbinClient returns the SIDs of a policy, or "class" and its classes.
func casbinClient(p policy.Policy) string {
	if len(p.SIDs) == 0 {
		return casbinClass + strings.Join(classTexts(p.SIDClasses), "")
	}
	return join(p.SIDs, sidText)
}

func casbinClientHolds(sid, client string) bool {
	if classes, ok := strings.CutPrefix(client, casbinClass); ok {
		return strings.IndexByte(classes, sid[2]) >= 0
	}
	return strings.Contains(client, sid)
}
