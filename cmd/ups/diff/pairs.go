package diff

import (
	"cmp"
	"context"
	"maps"
	"path/filepath"
	"slices"

	"ups/cmd/ups/internal/console"
	"ups/policy"
)

// version is one version of a file.
type version struct {
	name string // how a person would find it
	file *policy.File
}

// pair is two versions of a file; one of them is nil if the file is in one alone.
type pair struct {
	title    string
	service  policy.Service
	named    bool // the service is known
	old, new *version
}

// pairs loads what is to be compared, in order.
func (v *versions) pairs(ctx context.Context) ([]pair, error) {
	if !v.old.dir && !v.new.dir {
		p, err := v.pair(ctx, v.old.root, v.new.root)
		return []pair{p}, err
	}
	old, err := v.old.list()
	if err != nil {
		return nil, err
	}
	new, err := v.new.list()
	if err != nil {
		return nil, err
	}
	all := maps.Clone(old)
	maps.Copy(all, new)
	if len(all) == 0 {
		return nil, console.UsageError("they are named as in ups_101f7f1f_1000a00a.rss", "neither %s nor %s has a policy file", v.old.given, v.new.given)
	}
	var pairs []pair
	for _, id := range slices.SortedFunc(maps.Keys(all), compareServices) {
		p, err := v.pair(ctx, old[id], new[id])
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, p)
	}
	return pairs, nil
}

func compareServices(a, b policy.Service) int {
	return cmp.Or(cmp.Compare(a.Server, b.Server), cmp.Compare(a.Service, b.Service))
}

// pair loads two versions of a file; "" is none.
func (v *versions) pair(ctx context.Context, old, new string) (p pair, err error) {
	if old != "" && !v.old.absent {
		if p.old, err = v.old.load(ctx, old); err != nil {
			return p, err
		}
	}
	if new != "" && !v.new.absent {
		if p.new, err = v.new.load(ctx, new); err != nil {
			return p, err
		}
	}
	name := filepath.Base(cmp.Or(new, old))
	p.title = name
	if id, _, ok := policy.ParseFileName(name); ok {
		p.service, p.named = id, true
		p.title = id.FileName("")
	} else if id, _, ok := policy.ParseFileName(filepath.Base(old)); ok {
		p.service, p.named = id, true
	}
	return p, nil
}
