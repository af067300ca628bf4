package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// build compiles all modules and writes them, compressed, with the script of the
// same version of Go that runs them, and the manifest.
func build() error {
	m := manifest{Modules: map[string]module{}}
	for _, name := range modules {
		content, err := compile(name)
		if err != nil {
			return err
		}
		file := filepath.Join(folder, name+".wasm.gz")
		if err := os.WriteFile(file, content, 0o666); err != nil {
			return err
		}
		if m.Modules[name], err = describe(name, content); err != nil {
			return err
		}
		fmt.Printf("%s: %d bytes\n", file, len(content))
	}
	if err := copyScript(&m); err != nil {
		return err
	}
	return m.write()
}

// compile returns a module, compressed. The same Go makes the same bytes of the
// same sources.
func compile(name string) ([]byte, error) {
	temp, err := os.MkdirTemp("", "genwasm")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temp)
	out := filepath.Join(temp, name+".wasm")
	args := []string{"build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w"}
	for _, pattern := range cold {
		args = append(args, "-gcflags="+pattern+"=-l")
	}
	cmd := exec.Command("go", append(args, "-o", out, program(name))...)
	cmd.Env, cmd.Stderr = environment(), os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, err
	}
	content, err := os.ReadFile(out)
	if err != nil {
		return nil, err
	}
	return compress(content)
}

// cold are packages that are compiled without inlining: it would make the modules
// 4% larger, and they aren't where time is spent. The runtime has to be compiled
// as it always is.
var cold = []string{
	"ups/lint", "ups/compiler", "ups/grammar", "github.com/alecthomas/...", "golang.org/x/...",
	"crypto/...", "encoding/...", "fmt", "os", "reflect", "regexp/...", "time",
}

func program(name string) string { return "./" + folder + "/" + name }

// environment is that of a build for browsers.
func environment() []string { return append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOFLAGS=") }

func compress(content []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

const script = "wasm_exec.js"

// copyScript copies the script that runs modules from the Go that compiled them.
func copyScript(m *manifest) error {
	root, err := goOutput("env", "GOROOT")
	if err != nil {
		return err
	}
	if m.Go, err = goOutput("env", "GOVERSION"); err != nil {
		return err
	}
	content, err := os.ReadFile(filepath.Join(root, "lib", "wasm", script))
	if err != nil {
		return err
	}
	m.Script = sum(content)
	return os.WriteFile(filepath.Join(folder, script), content, 0o666)
}

func goOutput(args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Env, cmd.Stderr = environment(), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}
