// Solvers measures ups lint on full-size lists of many natures, and asks which
// policies of shorter ones are unreachable, of ups lint and of the SMT solvers
// z3 and cvc5 (../README.md). It prints Markdown tables.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

type options struct {
	limit   time.Duration
	rounds  int
	natures []string
	sizes   []int
	full    bool
	ups     string // path of the program
	dir     string // for lists
}

func main() {
	var o options
	flag.DurationVar(&o.limit, "limit", time.Minute, "time of the processor that a solver has for a list")
	flag.IntVar(&o.rounds, "rounds", 3, "times that ups lint is measured; the median is shown")
	of := flag.String("natures", "exact-numbers,prefixes-unsorted,domain-pairs,question-marks,keywords", "lists for the solvers")
	sizes := flag.String("sizes", "20,100,400", "numbers of policies")
	flag.BoolVar(&o.full, "full", true, "measure full-size lists too")
	flag.Parse()
	o.natures = strings.Split(*of, ",")
	for _, s := range strings.Split(*sizes, ",") {
		n, err := strconv.Atoi(s)
		if err != nil || n < 2 {
			fail(fmt.Errorf("-sizes: %q is no number of policies", s))
		}
		o.sizes = append(o.sizes, n)
	}
	fail(o.measure())
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "solvers:", err)
		os.Exit(1)
	}
}

func (o *options) measure() error {
	for _, s := range solvers {
		if _, err := exec.LookPath(s.name); err != nil {
			return fmt.Errorf("%s is not installed: on Debian, apt-get install z3 cvc5", s.name)
		}
	}
	var err error
	if o.dir, err = os.MkdirTemp("", "solvers"); err != nil {
		return err
	}
	defer os.RemoveAll(o.dir)
	o.ups = filepath.Join(o.dir, "ups")
	build := exec.Command("go", "build", "-o", o.ups, "./cmd/ups")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w: %s", err, out)
	}
	if o.full {
		if err := o.fullSize(); err != nil {
			return err
		}
	}
	return o.compare()
}
