// Mutate changes a package's code in one place at a time and runs its tests:
// a change that no test notices shows what they don't test.
//
//	go run ./internal/mutate -n 40 -seed 1 ./grammar
//	go run ./internal/mutate -also ./cmd/ups ./compiler
//
// It draws the changes by the seed, so that a run can be repeated, and hands
// them to go test as an overlay: no file of the tree is written. It prints each
// change that survived, and exits with 1 if there is one. A change that doesn't
// compile isn't counted; one for which the tests need too long or too much
// memory counts as noticed.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"time"
)

// options are those of the command line.
type options struct {
	count   int
	seed    uint64
	also    []string // more packages to test
	timeout time.Duration
	memory  int // MiB; 0 is no limit
	race    bool
	verbose bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is main with its surroundings: 0 if every mutant was noticed, 1 if one
// survived, 2 if the work couldn't be done.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var opt options
	flags := flag.NewFlagSet("mutate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: mutate [flags] PACKAGE")
		flags.PrintDefaults()
	}
	flags.IntVar(&opt.count, "n", 40, "how many mutants to try; 0 is all")
	flags.Uint64Var(&opt.seed, "seed", 1, "which ones are drawn")
	flags.Func("also", "one more package whose tests are run; may be repeated", func(s string) error {
		opt.also = append(opt.also, s)
		return nil
	})
	flags.DurationVar(&opt.timeout, "timeout", 0, "for the tests of one mutant (default three times what they need without, and 30s)")
	flags.IntVar(&opt.memory, "memory", 4096, "address space of a test program in MiB; 0 is no limit, which -race needs")
	flags.BoolVar(&opt.race, "race", false, "run the tests with the race detector")
	flags.BoolVar(&opt.verbose, "v", false, "print the noticed mutants too")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() != 1 {
		flags.Usage()
		return 2
	}
	survivors, err := tryAll(ctx, opt, flags.Arg(0), stdout)
	switch {
	case err != nil:
		fmt.Fprintln(stderr, "mutate:", err)
		return 2
	case survivors > 0:
		return 1
	}
	return 0
}

// tryAll tries mutants of a package in the order that the seed says, until the
// count of those that compile is reached.
func tryAll(ctx context.Context, opt options, pkg string, stdout io.Writer) (survivors int, err error) {
	files, err := sourcesOf(ctx, pkg)
	if err != nil {
		return 0, err
	}
	list, err := mutantsOf(files)
	if err != nil {
		return 0, err
	}
	t, err := newTester(ctx, opt, pkg)
	if err != nil {
		return 0, err
	}
	defer t.close()
	r := rand.New(rand.NewPCG(opt.seed, 0))
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	tried := 0
	for _, m := range list {
		if opt.count > 0 && tried == opt.count {
			break
		}
		v, err := t.try(ctx, m)
		if err != nil {
			return 0, err
		}
		if v == invalid {
			continue
		}
		tried++
		if v == survived {
			survivors++
		}
		if v == survived || opt.verbose {
			fmt.Fprintf(stdout, "%s: %s\n", m, v)
		}
	}
	fmt.Fprintf(stdout, "%s: %d of %d mutants survived\n", pkg, survivors, tried)
	return survivors, nil
}
