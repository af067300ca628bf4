package analysis

import (
	"cmp"
	"fmt"
	"slices"
)

// ClientKind is requests that a list doesn't distinguish by their client: the same
// policies are for all of them, and the service is asked about them in the same
// situations.
type ClientKind struct {
	// Clients are whose the requests are. Its situations are all in which the
	// requests are of the kind, whether the service is asked or not.
	Clients
	Client   Client     // one of them, which the service is asked about if it is about any
	Asked    Situations // those of the situations in which the service is asked
	Policies []int      // those that are for the clients, by place
}

// ClientKinds returns the kinds of clients of the list, those of whole classes first.
// Every client, with each result of the check, is of exactly one.
func (r *Result) ClientKinds() []ClientKind {
	k := kinds{result: r, places: map[string]int{}}
	for _, w := range k.clients() {
		k.add(w)
	}
	for i := range k.list {
		k.list[i].Clients = r.simplified(k.list[i].Clients)
	}
	return k.list
}

// kinds is ClientKinds under way.
type kinds struct {
	result *Result
	groups map[who][2]int // of each client: the groups where the check failed, and where it passed
	places map[string]int // in list, by what the requests of a kind have in common
	list   []ClientKind
}

// clients returns the clients of all groups, and notes the groups that they are
// in.
func (k *kinds) clients() []who {
	k.groups = map[who][2]int{}
	var all []who
	for i, g := range k.result.groups {
		for _, c := range g.clients {
			w := who{c.SID, c.unlisted}
			of, known := k.groups[w]
			if !known {
				all = append(all, w)
			}
			of[index(c.Passed)] = i
			k.groups[w] = of
		}
	}
	slices.SortFunc(all, func(a, b who) int {
		return cmp.Or(cmp.Compare(index(b.unlisted), index(a.unlisted)), cmp.Compare(a.sid, b.sid))
	})
	return all
}

func index(b bool) int {
	if b {
		return 1
	}
	return 0
}

// add adds the requests of a client: as one kind if the check makes no
// difference, or else as two.
func (k *kinds) add(w who) {
	failed, passed := &k.result.groups[k.groups[w][0]], &k.result.groups[k.groups[w][1]]
	asked := askedIn(k.result.File.HeaderOrZero().AuthorisationPolicy, w.sid)
	alike := failed.visible.key() == passed.visible.key()
	if alike && asked&FailedOnly != 0 && asked&PassedOnly != 0 {
		k.addTo(w, failed, AnySituation, asked)
		return
	}
	k.addTo(w, passed, PassedOnly, asked&PassedOnly)
	k.addTo(w, failed, FailedOnly, asked&FailedOnly)
}

func (k *kinds) addTo(w who, g *group, in, asked Situations) {
	key := fmt.Sprint(g.visible.key(), in, asked)
	i, known := k.places[key]
	if !known {
		i = len(k.list)
		k.places[key] = i
		k.list = append(k.list, ClientKind{
			Clients: Clients{Situations: in}, Asked: asked, Policies: slices.Collect(g.visible.all()),
			Client: Client{w.sid, in == PassedOnly},
		})
	}
	if of := &k.list[i]; w.unlisted {
		of.Classes |= 1 << (w.sid >> 28)
	} else {
		of.SIDs = append(of.SIDs, w.sid)
	}
}
