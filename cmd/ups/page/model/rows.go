package model

import (
	"fmt"
	"strings"

	"ups/lint/analysis"
	"ups/policy"
)

// maxRows is how many rows a picture has: more would not be read.
const maxRows = 24

// Row is one kind of client with one result of the check, or, as the last one,
// several kinds.
type Row struct {
	Who   string `json:"who"`
	Label string `json:"label"` // Who, in a few letters
	Check string `json:"check"`
	Asked Asked  `json:"asked"`
	Kinds int    `json:"kinds"` // how many it stands for
	// Client is who asks in the sample, unless the row is of several kinds.
	Client   Client `json:"client"`
	Requests int    `json:"requests"` // of the sample
	// Cells are those of the policies that are for these clients, by number, the
	// default policy last. There are none where the service is never asked.
	Cells []Cell `json:"cells"`
}

// Client is a client, and what the system server's check said of its request.
type Client struct {
	SID    uint32 `json:"sid"`
	Passed bool   `json:"passed"`
}

// Asked says when the service is asked about the requests of a row.
type Asked string

// When the service is asked.
const (
	AskedAlways    Asked = "always"
	AskedElsewhere Asked = "unless the client was started from drive Z and the check passed"
	AskedNever     Asked = "never"
)

// Cell is what a policy does for the clients of a row.
type Cell struct {
	Policy   int   `json:"policy"`
	Reach    Reach `json:"reach"`
	Requests int   `json:"requests"` // of the sample, that it decides
}

// rows has the kinds of clients that each row stands for.
type rows struct {
	kinds [][]analysis.ClientKind
	// members has for each row a set of the policies that are for its clients.
	members []map[int]bool
}

func newRows(a *analysis.Result) *rows {
	r := &rows{}
	kinds := a.ClientKinds()
	for i, kind := range kinds {
		if i < maxRows-1 || len(kinds) == maxRows {
			r.add(kind)
			continue
		}
		r.addTogether(kinds[i:])
		break
	}
	return r
}

func (r *rows) add(kinds ...analysis.ClientKind) {
	var all []int
	for _, kind := range kinds {
		all = append(all, kind.Policies...)
	}
	r.kinds, r.members = append(r.kinds, kinds), append(r.members, setOf(all))
}

func setOf(policies []int) map[int]bool {
	set := make(map[int]bool, len(policies))
	for _, p := range policies {
		set[p] = true
	}
	return set
}

// isJoint reports whether a row is of several kinds.
func (r *rows) isJoint(row int) bool { return len(r.kinds[row]) > 1 }

// isAsked reports whether the service is asked about requests of a row.
func (r *rows) isAsked(row int) bool { return r.kinds[row][0].Asked != 0 }

// addTogether adds the kinds that the service is asked about as one row; of the
// others nothing would be shown.
func (r *rows) addTogether(kinds []analysis.ClientKind) {
	var asked []analysis.ClientKind
	for _, kind := range kinds {
		if kind.Asked != 0 {
			asked = append(asked, kind)
		}
	}
	if len(asked) > 0 {
		r.add(asked...)
	}
}

// describe returns a row without its cells.
func (r *rows) describe(i int) Row {
	kinds := r.kinds[i]
	kind := kinds[0]
	row := Row{Who: who(kind), Label: label(kind), Kinds: len(kinds), Asked: asked(kind), Check: checkIn(kind.Situations), Client: Client(kind.Client)}
	if len(kinds) > 1 {
		row.Label = fmt.Sprintf("%d more kinds of client", len(kinds))
		row.Who, row.Check, row.Client = row.Label, "as it may be", Client{}
	}
	return row
}

func who(kind analysis.ClientKind) string {
	name := kind.SIDSet.String()
	if len(kind.ExceptSIDs) == 0 {
		return name
	}
	if others, all := strings.CutPrefix(name, "all "); all {
		return "all other " + others
	}
	return "other " + name
}

// label is who for a row of a picture.
func label(kind analysis.ClientKind) string {
	switch n := len(kind.SIDs); {
	case kind.Classes != 0 && n > 0:
		return fmt.Sprintf("%s, and %d SIDs", who(analysis.ClientKind{Clients: analysis.Clients{SIDSet: analysis.SIDSet{Classes: kind.Classes}, ExceptSIDs: kind.ExceptSIDs}}), n)
	case n > 2:
		return fmt.Sprintf("0x%08X and %d more", kind.SIDs[0], n-1)
	case n == 2:
		return fmt.Sprintf("0x%08X, 0x%08X", kind.SIDs[0], kind.SIDs[1])
	}
	return who(kind)
}

func checkIn(s analysis.Situations) string {
	switch s {
	case analysis.PassedOnly:
		return passed
	case analysis.FailedOnly:
		return failed
	}
	return anyCheck
}

func asked(kind analysis.ClientKind) Asked {
	switch kind.Asked {
	case 0:
		return AskedNever
	case kind.Situations:
		return AskedAlways
	}
	return AskedElsewhere
}

// answer is what becomes of the requests of a row that the service isn't asked
// about.
func (r Row) answer() Effect {
	if policy.ByCheck(r.Client.Passed) == policy.Allow {
		return Allow
	}
	return Deny
}

// Unasked returns what becomes of the requests of a row that the service isn't
// asked about; false if it is asked about some.
func (r Row) Unasked() (Effect, bool) { return r.answer(), r.Asked == AskedNever }
