package lint

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"ups/diag"
)

var uid3SharedRule = &Rule{
	ID:       "uid3-shared",
	Name:     "UID3 of two files",
	Category: Suspicion,
	Summary:  "Two files of a run have the same UID3.",
	Rationale: `UID3 is the identity of a file, and each is to have one of its own. The same one in two files is
nearly always left over from copying.`,
	Bad: "-- ups_101f7f1f_1000a00a.rss --\n" + example(`POLICY { options = KYes|KNo; }`) +
		"-- ups_101f7f1f_1000a00b.rss --\n" + example(`POLICY { options = KYes|KNo; }`),
	Good: "-- ups_101f7f1f_1000a00a.rss --\n" + example(`POLICY { options = KYes|KNo; }`) +
		"-- ups_101f7f1f_1000a00b.rss --\n" + strings.Replace(example(`POLICY { options = KYes|KNo; }`), "0x20030001", "0x20030002", 1),
	RunAll: runUID3Shared,
}

// runUID3Shared reports one finding for a UID3, at the second file that has it.
func runUID3Shared(p *ProjectPass) {
	var uids []uint32
	files := map[uint32][]*Input{}
	for _, in := range p.Inputs {
		uid := in.File.UID3
		known := slices.ContainsFunc(files[uid], func(other *Input) bool {
			return stem(other.Path) == stem(in.Path) // a source and what is compiled from it, or two of its versions
		})
		if in.File.NoUID3 || known {
			continue
		}
		if files[uid] = append(files[uid], in); len(files[uid]) == 2 {
			uids = append(uids, uid)
		}
	}
	for _, uid := range uids {
		p.Report(files[uid][1], sharedUID3(uid, files[uid]))
	}
}

// stem returns the name of a file as the device compares it, without its
// extension: what a source and the file compiled from it have in common.
func stem(path string) string {
	name := strings.ToLower(filepath.Base(path))
	return strings.TrimSuffix(name, filepath.Ext(name))
}

func sharedUID3(uid uint32, files []*Input) Finding {
	in := files[1]
	others := slices.Concat(files[:1], files[2:])
	d := diag.Diagnostic{Hint: "allocate a UID for each file"}
	var names []string
	for _, other := range others[:min(shownNames, len(others))] {
		names = append(names, filepath.ToSlash(other.Path))
		if at := other.File.Places.Field("UID3").Span; at.IsValid() {
			d.Related = append(d.Related, diag.Related{Span: at, Message: "another file"})
		}
	}
	if more := len(others) - shownNames; more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	d.Message = fmt.Sprintf("UID3 0x%08x is that of %s too", uid, enumerated(names))
	return Finding{Diagnostic: d.At(in.File.Places.Field("UID3"))}
}
