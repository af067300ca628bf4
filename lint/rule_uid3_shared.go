package lint

import (
	"fmt"
	"path/filepath"
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

func runUID3Shared(p *ProjectPass) {
	first := map[uint32]*Input{}
	for _, in := range p.Inputs {
		if in.File.NoUID3 {
			continue
		}
		other := first[in.File.UID3]
		switch {
		case other == nil:
			first[in.File.UID3] = in
		case stem(other.Path) != stem(in.Path): // a source and what is compiled from it, or two of its versions
			p.Report(in, sharedUID3(in, other))
		}
	}
}

func sharedUID3(in, other *Input) Finding {
	d := diag.Diagnostic{
		Message: fmt.Sprintf("UID3 0x%08x is that of %s", in.File.UID3, filepath.ToSlash(other.Path)),
		Hint:    "allocate a UID for each file",
	}
	if at := other.File.Places.Field("UID3").Span; at.IsValid() {
		d.Related = []diag.Related{{Span: at, Message: "the other file"}}
	}
	return Finding{Diagnostic: d.At(in.File.Places.Field("UID3"))}
}
