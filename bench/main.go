// Bench decides the same requests over the same policies in this project's
// runtime, plain loops, casbin, cedar-go and OPA, and prints how long each
// takes (README.md).
package main

import (
	"flag"
	"fmt"
	"os"
	"text/tabwriter"
	"time"
)

// seed is that of every figure that is quoted of this program.
const seed = 1

// sizes are the numbers of policies.
var sizes = [...]int{20, 200, 2000}

// floor is no engine: it is what no decision can do without.
var floor = entrant{"floor", newFloor, false}

func main() {
	rounds := flag.Int("rounds", 3, "times that each figure is measured; the median is shown")
	atLeast := flag.Duration("time", 200*time.Millisecond, "least time of one measurement")
	flag.Parse()
	if err := bench(max(*rounds, 1), *atLeast); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench(rounds int, atLeast time.Duration) error {
	rows := append([]entrant{floor}, entrants()...)
	var columns []*column
	for _, policies := range sizes {
		w := newWorkload(seed, policies)
		for _, s := range w.sets() {
			c, err := newColumn(fmt.Sprintf("%d %s", policies, s.name), rows, w.file, s.requests)
			if err != nil {
				return err
			}
			if err := c.measure(rounds, atLeast); err != nil {
				return err
			}
			columns = append(columns, c)
		}
	}
	return printTable(rows, columns)
}

// printTable prints nanoseconds, and how many times those of ups they are.
func printTable(rows []entrant, columns []*column) error {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(out, "ns a decision (times ups)\t")
	for _, c := range columns {
		fmt.Fprint(out, c.title, "\t\t")
	}
	fmt.Fprintln(out)
	for i, row := range rows {
		fmt.Fprint(out, row.name, "\t")
		for _, c := range columns {
			fmt.Fprintf(out, "%s\t(%s)\t", figure(median(c.cells[i].rounds)), figure(c.cells[i].times(c.ours(rows))))
		}
		fmt.Fprintln(out)
	}
	fmt.Fprint(out, "slowest round by fastest, at most\t")
	for _, c := range columns {
		fmt.Fprintf(out, "%.2f\t\t", c.spread())
	}
	fmt.Fprintln(out)
	return out.Flush()
}

// figure writes small numbers with digits after the point, great ones without.
func figure(x float64) string {
	switch {
	case x < 10:
		return fmt.Sprintf("%.2f", x)
	case x < 100:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.0f", x)
}
