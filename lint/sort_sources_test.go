package lint_test

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ups/compiler"
	"ups/grammar"
	"ups/internal/natures"
	"ups/lint"
	"ups/lint/analysis"
	"ups/lint/internal/bruteforce"
	"ups/policy"
)

var sources = flag.Int("sources", 3_000/bruteforce.Slowness, "how many generated sources are sorted")

// budget is that of sorting in tests, in steps.
const budget = 1 << 22

// sortedSource sorts a source and checks what must hold of any: the same policies
// and comments, the same decisions, and nothing left to move.
func sortedSource(t testing.TB, path string, src []byte) *lint.Sorted {
	t.Helper()
	load := func(text []byte) *lint.Input {
		r := compiler.Compile(path, text, compiler.Options{Options: grammar.Options{Files: grammar.Disk{}}})
		return &lint.Input{Path: path, File: r.File, Tree: r.Tree, Diagnostics: r.Diagnostics}
	}
	in := load(src)
	if in.File == nil {
		return nil
	}
	got := lint.Sort(in, budget, load)
	after := load(got.Text)
	switch {
	case after.File == nil:
		t.Fatalf("it doesn't compile any more:\n%s", got.Text)
	case !slices.Equal(shown(in.File), shown(after.File)):
		t.Fatalf("the policies aren't the same:\n%s", got.Text)
	case !slices.Equal(commentsOf(in.Tree), commentsOf(after.Tree)):
		t.Fatalf("the comments aren't the same:\n%s", got.Text)
	case got.Refused != "" && !bytes.Equal(got.Text, src):
		t.Fatalf("changed although it is refused")
	case analysis.CompareOrders(in.File, after.File, analysis.Options{}).Changed == analysis.Yes:
		t.Fatalf("decisions change:\n%s", got.Text)
	}
	checkFindings(t, got, load(got.Text))
	if again := lint.Sort(after, budget, load); !bytes.Equal(again.Text, got.Text) || len(again.Stuck) != len(got.Stuck) {
		t.Fatalf("sorted again it changes:\n%s\n%s", got.Text, again.Text)
	}
	return got
}

// shown returns all policies of a list, sorted as text.
func shown(f *policy.File) []string {
	var out []string
	for _, p := range f.Policies {
		p.Places = policy.Places{}
		out = append(out, fmt.Sprintf("%+v", p))
	}
	slices.Sort(out)
	return out
}

// commentsOf returns all comments of a source, sorted.
func commentsOf(t *grammar.Tree) []string {
	var out []string
	for _, c := range t.Comments {
		out = append(out, strings.TrimSuffix(c.Text, "\r"))
	}
	slices.Sort(out)
	return out
}

// TestSortCorpus sorts all sources of the corpus, and those of all fixtures.
func TestSortCorpus(t *testing.T) {
	paths, err := filepath.Glob("../compiler/testdata/conformance/*/*.rss")
	if err != nil || len(paths) < 300 {
		t.Fatalf("%d sources, %v", len(paths), err)
	}
	fixtures, _ := filepath.Glob("testdata/*/*.rss")
	examples, _ := filepath.Glob("../examples/*/*.rss")
	sortable, moved := 0, 0
	for _, path := range slices.Concat(paths, fixtures, examples) {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got := sortedSource(t, path, src)
		if got == nil {
			continue
		}
		sortable++
		if got.Moves() {
			moved++
		}
		if got.Refused != "" {
			t.Errorf("%s: refused: %s", path, got.Refused)
		}
	}
	if t.Logf("%d sources, %d with moves", sortable, moved); sortable < 300 || moved < 10 {
		t.Errorf("%d sources, %d with moves", sortable, moved)
	}
}

// TestSortRandomSources sorts generated sources in which each policy says in its
// comments which it is.
func TestSortRandomSources(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	moved, ordered, regions := 0, 0, 0
	for n := range *sources {
		src := randomSource(r)
		got := sortedSource(t, "a.rss", src)
		if got == nil || got.Refused != "" {
			t.Fatalf("source %d: %v\n%s", n, got, src)
		}
		if got.Moves() {
			moved++
		}
		if strings.Contains(string(src), "NOT") {
			regions++
			before, after := withNOT(t, src), withNOT(t, got.Text)
			if analysis.Compare(before, after, analysis.Options{}).Changed != analysis.No {
				t.Fatalf("source %d: decisions change if NOT is defined\n%s\n%s", n, src, got.Text)
			}
		}
		if why := strayComment(string(got.Text)); why != "" {
			t.Fatalf("source %d: %s\n%s\n%s", n, why, src, got.Text)
		}
		if len(got.Stuck) == 0 {
			ordered++
		}
	}
	if t.Logf("%d with moves, %d in order, %d with regions", moved, ordered, regions); moved < *sources/20 || ordered < *sources/4 || regions < *sources/10 {
		t.Error("the sources are too much alike")
	}
}

// checkFindings checks that whatever lint suspects of the order was said to be
// stuck, or not decided.
func checkFindings(t testing.TB, s *lint.Sorted, in *lint.Input) {
	t.Helper()
	for _, f := range of("order", lint.Run(in, &lint.Config{Profile: lint.ProfileAll, Budget: budget})) {
		if f.Category == lint.Suspicion && !isStuck(s.Written(), f) && len(s.Undecided) == 0 && s.Refused == "" {
			t.Fatalf("lint finds %s, policy %d\n%s", f.Message, f.Policy, s.Text)
		}
	}
}

