package console

import "testing"

func TestShowsProgress(t *testing.T) {
	tests := []struct {
		quiet, terminal bool
		term            string
		want            bool
	}{
		{terminal: true, term: "xterm", want: true},
		{terminal: true, term: "dumb"},
		{terminal: false, term: "xterm"},
		{quiet: true, terminal: true, term: "xterm"},
	}
	for _, tt := range tests {
		con := &Console{
			Quiet: tt.quiet, Getenv: func(string) string { return tt.term }, IsTerminal: func(any) bool { return tt.terminal },
		}
		if got := con.ShowsProgress(); got != tt.want {
			t.Errorf("%+v: %v", tt, got)
		}
	}
}
