package sqlite_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"

	"ups/runtime/decision"
	"ups/runtime/decision/sqlite"
)

// Some tests need a process of their own, to kill or to restrict: the test
// binary runs itself with childEnv set to the name of a child.
const childEnv = "UPS_DECISION_TEST_CHILD"

func TestMain(m *testing.M) {
	name := os.Getenv(childEnv)
	child := restrictedChildren[name]
	if name == "write" {
		child = writeChild
	}
	if child == nil {
		if err := flag.Set("rapid.checks", defaultChecks); err != nil { // -rapid.checks overrides it
			panic(err)
		}
		code := m.Run()
		removeBig()
		os.Exit(code)
	}
	if err := child(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// openChild is open for a child, which has no testing.T.
func openChild(path string) (decision.DB, *[]sqlite.Event, error) {
	events := &[]sqlite.Event{}
	db, err := sqlite.Open(context.Background(), path, sqlite.Options{
		CacheSize: -1,
		Report:    func(e sqlite.Event) { *events = append(*events, e) },
	})
	return db, events, err
}
