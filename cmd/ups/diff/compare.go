package diff

import (
	"fmt"

	"ups/lint/analysis"
	"ups/policy"
	"ups/runtime"
)

// result is what changes in all files.
type result struct {
	old, new string
	files    []*file
}

// file is what changes in one file.
type file struct {
	pair
	*analysis.Difference
	counts *counts // of the decision database; nil if there is none
}

// compare compares two versions, and has the runtime confirm each example.
func compare(p pair) (*file, error) {
	f := &file{pair: p, Difference: analysis.Diff(p.old.list(), p.new.list(), analysis.Options{})}
	for _, c := range f.Changes {
		if err := f.confirm(c.Witness); err != nil {
			return nil, fmt.Errorf("%s: %w", p.title, err)
		}
	}
	return f, nil
}

func (v *version) list() *policy.File {
	if v == nil {
		return nil
	}
	return v.file
}

// confirm decides a request by both versions as a device would.
func (f *file) confirm(w analysis.Witness) error {
	for _, side := range []struct {
		*version
		decider int
	}{{f.old, w.Old}, {f.new, w.New}} {
		if side.decider == analysis.NotAsked {
			continue
		}
		list, err := runtime.NewList(side.file)
		if err != nil {
			return err
		}
		place, err := list.DecideUTF16(w.SID, w.Passed, w.Destination)
		if err != nil || place != side.decider {
			return fmt.Errorf("the runtime doesn't confirm an example: policy %d decides it, not %d (%v); nothing is claimed", place+1, side.decider+1, err)
		}
	}
	return nil
}

// changes reports whether anything changes, or may.
func (f *file) changes() bool { return len(f.Changes) > 0 || !f.Complete() }
