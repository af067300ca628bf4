package project

import (
	"context"
	"errors"
	"strings"
	"testing"

	"ups/cmd/ups/internal/console"
)

// asked runs what asks on a terminal where somebody types.
func asked(t *testing.T, f *command, typed string) (questions string, err error) {
	t.Helper()
	var stderr strings.Builder
	con := &console.Console{Stdin: strings.NewReader(typed), Stderr: &stderr, IsTerminal: func(any) bool { return true }}
	err = f.complete(t.Context(), con)
	return stderr.String(), err
}

func TestAsked(t *testing.T) {
	var f command
	said, err := asked(t, &f, "0x20020001\n\n0\n0x20020011\nDial\n  dial \r\n0x20012001")
	if err != nil {
		t.Fatal(err)
	}
	got := []string{f.server.String(), f.service.String(), f.name.String(), f.creator.String()}
	if want := "0x20020001 0x20020011 dial 0x20012001"; strings.Join(got, " ") != want {
		t.Errorf("answers %q, want %q", got, want)
	}
	for _, text := range []string{"SID of the system server", "UID of the service", "Name of the service", "UID of the dialog creator"} {
		if !strings.Contains(said, text) {
			t.Errorf("nothing says %q:\n%s", text, said)
		}
	}
	if n := strings.Count(said, "not zero"); n != 2 {
		t.Errorf("%d ids are refused, want the empty one and 0:\n%s", n, said)
	}
	if n := strings.Count(said, "lower-case"); n != 1 {
		t.Errorf("%d names are refused, want 1:\n%s", n, said)
	}
}

// What flags say isn't asked for.
func TestNotAskedFor(t *testing.T) {
	var f command
	for _, q := range f.questions() {
		if err := q.value.Set(q.example); err != nil {
			t.Fatalf("the example of --%s: %v", q.flag, err)
		}
	}
	if said, err := asked(t, &f, ""); said != "" || err != nil {
		t.Errorf("asked %q, error %v", said, err)
	}
}

func TestNoAnswer(t *testing.T) {
	if _, err := asked(t, new(command), "0x20020001\n"); err == nil || err.Error() != "--service has no answer, and nothing was written" {
		t.Errorf("error %v", err)
	}
	long := strings.Repeat("x", 1<<20)
	if _, err := asked(t, new(command), long+"\n"); err == nil || !strings.Contains(err.Error(), "longer than 4096 bytes") {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	con := &console.Console{Stdin: blocked{}, Stderr: new(strings.Builder), IsTerminal: func(any) bool { return true }}
	if err := new(command).complete(ctx, con); !errors.Is(err, console.ErrInterrupted) {
		t.Errorf("error %v", err)
	}
}

// blocked is a terminal where nobody types.
type blocked struct{}

func (blocked) Read([]byte) (int, error) { select {} }
