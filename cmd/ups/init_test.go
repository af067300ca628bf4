package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// What CI is told to run by the files of ups init passes on them.
func TestInitCI(t *testing.T) {
	dir := t.TempDir()
	got := ups(t, dir, "", "init", "--server", "0x20020001", "--service", "0x20020011", "--name", "dial", "--creator", "0x20012001")
	if got.status != 0 {
		t.Fatal(got)
	}
	for name, steps := range map[string][]string{
		".github/workflows/policies.yml": gitHubSteps(t, read(t, filepath.Join(dir, ".github/workflows/policies.yml"))),
		".gitlab-ci.yml":                 gitLabSteps(t, read(t, filepath.Join(dir, ".gitlab-ci.yml"))),
	} {
		verbs := ""
		for _, step := range steps {
			if out, err := exec.Command("sh", "-n", "-c", step).CombinedOutput(); err != nil {
				t.Errorf("%s: %s: %v: %s", name, step, err, out)
			}
			words := strings.Fields(step)
			if words[0] != "ups" {
				continue
			}
			verbs += words[1] + " "
			if words[1] == "diff" {
				compareInGit(t, dir, step)
				continue
			}
			if got := ups(t, dir, "", words[1:]...); got.status != 0 {
				t.Errorf("%s: %s: %+v", name, step, got)
			}
		}
		if strings.TrimSuffix(verbs, "diff ") != "compile fmt lint test " {
			t.Errorf("%s runs %s", name, verbs)
		}
	}
	var hooks struct {
		Repos []struct{ Hooks []struct{ Entry string } }
	}
	unmarshal(t, read(t, filepath.Join(dir, ".pre-commit-config.yaml")), &hooks)
	if entry := hooks.Repos[0].Hooks[0].Entry; entry != ".githooks/pre-commit --all" {
		t.Errorf("pre-commit runs %q", entry)
	}
}

// compareInGit runs the step of a pull request that changes a policy, in a
// repository whose base has none yet.
func compareInGit(t *testing.T, dir, step string) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	script := "set -e; git init -q; git -c user.name=a -c user.email=a@example.org commit -q --allow-empty -m base\n" +
		"git update-ref refs/remotes/origin/main HEAD\nups() { \"$EXE\" \"$@\"; }\n" + step
	bin := filepath.Join(t.TempDir(), "ups")
	if err := os.Symlink(exe, bin); err != nil {
		t.Fatal(err)
	}
	summary := filepath.Join(t.TempDir(), "summary")
	sh := exec.Command("sh", "-c", script)
	sh.Dir = dir
	sh.Env = append(os.Environ(), "EXE="+bin, "BASE=main", "GITHUB_STEP_SUMMARY="+summary)
	if out, err := sh.CombinedOutput(); err != nil {
		t.Errorf("%s: %v: %s", step, err, out)
	}
	if text := read(t, summary); !strings.Contains(text, "the user is asked, where it was denied") {
		t.Errorf("the summary is %q", text)
	}
}

func gitHubSteps(t *testing.T, text string) (steps []string) {
	t.Helper()
	var workflow struct {
		Jobs map[string]struct{ Steps []struct{ Uses, Run string } }
	}
	unmarshal(t, text, &workflow)
	for _, step := range workflow.Jobs["policies"].Steps {
		if step.Uses == "" {
			steps = append(steps, step.Run)
		}
	}
	return steps
}

func gitLabSteps(t *testing.T, text string) []string {
	t.Helper()
	var jobs map[string]struct {
		Before []string `yaml:"before_script"`
		Script []string
	}
	unmarshal(t, text, &jobs)
	return append(jobs["policies"].Before, jobs["policies"].Script...)
}

func unmarshal(t *testing.T, text string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}
