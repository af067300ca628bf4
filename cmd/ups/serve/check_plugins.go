package serve

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"ups/cmd/ups/serve/config"
	"ups/policy"
	"ups/runtime"
)

// needed are the policies that need a plug-in, by its implementation UID.
type needed map[uint32]*need

// need is how many policies need a plug-in, and the first of them.
type need struct {
	first string
	n     int
}

func (n needed) add(uid uint32, by string) {
	if n[uid] == nil {
		n[uid] = &need{first: by}
	}
	n[uid].n++
}

// plugIns lists the plug-ins that are configured, and those that aren't although
// policies that ask name them.
func (k *checker) plugIns() {
	k.plugInsOf("evaluator", k.cfg.PlugIns.Evaluators, k.evaluators)
	k.plugInsOf("creator", k.cfg.PlugIns.Creators, k.creators)
}

func (k *checker) plugInsOf(what string, of map[uint32]config.PlugIn, needed needed) {
	for _, uid := range sorted(of) {
		k.say("%s 0x%08x: %s", what, uid, of[uid])
	}
	for _, uid := range sorted(needed) {
		if _, ok := of[uid]; ok {
			continue
		}
		more := ""
		if n := needed[uid].n - 1; n > 0 {
			more = fmt.Sprintf(", and of %d more", n)
		}
		k.say("%s 0x%08x: missing, so that requests of %s%s fail", what, uid, needed[uid].first, more)
	}
}

// need notes which plug-ins the policies need.
func (k *checker) need(store *runtime.Store, of map[policy.Service]uint16) {
	k.evaluators, k.creators = needed{}, needed{}
	byFile := func(a, b policy.Service) int {
		return cmp.Compare(a.FileName(policy.CompiledExt), b.FileName(policy.CompiledExt))
	}
	for _, s := range slices.SortedFunc(maps.Keys(of), byFile) {
		l, _, err := store.Find(s.Server, s.Service)
		if err != nil {
			continue // it is reported
		}
		for i := range l.File().Policies {
			p := l.Policy(i).Policy
			if !p.Options.Prompts() {
				continue
			}
			by := fmt.Sprintf("policy %d of %s", i+1, s.FileName(policy.CompiledExt))
			k.creators.add(p.DialogCreator, by)
			if p.PolicyEvaluator != 0 {
				k.evaluators.add(p.PolicyEvaluator, by)
			}
		}
	}
}
