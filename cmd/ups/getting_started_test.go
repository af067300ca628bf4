package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestGettingStarted runs the page that leads from an empty folder to a package
// as on a machine that has nothing but the command: as it is built, without
// environment, and with an empty home, that stays empty.
func TestGettingStarted(t *testing.T) {
	m := &machine{T: t, binary: built(t), home: t.TempDir(), work: filepath.Join(t.TempDir(), "page")}
	if err := os.Mkdir(m.work, 0o777); err != nil {
		t.Fatal(err)
	}
	p := &page{T: t, dir: m.work, count: map[bool]int{}, ups: m.ups}
	p.run(read(t, "../../docs/getting-started.md"))

	m.isEmpty(m.home)
	for _, verb := range []string{"init", "compile", "fmt", "lint", "test", "diff", "package"} {
		if !slices.Contains(m.verbs, verb) {
			t.Errorf("the page doesn't use ups %s", verb)
		}
	}
	for _, name := range []string{"ups_policies.pkg", "ups_policies_stub.pkg", "ups_policies.iby", "backup_registration.xml"} {
		if info, err := os.Stat(filepath.Join(m.work, "package", name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	t.Logf("%d commands, %v in all", len(m.verbs), m.took.Round(time.Millisecond))
	if m.took > time.Minute {
		t.Errorf("all commands take %v, want less than a minute", m.took)
	}
}

// built builds the command.
func built(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "ups")
	build := exec.Command("go", "build", "-trimpath", "-o", binary, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return binary
}

// machine runs the command with an environment of HOME alone.
type machine struct {
	*testing.T
	binary, home, work string
	verbs              []string
	took               time.Duration
}

func (m *machine) ups(args []string) string {
	cmd := exec.CommandContext(m.Context(), m.binary, args...)
	cmd.Dir, cmd.Env = m.work, []string{"HOME=" + m.home}
	begin := time.Now()
	out, err := cmd.CombinedOutput()
	took := time.Since(begin)
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		m.Errorf("ups %s: %v", strings.Join(args, " "), err)
	}
	m.verbs, m.took = append(m.verbs, args[0]), m.took+took
	m.Logf("%8v  ups %s", took.Round(100*time.Microsecond), strings.Join(args, " "))
	return string(out)
}

func (m *machine) isEmpty(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) > 0 {
		m.Errorf("%d files in the home, error %v", len(entries), err)
	}
}
