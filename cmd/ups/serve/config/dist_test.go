package config

import (
	"os"
	"strings"
	"testing"
)

// TestDistributed checks the configuration that is installed with the units: as it is
// and with all that is commented out, which agrees with what the socket unit says.
func TestDistributed(t *testing.T) {
	text := distributed(t, "serve.yaml")
	asIs, err := Parse("serve.yaml", []byte(text), fakeAccounts{})
	if err != nil {
		t.Fatal(err)
	}
	if len(asIs.Identities) != 1 || len(asIs.Listen) != 1 {
		t.Errorf("%d identities and %d listeners, want one each", len(asIs.Identities), len(asIs.Listen))
	}
	socket := distributed(t, "ups.socket")
	for _, line := range []string{"ListenStream=" + asIs.Listen[0].Unix, "FileDescriptorName=" + asIs.Listen[0].Name} {
		if !strings.Contains(socket, "\n"+line+"\n") {
			t.Errorf("ups.socket has no line %s", line)
		}
	}
	all, err := Parse("serve.yaml", []byte(uncommented(text)), fakeAccounts{})
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Identities) != 3 || len(all.Listen) != 2 || len(all.PlugIns.Creators) != 1 || all.Log.Mask == 0 ||
		all.DecisionLog.File.Path == "" || all.Metrics.TCP == "" || all.Traces.Endpoint == "" {
		t.Errorf("%+v: not all is taken up that is commented out", all)
	}
}

func distributed(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../../../dist/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// uncommented returns a configuration with what is commented out: lines without a
// space after their #, or with two, as what is below another key is indented.
func uncommented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if rest, is := strings.CutPrefix(line, "#"); is && (!strings.HasPrefix(rest, " ") || strings.HasPrefix(rest, "  ")) {
			line = rest
		}
		b.WriteString(line)
	}
	return b.String()
}
