package analysis_test

import (
	"runtime"
	"slices"
	"testing"

	"ups/lint/analysis"
	"ups/policy"
)

// edited is a full-size list with some edits of the kinds that people make.
func edited(f *policy.File) *policy.File {
	after := *f
	list := slices.Clone(f.Policies)
	n := len(list)
	list[n/2].Options = policy.Yes
	list[n/3].Destination = policy.NewText("*")
	list[1], list[n-2] = list[n-2], list[1]
	list = slices.Delete(list, n/4, n/4+1)
	after.Policies = slices.Insert(list, 0, policy.Policy{SIDClasses: policy.AllSIDs, Destination: policy.NewText("*9"), Options: policy.No})
	return &after
}

// BenchmarkDiff compares full-size lists of all natures with edited versions, and
// with that of the next nature, which has nothing to do with it.
func BenchmarkDiff(b *testing.B) {
	lists := natureLists(b)
	for i, l := range lists {
		b.Run(l.name+"/edited", func(b *testing.B) { benchmarkDiff(b, l.f, edited(l.f)) })
		b.Run(l.name+"/unrelated", func(b *testing.B) { benchmarkDiff(b, l.f, lists[(i+1)%len(lists)].f) })
	}
}

func benchmarkDiff(b *testing.B, before, after *policy.File) {
	b.ReportAllocs()
	var d *analysis.Difference
	for b.Loop() {
		d = analysis.Diff(before, after, analysis.Options{})
	}
	regions := 0
	for _, c := range d.Changes {
		regions += len(c.Regions)
	}
	b.ReportMetric(float64(len(d.Changes)), "changes")
	b.ReportMetric(float64(regions), "regions")
	b.ReportMetric(float64(len(d.Undecided)), "undecided")
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapInuse)/(1<<20), "MB-heap")
}
