package msg

import (
	"ups/policy"
	"ups/runtime"
)

// answers are what the user said for the session (Session Yes, Session No).
// The User Prompt Service leaves it to the system server to remember them, and
// to say what a session is. Here it is a connection of a client, and an answer
// is for one number: of another one, another policy may have more to say.
//
// The zero value has none. One request of the connection uses it at a time.
type answers struct {
	config runtime.ServiceConfig // of the policies that they were given under
	given  map[string]policy.Decision
}

// maxAnswers bounds what a client can make the server remember: a policy can
// give session answers without a prompt.
const maxAnswers = 64

// under forgets all answers if the policies are another version than they were
// given under, as the service itself does with Always and Never.
func (a *answers) under(c runtime.ServiceConfig) {
	if a.config != c || len(a.given) == maxAnswers {
		a.config, a.given = c, map[string]policy.Decision{}
	}
}

func (a *answers) to(number string) (policy.Decision, bool) {
	d, ok := a.given[number]
	return d, ok
}

// keep remembers d, if it is for the session.
func (a *answers) keep(number string, d policy.Decision) {
	if d == policy.DecisionSessionYes || d == policy.DecisionSessionNo {
		a.given[number] = d
	}
}
