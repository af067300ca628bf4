//go:build !race

// What is allocated is counted, and the race detector allocates as well.

package grammar

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

var searchRounds = flag.Int("search.rounds", 60, "how many rounds the search for costly sources has")

// The budget of a source: how much may be allocated for each byte that is read
// and each token that is counted, beside what any source costs, and how much
// at all. It counts what was given back to the collector in between, too.
const (
	bytesPerUnit = 320
	bytesAtLeast = 1 << 20
	bytesAtMost  = 400 << 20
)

// cost is what it took to preprocess a source.
type cost struct {
	allocated, objects uint64        // in all
	units              int           // bytes that were read, and tokens that were counted
	work               int           // tokens of macros
	time               time.Duration // of the processor; varies, so nothing is judged by it
}

func measure(src string) cost {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := processorTime()
	p := newPreprocessor(newTree("a.rss"), Options{Files: Disk{}}, nil)
	p.run("a.rss", []byte(src))
	took := processorTime() - start
	runtime.ReadMemStats(&after)
	return cost{
		allocated: after.TotalAlloc - before.TotalAlloc, objects: after.Mallocs - before.Mallocs,
		units: len(src) + p.work + p.kept + p.produced, work: p.work, time: took,
	}
}

func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// perUnit is what is allocated for each unit, beside a fixed part: what isn't
// counted stands out by it. It is rounded, so that what the runtime allocates
// now and then doesn't lead the search another way.
func (c cost) perUnit(int) float64 {
	return math.Round(float64(c.allocated+16*c.objects) / float64(c.units+4096))
}

// perByte is how many units a byte of the source leads to.
func (c cost) perByte(size int) float64 { return float64(c.units) / float64(size+256) }

func (c cost) String() string {
	return fmt.Sprintf("%d bytes, %d objects, %d units, %d of them of macros, %v", c.allocated, c.objects, c.units, c.work, c.time)
}

func (c cost) check(t *testing.T, src string) {
	t.Helper()
	if limit := min(bytesAtLeast+bytesPerUnit*uint64(c.units), bytesAtMost); c.allocated > limit {
		t.Errorf("%v, over the budget of %d bytes:\n%.1000s", c, limit, src)
	}
}

// costly makes sources out of the shapes that macros can have.
type costly struct{ *rand.Rand }

func (r costly) pick(of ...string) string { return of[r.IntN(len(of))] }

func (r costly) name() string { return r.pick("A", "B", "C", "D", "E", "F", "G") }

// piece returns a part of a macro's body or of a line.
func (r costly) piece(depth int) string {
	switch n := r.IntN(12); {
	case n < 3:
		return r.pick("x", "y", "__VA_ARGS__") + " "
	case n == 3:
		return r.pick("x", "y", r.name(), "a", "1") + "##" + r.pick("x", "y", r.name(), "1")
	case n == 4:
		return r.pick("#x ", "#y ", "# ", "## ")
	case n < 7 && depth < 4:
		return r.name() + "(" + r.pieces(depth+1) + ") "
	case n == 7 && depth < 4:
		return "(" + r.pieces(depth+1) + ")"
	case n == 8:
		return r.pick(", ", `"s\\" `, "'c' ", "+ ", "defined ", "( ", ") ", strings.Repeat("n", 1+r.IntN(300)))
	case n == 9 && depth < 4:
		return strings.Repeat(r.piece(depth+1), 1+r.IntN(20))
	}
	return r.name() + " "
}

func (r costly) pieces(depth int) string {
	var b strings.Builder
	for range 1 + r.IntN(4) {
		b.WriteString(r.piece(depth))
	}
	return b.String()
}

