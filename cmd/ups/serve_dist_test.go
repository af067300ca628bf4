package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// TestServeCheckDistributed checks the configuration that is installed with the units
// as ups serve does, with its folders below another.
func TestServeCheckDistributed(t *testing.T) {
	dir := t.TempDir()
	const name = "ups_101f7f1f_1000a00a.rsc"
	for _, folder := range []string{"usr/share/ups/policies", "etc/ups/policies"} {
		writeSource(t, filepath.Join(dir, folder, name), read(t, "../../examples/embed/policies/rom/"+name))
	}
	for _, folder := range []string{"var/lib/ups", "run/ups"} {
		writeSource(t, filepath.Join(dir, folder, "other"), "")
	}
	text := strings.NewReplacer(" /usr/", " usr/", " /etc/", " etc/", " /var/", " var/", " /run/", " run/").Replace(read(t, "../../dist/serve.yaml"))
	writeSource(t, filepath.Join(dir, "serve.yaml"), text)
	out, err := processOf(t, dir, "ups", "serve", "--check", "--config", "serve.yaml").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"policies: 1 file in usr/share/ups/policies, eclipsed by those in etc/ups/policies\n",
		"decisions: var/lib/ups/decisions.db, which is made\n",
		"listen: unix run/ups/ups.sock",
		"identity administrator: uid 0; ReadDeviceData, WriteDeviceData, status\n",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("it says\n%s\nwithout %s", out, want)
		}
	}
}

// The garbage collector has to hear of the memory that the unit leaves the server: by
// itself it lets garbage come to as much as everything else.
func TestServeUnitTellsItsMemory(t *testing.T) {
	var most, told int64
	for line := range strings.Lines(read(t, "../../dist/ups.service")) {
		fmt.Sscanf(line, "MemoryMax=%dG", &most)
		fmt.Sscanf(line, "Environment=GOMEMLIMIT=%dMiB", &told)
	}
	most <<= 30
	told <<= 20
	if told < most/2 || told > most*9/10 {
		t.Errorf("the unit has %d bytes at most, and tells Go %d", most, told)
	}
}
