// Bench decides the same requests over the same policies in this project's
// runtime, a loop over prepared patterns and other engines, and prints how long
// each takes as a Markdown table (README.md).
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"time"
)

type options struct {
	rounds int
	turn   time.Duration
	rows   []row

	write    string // a folder
	policies int    // what is written there
}

func main() {
	var o options
	flag.IntVar(&o.rounds, "rounds", 10, "rounds of turns; each figure is the least of all")
	flag.DurationVar(&o.turn, "turn", 20*time.Millisecond, "how long an engine is measured in its turn")
	engines := flag.String("engines", "", "regular expression for the engines beside ups")
	flag.StringVar(&o.write, "write", "", "measure nothing; write policies and requests into this `folder`, for servers")
	flag.IntVar(&o.policies, "policies", 200, "how many policies are written")
	flag.Parse()
	if err := o.run(*engines); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (o *options) run(engines string) error {
	if o.write != "" {
		return writeWorkload(o.write, o.policies)
	}
	re, err := regexp.Compile(engines)
	if err != nil {
		return err
	}
	o.rows = slices.DeleteFunc(rows(), func(r row) bool { return r.name != upsName && !re.MatchString(r.name) })
	return o.printTable(os.Stdout)
}