// line returns a line of a source.
func (r costly) line() string {
	switch r.IntN(10) {
	case 0, 1, 2, 3:
		return "#define " + r.name() + r.pick("(x)", "(x)", "(x,y)", "(...)", "(x,...)", "()") + " " + r.pieces(0)
	case 4:
		return "#define " + r.name() + " " + r.pieces(0)
	case 5:
		return r.pick("#if ", "#if 0\n#elif ", "#ifdef ", "#undef ") + r.pieces(0) + "\n" + r.pick("#endif", "#else\n#endif", "#elif 1\n#endif")
	case 6:
		return r.pick("#error ", "#warning ", "#pragma ", "#include ", "# 1 \"a\" ", "#", "//", "/* ", "#define F(", "#x ") + r.pieces(0)
	}
	return r.pieces(0)
}

// mutate changes a source in one place.
func (r costly) mutate(lines []string) []string {
	out := slices.Clone(lines)
	at := r.IntN(len(out))
	switch r.IntN(6) {
	case 0:
		out[at] = r.line()
	case 1:
		out = slices.Insert(out, at, r.line())
	case 2:
		out = slices.Insert(out, at, out[r.IntN(len(out))])
	case 3:
		if len(out) > 1 {
			out = slices.Delete(out, at, at+1)
		}
	case 4: // some of a line again
		line := out[at]
		from := r.IntN(len(line) + 1)
		to := from + r.IntN(len(line)-from+1)
		out[at] = line[:to] + strings.Repeat(line[from:to], 1+r.IntN(30)) + line[to:]
	case 5:
		out[at] += r.piece(0)
	}
	return out
}

// A search by hill climbing finds no source whose cost isn't counted. With more
// rounds it is a tool to find new shapes.
func TestSearchForCost(t *testing.T) {
	const largest = 16 << 10
	for seed := range uint64(8) {
		r := costly{rand.New(rand.NewPCG(seed, 8))}
		best := []string{r.line(), r.line(), r.line(), r.line()}
		goal := cost.perUnit
		if seed%2 == 1 {
			goal = cost.perByte
		}
		most, slowest := 0.0, cost{}
		for range *searchRounds {
			lines := r.mutate(best)
			for range r.IntN(4) {
				lines = r.mutate(lines)
			}
			src := strings.Join(lines, "\n")
			if len(src) > largest {
				continue
			}
			c := measure(src)
			c.check(t, src)
			if got := goal(c, len(src)); got >= most {
				best, most = lines, got
			}
			if c.time > slowest.time {
				slowest = c
			}
		}
		t.Logf("seed %d: %.0f; the slowest: %v", seed, most, slowest)
	}
}

// TestCostlyShapes holds the shapes that were found to cost more than was
// counted.
func TestCostlyShapes(t *testing.T) {
	for name, src := range map[string]string{
		"an argument copied beside ## after ##":  "#define M(x) a" + strings.Repeat("##x", 5000) + "\nM(" + strings.Repeat("b ", 5000) + ")\n",
		"an argument in a body of parameters":    "#define M(x)" + strings.Repeat(" x", 16_000) + "\nM(M(M(1)))\n",
		"parameters, each looked for in each":    manyParameters(4000),
		"a long name that many tokens are":       "#define D(x) x x x x x x x x\n" + strings.Repeat("D(", 8) + strings.Repeat("n", 8000) + strings.Repeat(")", 8) + "\n",
		"strings of strings of backslashes":      "#define S(x) #x\n#define T(x) S(x)\n" + strings.Repeat("T(", 40) + `"\\"` + strings.Repeat(")", 40) + "\n",
		"a condition of an argument, many times": "#define M(x) 0" + strings.Repeat("+x", 8000) + "\n#if M(M(M(1)))\n#endif\n",
	} {
		c := measure(src)
		t.Logf("%s: %v", name, c)
		c.check(t, name)
	}
}

// manyParameters defines a macro of n parameters that uses each.
func manyParameters(n int) string {
	var params, body strings.Builder
	for i := range n {
		fmt.Fprintf(&params, "p%d,", i)
		fmt.Fprintf(&body, " p%d", i)
	}
	return "#define M(" + params.String() + "q)" + body.String() + "\n"
}
