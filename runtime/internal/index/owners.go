package index

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"ups/policy"
)

// none stands for no policy. It is after all of them.
const none int32 = math.MaxInt32

// owners are the policies that have a pattern, without those that never decide
// since another comes first wherever they hold.
type owners struct {
	low      int32   // the first of them all
	allKinds uint32  // of clients that any of them is for
	owner            // the first that goes by classes; nobody, if there is none
	classes  []owner // the others that go by classes, in order
	sids     []sidOwner
}

// owner is a policy, and the kinds of clients that it is for.
type owner struct {
	kinds  uint32
	policy int32
}

// sidOwner gives the first policy that lists a SID, for each result of the
// system server's check. They are a hash table, where sidOwner{none, none}
// marks a free place.
type sidOwner struct {
	sid    uint32
	policy [2]int32 // failed, passed
}

func (w *sidOwner) free() bool { return w.policy == [2]int32{none, none} }

// kindOf gives the bit for a kind of clients: by the class of the SID and, in
// the upper half, by those for which the system server's check passed.
func kindOf(sid uint32, passed bool) uint32 {
	if passed {
		return 1 << 16 << (sid >> 28)
	}
	return 1 << (sid >> 28)
}

// half is 1 for the upper half of the kinds.
func half(kind uint32) int {
	if kind>>16 != 0 {
		return 1
	}
	return 0
}

// kindsOf are the kinds that a policy without a list of SIDs is for.
func kindsOf(p *policy.Policy) (kinds uint32) {
	classes := uint32(p.SIDClasses & policy.AllSIDs)
	if p.Security.Holds(false) {
		kinds = classes
	}
	if p.Security.Holds(true) {
		kinds |= classes << 16
	}
	return kinds
}

// newOwners is for the policies with these places, in order.
func newOwners(policies []policy.Policy, places []int32) owners {
	o := owners{low: places[0], owner: owner{policy: none}}
	seen, listed := uint32(0), 0
	for _, i := range places {
		p := &policies[i]
		listed += len(p.SIDs)
		if kinds := kindsOf(p) &^ seen; len(p.SIDs) == 0 && kinds != 0 {
			seen |= kinds
			o.addKinds(owner{kinds, i})
		}
	}
	o.allKinds = seen
	if listed == 0 {
		return o
	}
	o.sids = newSIDTable(listed)
	for _, i := range places {
		for _, sid := range policies[i].SIDs {
			o.addSID(sid, policies[i].Security, i)
		}
	}
	return o
}

func (o *owners) addKinds(w owner) {
	if o.policy == none {
		o.owner = w
		return
	}
	o.classes = append(o.classes, w)
}

// newSIDTable has room for n SIDs, half of it free.
func newSIDTable(n int) []sidOwner {
	table := make([]sidOwner, 2<<bits.Len(uint(n-1)))
	for i := range table {
		table[i].policy = [2]int32{none, none}
	}
	return table
}

func (o *owners) addSID(sid uint32, s policy.Security, place int32) {
	w := o.place(sid)
	w.sid = sid
	for i, passed := range []bool{false, true} {
		if s.Holds(passed) {
			w.policy[i] = min(w.policy[i], place)
			o.allKinds |= kindOf(sid, passed)
		}
	}
}

// sidSeed makes it unknown which SIDs meet in a table, so that nobody can write
// a file full of such.
var sidSeed = rand.Uint64() | 1

// place gives the place of a SID, or the free one where it belongs.
func (o *owners) place(sid uint32) *sidOwner {
	for i := uint32(uint64(sid) * sidSeed >> 32); ; i++ {
		w := &o.sids[i&uint32(len(o.sids)-1)]
		if w.sid == sid || w.free() {
			return w
		}
	}
}

// first gives the first policy that has the pattern and is for this client.
func (o *owners) first(sid, kind uint32) int32 {
	if o.kinds&kind != 0 && len(o.sids) == 0 {
		return o.policy
	}
	return o.search(sid, kind)
}

func (o *owners) search(sid, kind uint32) int32 {
	best := none
	if o.kinds&kind != 0 {
		best = o.policy
	} else if i := slices.IndexFunc(o.classes, func(w owner) bool { return w.kinds&kind != 0 }); i >= 0 {
		best = o.classes[i].policy
	}
	if len(o.sids) > 0 {
		if w := o.place(sid); w.sid == sid {
			best = min(best, w.policy[half(kind)])
		}
	}
	return best
}
