package loaded

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ups/internal/rsc"
	"ups/policy"
	"ups/runtime"
)

// put writes a list of two policies, of which the second is never reached.
func put(t testing.TB, folder string, service policy.Service, first string) {
	t.Helper()
	b, err := rsc.Encode(&policy.File{
		UID2: policy.ResourceFileUID, UID3: 1, Version: policy.FormatVersion,
		Header: &policy.Header{AuthorisationPolicy: policy.AlwaysCheck, DialogCreator: 1},
		Policies: []policy.Policy{
			{SIDClasses: policy.AllSIDs, Destination: policy.NewText(first), Options: policy.Yes | policy.No},
			{SIDClasses: policy.AllSIDs, Destination: policy.NewText("secret*"), Options: policy.No},
		},
	})
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, service.FileName(policy.CompiledExt)), b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestLists(t *testing.T) {
	rom := t.TempDir()
	good, bad := policy.Service{Server: 2, Service: 1}, policy.Service{Server: 1, Service: 7}
	put(t, rom, good, "*")
	if err := os.WriteFile(filepath.Join(rom, bad.FileName(policy.CompiledExt)), []byte("no list"), 0o600); err != nil {
		t.Fatal(err)
	}
	store, err := runtime.Open(rom, "", runtime.StoreOptions{Report: func(runtime.Problem) {}})
	if err != nil {
		t.Fatal(err)
	}
	lists := Lists(store)
	all := lists()
	if len(all) != 2 || all[0].Service != bad || all[1].Service != good {
		t.Fatal(all)
	}
	if all[0].Problem == "" || all[0].List != nil || len(all[0].Picture) > 0 {
		t.Error(all[0])
	}
	l := all[1]
	if l.Problem != "" || l.List == nil || filepath.Dir(l.Path) != rom || l.Words == "" || !strings.HasPrefix(string(l.Picture), "<svg ") {
		t.Error(l)
	}
	var codes []string
	for _, f := range l.Findings {
		codes = append(codes, f.Code+" "+f.Severity)
	}
	if !strings.Contains(strings.Join(codes, ","), "catch-all") {
		t.Errorf("findings: %v", codes)
	}
	if again := lists(); &again[1].Picture[0] != &l.Picture[0] {
		t.Error("it is worked out again")
	}
	put(t, rom, good, "x*")
	if err := store.Reload(); err != nil {
		t.Fatal(err)
	}
	for _, f := range lists()[1].Findings {
		if strings.Contains(f.Code, "catch-all") {
			t.Errorf("the list is of before: %v", f)
		}
	}
}
