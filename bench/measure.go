package main

import (
	"fmt"
	"slices"
	"time"

	"ups/policy"
)

// cell is one engine on the requests of one column: nanoseconds a decision,
// one figure for each round.
type cell struct {
	deciders []decider
	rounds   []float64
}

// column is a number of policies and a set of requests. Its cells are in the
// order of the rows.
type column struct {
	title string
	cells []*cell
}

// times gives how many times the other cell's figure this one's is: the median
// of the rounds' ratios, since what disturbs a round disturbs both.
func (c *cell) times(other *cell) float64 {
	var ratios []float64
	for i := range c.rounds {
		ratios = append(ratios, c.rounds[i]/other.rounds[i])
	}
	return median(ratios)
}

func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}

// spread is how far the slowest round is from the fastest, 1 if they are equal.
func (c *cell) spread() float64 { return slices.Max(c.rounds) / slices.Min(c.rounds) }

// prepare builds an engine, and gets its requests ready.
func prepare(e entrant, f *policy.File, requests []request) ([]decider, error) {
	ask, err := e.build(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.name, err)
	}
	var deciders []decider
	for _, r := range requests {
		d, err := ask(r)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.name, err)
		}
		deciders = append(deciders, d)
	}
	return deciders, nil
}

func newColumn(title string, rows []entrant, f *policy.File, requests []request) (*column, error) {
	c := &column{title: title}
	for _, e := range rows {
		deciders, err := prepare(e, f, requests)
		if err != nil {
			return nil, err
		}
		c.cells = append(c.cells, &cell{deciders: deciders})
	}
	return c, nil
}

// measure runs all engines one after the other, rounds times, so that what
// else the machine does hits them alike. The first run of each warms up.
func (c *column) measure(rounds int, atLeast time.Duration) error {
	for round := range rounds + 1 {
		for _, cell := range c.cells {
			ns, err := run(cell.deciders, atLeast)
			if err != nil {
				return err
			}
			if round > 0 {
				cell.rounds = append(cell.rounds, ns)
			}
		}
	}
	return nil
}

// run decides all requests again and again, at least so long, and gives the
// nanoseconds of one decision.
func run(deciders []decider, atLeast time.Duration) (float64, error) {
	for times := 1; ; times *= 2 {
		start := time.Now()
		for range times {
			for _, decide := range deciders {
				if _, err := decide(); err != nil {
					return 0, err
				}
			}
		}
		if took := time.Since(start); took >= atLeast {
			return float64(took.Nanoseconds()) / float64(times*len(deciders)), nil
		}
	}
}

// ours is the cell of this project's runtime.
func (c *column) ours(rows []entrant) *cell {
	return c.cells[slices.IndexFunc(rows, func(e entrant) bool { return e.name == ours })]
}

// spread is the greatest of its cells.
func (c *column) spread() float64 {
	greatest := 1.0
	for _, cell := range c.cells {
		greatest = max(greatest, cell.spread())
	}
	return greatest
}
