package scenario

import (
	"ups/diag"
	"ups/policy"
	"ups/runtime/decision"
)

// File is a scenario file.
type File struct {
	Path      string
	rom       []named // where the policies of the ROM drive are
	system    []named // and of the system drive
	include   []string
	clients   map[string]client
	plugIns   plugIns
	scenarios []*scenario
}

// named is a path as the file has it, from the folder of the file.
type named struct {
	pos  diag.Pos
	path string
}

// client is an application.
type client struct {
	sid, vendor uint32
	drive       byte // letter in lower case
	gone        bool // its process has ended
}

// scenario is one test: what is stored at its beginning, and its steps.
type scenario struct {
	pos   diag.Pos
	name  string
	given []*record
	steps []step
}

// step is one of a scenario.
type step interface {
	at() diag.Pos
	// title says what the step does, for people.
	title() string
	// do does it, and reports to the fixture what differed. With an error the steps
	// that follow would have no meaning.
	do(*fixture) error
}

// place is what all steps have.
type place struct{ pos diag.Pos }

func (p place) at() diag.Pos { return p.pos }

// request is what a client wants of a system server.
type request struct {
	client      string // as written
	who         client
	service     policy.Service
	destination string
	opaque      []byte
	passed      bool
	script      script
	answer      *answer // nil if there is none
}

// script is how a policy evaluator behaves. What isn't set is nil.
type script struct {
	fingerprints []fingerprint
	entity       *string
	force        *bool
	info         *uint32 // evaluator info that it leaves in a record
}

// over returns the script with what it doesn't say taken from another.
func (m script) over(under script) script {
	if m.fingerprints == nil {
		m.fingerprints = under.fingerprints
	}
	if m.entity == nil {
		m.entity = under.entity
	}
	if m.force == nil {
		m.force = under.force
	}
	if m.info == nil {
		m.info = under.info
	}
	return m
}

// fingerprint is one that an evaluator makes. In its text {destination} stands
// for the destination, {destination:N} for the first N characters of it, and
// {opaque} for the opaque data.
type fingerprint struct{ text, description string }

// plugIns are those that a file describes. All others are there too, and do
// what the built-in evaluator does, and what the steps say.
type plugIns struct {
	evaluators        map[uint32]script
	missingEvaluators map[uint32]bool
	missingCreators   map[uint32]bool
}

// answer is what the user says to a prompt.
type answer struct {
	pos         diag.Pos
	text        string
	option      policy.Options // 0 if the user goes away
	fingerprint int            // place in the list, from 0
	info        uint32
}

// record is a stored answer, given or expected.
type record struct {
	pos    diag.Pos
	fields []recordField // that are given, in order
	decision.Record
	hasEvaluator, hasMajor bool
}

// recordField is one that was given.
type recordField struct {
	name string
	show func(*decision.Record) string
}
