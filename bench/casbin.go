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
// destination. The rule that decided comes back from EnforceEx, with its place.
// The tests are in the order that fails soonest.
const casbinModel = `
[request_definition]
r = sid, security, destination

[policy_definition]
p = place, client, security, destination, eft

[policy_effect]
e = %s

[matchers]
m = client(r.sid, p.client) && (p.security == "any" || p.security == r.security) && like(r.destination, p.destination)
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
	return func(r request) (decider, error) {
		sid, security, destination := sidText(r.sid), securityText(r.passed), fold(r.destination)
		return func() (int, error) {
			_, rule, err := e.EnforceEx(sid, security, destination)
			if err != nil || len(rule) == 0 {
				return -1, err
			}
			return strconv.Atoi(rule[0])
		}, nil
	}, nil
}

func addCasbinRules(e *casbin.Enforcer, f *policy.File, eft func(policy.Policy) string) error {
	likes, rules := map[string]like{}, [][]string{}
	for i, p := range f.Policies {
		destination := fold(p.Destination.String())
		likes[destination] = newLike(destination)
		security := "any"
		if p.Security != policy.PassedOrFailed {
			security = securityText(p.Security == policy.Passed)
		}
		rules = append(rules, []string{strconv.Itoa(i), casbinClient(p), security, destination, eft(p)})
	}
	e.AddFunction("client", func(args ...any) (any, error) {
		return casbinClientHolds(args[0].(string), args[1].(string)), nil
	})
	e.AddFunction("like", func(args ...any) (any, error) {
		l := likes[args[1].(string)]
		return l.match(args[0].(string)), nil
	})
	_, err := e.AddPolicies(rules)
	return err
}

const casbinClass = "class "

// casbinClient gives the SIDs of a policy, or "class" and the digits of its
// classes.
func casbinClient(p policy.Policy) string {
	if len(p.SIDs) == 0 {
		return casbinClass + classDigits(p.SIDClasses)
	}
	var sids []string
	for _, sid := range p.SIDs {
		sids = append(sids, sidText(sid))
	}
	return strings.Join(sids, " ")
}

func casbinClientHolds(sid, client string) bool {
	if digits, ok := strings.CutPrefix(client, casbinClass); ok {
		return strings.IndexByte(digits, sid[2]) >= 0
	}
	return strings.Contains(client, sid)
}
