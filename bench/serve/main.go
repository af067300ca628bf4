// Serve puts load on ups serve, and on OPA's server beside it, each a process of its
// own at a Unix socket, and prints what it measures as Markdown tables (../README.md).
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

type options struct {
	policies    int
	connections int
	rounds      int
	turn        time.Duration
	sessions    int
	waiting     int
}

func main() {
	var o options
	flag.IntVar(&o.policies, "policies", 200, "length of the list of policies")
	flag.IntVar(&o.connections, "connections", 64, "how many ask at the same time, each one request after the other")
	flag.IntVar(&o.rounds, "rounds", 5, "turns that each way to ask has; the medians are shown")
	flag.DurationVar(&o.turn, "turn", time.Second, "how long a turn is")
	flag.IntVar(&o.sessions, "sessions", 10_000, "sessions that are open at the same time")
	flag.IntVar(&o.waiting, "waiting", 1000, "requests that wait for a prompt")
	flag.Parse()
	if err := o.run(); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

func (o *options) run() error {
	dir, err := os.MkdirTemp("", "ups") // short: it is to have sockets
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p, err := build(dir, o.policies)
	if err != nil {
		return err
	}
	for _, part := range []func(*programs) error{o.silentTables, o.sessionTable, o.promptTable} {
		if err := part(p); err != nil {
			return err
		}
	}
	return nil
}
