package runtime

import (
	"testing"

	"ups/policy"
)

// askRow is a row of the table in docs/service.md. The answers stand in the
// order of askClients, first for a check that passed, then for one that failed.
type askRow struct {
	name   string
	config ServiceConfig
	want   [2]string // a allow, r reject, ? ask
}

// askClients are all kinds of clients that the table distinguishes.
var askClients = []Client{
	{SID: 0x10000001, Drive: 'z'},
	{SID: 0x7FFFFFFF, Drive: 'Z'},
	{SID: 0x10000001, Drive: 'c'},
	{SID: 0x10000001},
	{SID: 0x80000000, Drive: 'z'},
	{SID: 0xFFFFFFFF, Drive: 'c'},
	{SID: 0x10000001, Drive: 'z', Gone: true},
	{SID: 0x80000000, Drive: 'c', Gone: true},
}

func under(p policy.AuthorisationPolicy) ServiceConfig {
	return ServiceConfig{Service: 1, HasPolicyFile: true, AuthorisationPolicy: p}
}

var askRows = []askRow{
	{"no policy file", ServiceConfig{}, [2]string{"aaaaaaaa", "rrrrrrrr"}},
	{"EAlwaysCheck", under(policy.AlwaysCheck), [2]string{"????????", "????????"}},
	{"ECheckPostManufacture", under(policy.CheckPostManufacture), [2]string{"aa????rr", "??????rr"}},
	{"ECheckUnprotectedSids", under(policy.CheckUnprotectedSIDs), [2]string{"aaaa??a?", "????????"}},
	{"ECheckIfFailed", under(policy.CheckIfFailed), [2]string{"aaaaaaaa", "????????"}},
	{"ENeverCheck", under(policy.NeverCheck), [2]string{"aaaaaaaa", "rrrrrrrr"}},
}

func TestAskIsTheTable(t *testing.T) {
	for _, row := range askRows {
		checkAsk(t, row)
	}
}

func TestAskTakesUnknownPoliciesForNeverCheck(t *testing.T) {
	never := askRows[len(askRows)-1]
	for p := 5; p <= 255; p++ {
		checkAsk(t, askRow{"unknown", under(policy.AuthorisationPolicy(p)), never.want})
	}
}

func checkAsk(t *testing.T, row askRow) {
	t.Helper()
	letters := map[policy.Answer]byte{policy.Allow: 'a', policy.Reject: 'r', policy.Ask: '?'}
	for i, passed := range []bool{true, false} {
		var got []byte
		for _, client := range askClients {
			got = append(got, letters[row.config.Ask(client, passed)])
		}
		if string(got) != row.want[i] {
			t.Errorf("%s %d, check passed %v: %s, want %s",
				row.name, row.config.AuthorisationPolicy, passed, got, row.want[i])
		}
	}
}
