package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"ups/runtime/decision"
	"ups/runtime/decision/sqlite"
)

// Some tests need a process of their own, to kill or to restrict: the test
// binary runs itself with childEnv set to the name of a child.
const childEnv = "UPS_DECISION_TEST_CHILD"

var children = map[string]func(args []string) error{
	"write":     writeChild,
	"read-only": readOnlyChild,
	"full":      fullChild,
}

func TestMain(m *testing.M) {
	child, ok := children[os.Getenv(childEnv)]
	if !ok {
		os.Exit(m.Run())
	}
	if err := child(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// openChild is open for a child, which has no testing.T.
func openChild(path string) (decision.DB, []sqlite.Event, error) {
	var events []sqlite.Event
	db, err := sqlite.Open(context.Background(), path, sqlite.Options{
		CacheSize: -1,
		Report:    func(e sqlite.Event) { events = append(events, e) },
	})
	return db, events, err
}