// withNOT compiles a source in its other form.
func withNOT(t *testing.T, src []byte) *policy.File {
	t.Helper()
	options := grammar.Options{Files: noFiles{}, Defines: []grammar.Define{{Name: "NOT"}}}
	r := compiler.Compile("a.rss", src, compiler.Options{Options: options})
	if r.File == nil {
		t.Fatalf("%v\n%s", r.Diagnostics, src)
	}
	return r.File
}

// isStuck reports whether it was said of a policy that it stands after what lint
// finds more general.
func isStuck(s *lint.Sorted, f lint.Finding) bool {
	return slices.ContainsFunc(s.Stuck, func(k analysis.Stuck) bool {
		return k.Policy == f.Policy-1 && slices.Contains(k.General, f.Culprits[0]-1)
	})
}

// randomSource writes a list as a person might, and as nobody would.
func randomSource(r *rand.Rand) []byte {
	f := bruteforce.RandomList(r, 7)
	barrier := func(*rand.Rand) string { return "\n#define A 1\n" }
	if r.IntN(2) == 0 {
		barrier = randomRegion
	}
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	var b strings.Builder
	for i, p := range f.Policies {
		space := pick("\n", "\n\n\t", "\n\t", " ", "\n\n\n", "\n// Heading\n\n\t")
		b.WriteString(space)
		switch {
		case r.IntN(3) > 0:
		case space == " ": // what ends the line would be for the policy before
			fmt.Fprintf(&b, "/* <%d */ ", i)
		default:
			fmt.Fprintf(&b, pick("// <%d\n\t", "/* <%d */ ", "/* <%[1]d\n\t <%[1]d */\n", "// <%[1]d\n// <%[1]d\r\n"), i)
		}
		fmt.Fprintf(&b, "POLICY { /* =%d */ %s }", i, fields(&p))
		if i < len(f.Policies)-1 {
			fmt.Fprint(&b, pick(",", ",", ",", " ,", "\n\t,", fmt.Sprintf(" /* >%d */,", i)))
		}
		if r.IntN(3) == 0 {
			fmt.Fprintf(&b, pick(" // >%d\n", " /* >%d */\n", "\t/* >%[1]d */ // >%[1]d\n"), i)
		}
		if i < len(f.Policies)-1 && r.IntN(6) == 0 {
			b.WriteString(barrier(r))
		}
	}
	return []byte(list("", b.String()))
}

// randomRegion writes a policy that is there only if NOT is defined.
func randomRegion(r *rand.Rand) string {
	p := bruteforce.RandomPolicy(r, "ab*?", r.IntN(2) == 0)
	return fmt.Sprintf("\n#ifdef NOT\nPOLICY { /* =9 */ %s },\n#endif\n", fields(&p))
}

func fields(p *policy.Policy) string {
	out := fmt.Sprintf("destination = %q; options = %d; systemserversecurity = %d; sid_classes = %d;",
		p.Destination.String(), p.Options, p.Security%3, p.SIDClasses)
	if len(p.SIDs) > 0 {
		out += " sid_list = {" + strings.Join(strings.Fields(strings.Trim(fmt.Sprint(p.SIDs), "[]")), ", ") + "};"
	}
	return out
}

// strayComment finds a comment of a random source that isn't with its policy.
func strayComment(text string) string {
	signs := strings.FieldsFunc(text, func(c rune) bool { return !strings.ContainsRune("<=>0123456789", c) })
	signs = slices.DeleteFunc(signs, func(s string) bool { return len(s) != 2 || !strings.Contains("<=>", s[:1]) })
	of := ""
	for i, s := range signs {
		switch s[0] {
		case '=':
			of = s[1:]
		case '>':
			if s[1:] != of {
				return fmt.Sprintf("%s stands after policy %s", s, of)
			}
		case '<':
			next := slices.IndexFunc(signs[i:], func(s string) bool { return s[0] == '=' })
			if next < 0 || signs[i+next][1:] != s[1:] {
				return s + " stands before another policy"
			}
		}
	}
	return ""
}

// FuzzSort checks for any source that sorting keeps its policies, comments and
// decisions.
func FuzzSort(f *testing.F) {
	for _, seed := range sourceSeeds(f) {
		f.Add(seed)
	}
	r := rand.New(rand.NewPCG(15, 16))
	for range 50 {
		f.Add(randomSource(r))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		load := func(text []byte) *lint.Input { return input(file{"a.rss", text}) }
		if load(src).File != nil {
			sortedSource(t, "a.rss", src)
		}
	})
}

// BenchmarkSortSource sorts a full-size source of which many policies move.
func BenchmarkSortSource(b *testing.B) {
	f, err := natures.Longest(natures.All()[2].List)
	if err != nil {
		b.Fatal(err)
	}
	src, err := compiler.Source(f)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		load := func(text []byte) *lint.Input { return input(file{"a.rss", text}) }
		if got := lint.Sort(load(src), 0, load); got.Refused != "" || !got.Moves() {
			b.Fatal(got.Refused)
		}
	}
}
