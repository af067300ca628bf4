package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// outcome is what the tests do with a mutant.
type outcome string

const (
	invalid  outcome = "doesn't compile"
	noticed  outcome = "noticed"
	survived outcome = "survived"
)

// sourcesOf lists the files that the package is built of, without its tests.
func sourcesOf(ctx context.Context, pkg string) ([]string, error) {
	out, err := goCommand(ctx, "list", "-json=Dir,GoFiles,CgoFiles", pkg)
	if err != nil {
		return nil, err
	}
	var p struct {
		Dir               string
		GoFiles, CgoFiles []string
	}
	d := json.NewDecoder(bytes.NewReader(out))
	if err := d.Decode(&p); err != nil {
		return nil, fmt.Errorf("go list %s: %w", pkg, err)
	}
	if d.More() {
		return nil, fmt.Errorf("%s is more than one package; name one", pkg)
	}
	files := append(p.GoFiles, p.CgoFiles...)
	for i, name := range files {
		files[i] = filepath.Join(p.Dir, name)
	}
	return files, nil
}

// tester runs the tests over mutants, one at a time.
type tester struct {
	pkg    string
	folder string   // of the overlay and the changed file
	args   []string // of go test, the overlay not among them
}

// newTester measures the tests without a mutant, which must pass.
func newTester(ctx context.Context, opt options, pkg string) (*tester, error) {
	t := &tester{pkg: pkg, args: []string{"-count=1", "-failfast", "-vet=off"}}
	if opt.race {
		t.args = append(t.args, "-race")
	}
	if opt.memory > 0 && !opt.race {
		limit := fmt.Sprintf(`-exec=sh -c 'ulimit -v %d && exec "$0" "$@"'`, opt.memory<<10)
		t.args = append(t.args, limit)
	}
	packages := append([]string{pkg}, opt.also...)
	start := time.Now()
	if _, err := goCommand(ctx, append(append([]string{"test"}, t.args...), packages...)...); err != nil {
		return nil, fmt.Errorf("the tests fail without a mutant: %w", err)
	}
	timeout := opt.timeout
	if timeout == 0 {
		timeout = 3*time.Since(start) + 30*time.Second
	}
	t.args = append(append(t.args, "-timeout="+timeout.String()), packages...)
	var err error
	t.folder, err = os.MkdirTemp("", "mutate")
	return t, err
}

func (t *tester) close() { os.RemoveAll(t.folder) }

// try runs the tests over one mutant.
func (t *tester) try(ctx context.Context, m mutant) (outcome, error) {
	overlay, err := t.overlay(m)
	if err != nil {
		return "", err
	}
	if ok, err := passes(ctx, "build", "-o", os.DevNull, overlay, t.pkg); err != nil || !ok {
		return invalid, err
	}
	ok, err := passes(ctx, append([]string{"test", overlay}, t.args...)...)
	if ok {
		return survived, err
	}
	return noticed, err
}

// overlay writes a mutant beside the tree, and returns the flag for it.
func (t *tester) overlay(m mutant) (string, error) {
	source, err := os.ReadFile(m.place.Filename)
	if err != nil {
		return "", err
	}
	changed, list := filepath.Join(t.folder, "mutant.go"), filepath.Join(t.folder, "overlay.json")
	if err := os.WriteFile(changed, m.apply(source), 0o600); err != nil {
		return "", err
	}
	data, err := json.Marshal(map[string]map[string]string{"Replace": {m.place.Filename: changed}})
	if err != nil {
		return "", err
	}
	return "-overlay=" + list, os.WriteFile(list, data, 0o600)
}

// passes reports whether the go command succeeds. That it can't be run, or is
// cut off, is an error.
func passes(ctx context.Context, args ...string) (bool, error) {
	_, err := goCommand(ctx, args...)
	if exit := new(exec.ExitError); errors.As(err, &exit) && ctx.Err() == nil {
		return false, nil
	}
	return err == nil, err
}

// goCommand runs the go command. What it prints is part of its error.
func goCommand(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		err = fmt.Errorf("go %s: %w\n%s%s", strings.Join(args, " "), err, out, stderr.Bytes())
	}
	return out, err
}
