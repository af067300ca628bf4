package main

import (
	"fmt"
	"slices"
	"time"
)

const (
	// slowRequests is how many of the requests a slow engine is asked.
	slowRequests = 128
	// batchTime is about how long one measurement takes: long beside reading the
	// clock, and short beside the time slice of a process.
	batchTime = 20 * time.Microsecond
)

// cell is a row of the table in one column.
type cell struct {
	engine
	batches [][]request
	least   []time.Duration // of each batch
}

func newCell(r row, w workload) (*cell, error) {
	e, err := r.build(w.file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.name, err)
	}
	requests := w.requests
	if r.slow {
		requests = requests[:slowRequests]
	}
	return &cell{engine: e, batches: [][]request{requests}}, nil
}

// split makes batches of a size that suits the engine.
func (c *cell) split() error {
	requests, least := c.batches[0], time.Hour
	probe := requests[:16]
	for range 5 {
		took, err := c.time(probe)
		if err != nil {
			return err
		}
		least = min(least, took)
	}
	size := max(int(batchTime*time.Duration(len(probe))/(least+1)), 1)
	c.batches = slices.Collect(slices.Chunk(requests, size))
	c.least = slices.Repeat([]time.Duration{time.Hour}, len(c.batches))
	return nil
}

// turn measures all batches again and again until the time is up.
func (c *cell) turn(d time.Duration) error {
	for start := time.Now(); ; {
		for i, batch := range c.batches {
			took, err := c.time(batch)
			if err != nil {
				return err
			}
			c.least[i] = min(c.least[i], took)
		}
		if time.Since(start) >= d {
			return nil
		}
	}
}

func (c *cell) time(requests []request) (time.Duration, error) {
	start := time.Now()
	for _, r := range requests {
		if _, err := c.engine(r); err != nil {
			return 0, err
		}
	}
	return time.Since(start), nil
}

// ns returns nanoseconds a decision.
func (c *cell) ns() float64 {
	var sum time.Duration
	requests := 0
	for i, batch := range c.batches {
		sum += c.least[i]
		requests += len(batch)
	}
	return float64(sum.Nanoseconds()) / float64(requests)
}

// measure takes the engines in turns, so that other load disturbs all alike.
func measure(rows []row, w workload, rounds int, turn time.Duration) ([]*cell, error) {
	cells := make([]*cell, len(rows))
	for i, r := range rows {
		c, err := newCell(r, w)
		if err != nil {
			return nil, err
		}
		if err := c.split(); err != nil {
			return nil, err
		}
		cells[i] = c
	}
	for range rounds {
		for _, c := range cells {
			if err := c.turn(turn); err != nil {
				return nil, err
			}
		}
	}
	return cells, nil
}
