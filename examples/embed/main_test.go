package main

import (
	"bytes"
	"os"
	"os/exec"
	"testing"

	"ups/compiler"
)

// TestMain makes the test binary stand in for the program.
func TestMain(m *testing.M) {
	if os.Getenv("EMBED_MAIN") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestEmbed(t *testing.T) {
	for _, c := range []struct {
		args, want string
		ok         bool
	}{
		{"112", "112: yes, without asking\n", true},
		{"+44091", "+4409*: no, without asking\n", true},
		{"+44791", "+44*: ask the user, offer KYes|KNo|KAlways|KNever\n", true},
		{"elsewhere", "*: ask the user, offer KYes|KNo\n", true},
		{"\xff", "destination: invalid UTF-8 at byte 0\n", false},
	} {
		out, err := embed(t, "policies", c.args)
		if out != c.want || (err == nil) != c.ok {
			t.Errorf("%q: %s%v, want %s", c.args, out, err, c.want)
		}
	}
	if out, err := embed(t, "nosuch", "112"); err == nil {
		t.Errorf("no store: %s", out)
	}
	if out, err := embed(t); err == nil || out != "usage: embed STORE DESTINATION\n" {
		t.Errorf("no arguments: %s%v", out, err)
	}
}

// embed runs the program.
func embed(t *testing.T, args ...string) (string, error) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Env = append(os.Environ(), "EMBED_MAIN=1")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// The compiled file of the store is what its source says.
func TestStoreIsUpToDate(t *testing.T) {
	const name = "ups_101f7f1f_1000a00a"
	src, err1 := os.ReadFile("policies/" + name + ".rss")
	want, err2 := os.ReadFile("policies/rom/" + name + ".rsc")
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if r := compiler.Compile(name+".rss", src, compiler.Options{}); !bytes.Equal(r.Bytes, want) || len(r.Diagnostics) > 0 {
		t.Errorf("compile the source again; %v", r.Diagnostics)
	}
}
