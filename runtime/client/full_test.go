//go:build unix

package client

import (
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"ups/policy"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// fullEnv, if it is set, lets no file of the server's grow over 100,000 bytes until
// it gets SIGUSR1. A disk that is full fails in the same calls.
const fullEnv = "UPS_TEST_FULL"

func limitFiles() error {
	if os.Getenv(fullEnv) == "" {
		return nil
	}
	signal.Ignore(syscall.SIGXFSZ)
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		return err
	}
	room := make(chan os.Signal, 1)
	signal.Notify(room, syscall.SIGUSR1)
	go func() {
		<-room
		syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old)
	}()
	limited := old
	limited.Cur = 100_000
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limited)
}

// TestDiskFull fills the disk under a server. The user's answers count all the same,
// and the caller isn't told that they are stored; those that were, still answer; and
// once there is room, answers are stored again.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.put(theService, policy.Always|policy.Never)
	database := filepath.Join(t.TempDir(), "d.db")
	server, stop := m.startChild(database, fullEnv+"=1")
	session, err := m.dial().Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	told := map[uint32]decision.Result{}
	sid := uint32(2)
	for ; ; sid += 2 {
		o := askFor(t, session, sid)
		if !o.Decision.Allows() || o.Source != service.SourcePrompt {
			t.Fatalf("client %d: %+v", sid, o)
		}
		if o.Stored == 0 {
			break
		}
		if told[sid] = decision.Always; len(told) > 10_000 {
			t.Fatal("the disk doesn't get full")
		}
	}
	if o := askFor(t, session, 2); o.Source != service.SourceStored || !o.Decision.Allows() {
		t.Errorf("a stored answer, while the disk is full: %+v", o)
	}
	if err := server.Signal(syscall.SIGUSR1); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); askFor(t, session, sid).Stored == 0; {
		if time.Now().After(end) {
			t.Fatal("answers aren't stored although there is room")
		}
	}
	told[sid] = decision.Always
	stop()
	expectStored(t, 1, database, told)
}

func askFor(t *testing.T, session *Session, sid uint32) service.Outcome {
	t.Helper()
	sub, err := session.Open(service.Client{SID: sid})
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close() // it has no request under way
	o, err := sub.Authorise(t.Context(), aQuery)
	if err != nil {
		t.Fatalf("client %d: %v", sid, err)
	}
	return o
}
