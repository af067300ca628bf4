package policy

import "testing"

// The table of docs/service.md, Before the service is asked: a is allow, r is
// reject, ? is ask, for each of askClients, first for a check that passed.
var askTable = map[AuthorisationPolicy][2]string{
	AlwaysCheck:          {"??????", "??????"},
	CheckPostManufacture: {"aa????", "??????"},
	CheckUnprotectedSIDs: {"aaaa??", "??????"},
	CheckIfFailed:        {"aaaaaa", "??????"},
	NeverCheck:           {"aaaaaa", "rrrrrr"},
	5:                    {"aaaaaa", "rrrrrr"}, // and what is above
	255:                  {"aaaaaa", "rrrrrr"},
}

var askClients = []struct {
	sid     uint32
	fromROM bool
}{{0, true}, {0x7FFFFFFF, true}, {0, false}, {0x7FFFFFFF, false}, {0x80000000, true}, {0xFFFFFFFF, false}}

func TestAnswers(t *testing.T) {
	for a, want := range askTable {
		for i, passed := range []bool{true, false} {
			var got string
			for _, c := range askClients {
				got += map[Answer]string{Allow: "a", Reject: "r", Ask: "?"}[a.Answer(c.sid, passed, c.fromROM)]
			}
			if got != want[i] {
				t.Errorf("%v, check passed %t: %s, want %s", a, passed, got, want[i])
			}
		}
	}
}

func TestAnswersAreNamed(t *testing.T) {
	var zero Answer
	if zero.String() != "reject" || Allow.String() != "allow" || Ask.String() != "ask" {
		t.Error(zero, Allow, Ask)
	}
}

func TestWithoutPolicyFileTheCheckAnswers(t *testing.T) {
	if ByCheck(true) != Allow || ByCheck(false) != Reject {
		t.Error(ByCheck(true), ByCheck(false))
	}
}
