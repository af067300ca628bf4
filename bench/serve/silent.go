package main

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// way is a way to ask a server, and what was measured of it.
type way struct {
	name   string
	server *server
	open   func(s *server, list []request, n int) ([]conversation, error)

	conversations []conversation
	rates         []float64       // requests a second, of each turn
	took          []time.Duration // each request
	processor     time.Duration   // of the server
	own           time.Duration   // of the generator
}

// silentTables measures silent decisions. The generator writes bytes that are ready,
// or asks as programs in Go do.
func (o *options) silentTables(p *programs) (err error) {
	opa, err := p.startOPA()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opa.stop()) }()
	ups, err := p.startUPS(10 * o.connections)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ups.stop()) }()
	fmt.Printf("| %d policies, %d connections | requests/s | OPA's | p50 µs | p99 µs | processor µs of the server | of the generator |\n|---|--:|--:|--:|--:|--:|--:|\n", o.policies, o.connections)
	err = o.silentRows("requests in bytes", p.requests, []*way{
		{name: "OPA, JSON", server: opa, open: opaWire},
		{name: "ups, JSON, a session each", server: ups, open: upsAlone},
		{name: "ups, JSON, in a session", server: ups, open: upsSession(inJSON)},
		{name: "ups, protobuf, in a session", server: ups, open: upsSession(inProto)},
	})
	if err != nil {
		return err
	}
	return o.silentRows("clients in Go", p.requests, []*way{
		{name: "OPA, net/http", server: opa, open: newOPAClient},
		{name: "ups, runtime/client, one session", server: ups, open: libraryShared},
		{name: "ups, runtime/client, a session and connection each", server: ups, open: libraryEach},
	})
}

// silentRows measures ways in turns, and prints them beside the first.
func (o *options) silentRows(title string, list []request, ways []*way) error {
	for _, w := range ways {
		if err := w.begin(list, o.connections); err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
	}
	for range o.rounds {
		for _, w := range ways {
			if err := w.turn(len(list), o.turn); err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
		}
	}
	fmt.Printf("| **%s** |||||||\n", title)
	for _, w := range ways {
		rate := median(w.rates)
		n := time.Duration(len(w.took))
		fmt.Printf("| %s | %.0f | %.2f | %d | %d | %.1f | %.1f |\n", w.name, rate, rate/median(ways[0].rates),
			part(w.took, 50).Microseconds(), part(w.took, 99).Microseconds(), microseconds(w.processor/n), microseconds(w.own/n))
	}
	return nil
}

// begin connects, and asks every request once over every connection: each must be
// answered by the policy that decides it.
func (w *way) begin(list []request, n int) (err error) {
	if w.conversations, err = w.open(w.server, list, n); err != nil {
		return err
	}
	for _, c := range w.conversations {
		for i, r := range list {
			if err := c.ask(i); err != nil {
				return err
			}
			if got, err := c.decided(); got != r.Policy || err != nil {
				return fmt.Errorf("policy %d (%v) decides %+v", got, err, r)
			}
		}
	}
	return nil
}

// turn asks for a while over all connections, over each one request after the other.
func (w *way) turn(requests int, d time.Duration) error {
	before, err := w.server.processor()
	if err != nil {
		return err
	}
	ownBefore, err := ownProcessor()
	if err != nil {
		return err
	}
	var group sync.WaitGroup
	took, errs := make([][]time.Duration, len(w.conversations)), make([]error, len(w.conversations))
	start := time.Now()
	for k, c := range w.conversations {
		group.Go(func() { took[k], errs[k] = askUntil(start.Add(d), c, k*requests/len(w.conversations), requests) })
	}
	group.Wait()
	elapsed := time.Since(start)
	after, err := w.server.processor()
	ownAfter, ownErr := ownProcessor()
	all := slices.Concat(took...)
	w.rates = append(w.rates, float64(len(all))/elapsed.Seconds())
	w.took = append(w.took, all...)
	w.processor += after - before
	w.own += ownAfter - ownBefore
	return errors.Join(append(errs, err, ownErr)...)
}

func askUntil(end time.Time, c conversation, first, requests int) (took []time.Duration, err error) {
	for i, now := first, time.Now(); now.Before(end); i++ {
		if err := c.ask(i % requests); err != nil {
			return took, err
		}
		answered := time.Now()
		took = append(took, answered.Sub(now))
		now = answered
	}
	return took, nil
}

func microseconds(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

func median(of []float64) float64 {
	sorted := slices.Sorted(slices.Values(of))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

// part returns what so many of a hundred are at most.
func part(of []time.Duration, percent int) time.Duration {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[(len(sorted)-1)*percent/100]
}
