package main

import (
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/cedar-policy/cedar-go"

	"ups/policy"
)

// cedarPolicies keeps the order of the file. Cedar has none: it looks at every
// policy, and returns all that permit.
type cedarPolicies []cedarPolicy

type cedarPolicy struct {
	id     cedar.PolicyID // the index in the file
	policy *cedar.Policy
}

func (list cedarPolicies) All() iter.Seq2[cedar.PolicyID, *cedar.Policy] {
	return func(yield func(cedar.PolicyID, *cedar.Policy) bool) {
		for _, p := range list {
			if !yield(p.id, p.policy) {
				return
			}
		}
	}
}

// newCedar makes every policy a permit, since a forbid would hide the permits
// from the reasons. The first reason is the first that matches.
func newCedar(f *policy.File) (engine, error) {
	var list cedarPolicies
	for i, p := range f.Policies {
		var parsed cedar.Policy
		if err := parsed.UnmarshalCedar([]byte(cedarText(p))); err != nil {
			return nil, err
		}
		list = append(list, cedarPolicy{cedar.PolicyID(strconv.Itoa(i)), &parsed})
	}
	return func(r request) (int, error) {
		_, d := cedar.Authorize(list, nil, cedarRequest(r))
		switch {
		case len(d.Errors) > 0:
			return -1, errors.New(d.Errors[0].Message)
		case len(d.Reasons) == 0:
			return -1, nil
		}
		return strconv.Atoi(string(d.Reasons[0].PolicyID))
	}, nil
}

// cedarText writes the tests in the order that fails soonest.
func cedarText(p policy.Policy) string {
	principal, action, when := "principal", "action", []string{}
	switch {
	case len(p.SIDs) == 1:
		principal += fmt.Sprintf(" == Client::%q", sidText(p.SIDs[0]))
	case len(p.SIDs) > 1:
		when = append(when, "["+join(p.SIDs, decimal)+"].contains(context.sid)")
	case p.SIDClasses != policy.AllSIDs:
		when = append(when, "["+join(classTexts(p.SIDClasses), strconv.Quote)+"].contains(context.class)")
	}
	if p.Security != policy.PassedOrFailed {
		action += fmt.Sprintf(" == Action::%q", securityText(p.Security == policy.Passed))
	}
	when = append(when, fmt.Sprintf("context.destination like %q", fold(p.Destination.String())))
	return fmt.Sprintf("permit(%s, %s, resource) when { %s };", principal, action, strings.Join(when, " && "))
}

func cedarRequest(r request) cedar.Request {
	return cedar.Request{
		Principal: cedar.NewEntityUID("Client", cedar.String(sidText(r.sid))),
		Action:    cedar.NewEntityUID("Action", cedar.String(securityText(r.passed))),
		Resource:  cedar.NewEntityUID("Service", "service"),
		Context: cedar.NewRecord(cedar.RecordMap{
			"sid":         cedar.Long(r.sid),
			"class":       cedar.String(classText(r.sid)),
			"destination": cedar.String(fold(r.destination)),
		}),
	}
}
