package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// manifest says what the modules were made of.
type manifest struct {
	Go      string            `json:"go"`     // version
	Script  string            `json:"script"` // SHA-256 of wasm_exec.js
	Modules map[string]module `json:"modules"`
}

type module struct {
	Sources string `json:"sources"` // SHA-256 of names and contents, in order
	Content string `json:"content"` // SHA-256 of the compressed module
}

var manifestFile = filepath.Join(folder, "manifest.json")

func (m *manifest) write() error {
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(manifestFile, append(b, '\n'), 0o666)
}

func sum(content []byte) string {
	s := sha256.Sum256(content)
	return hex.EncodeToString(s[:])
}

// describe returns what the manifest says of a module.
func describe(name string, content []byte) (module, error) {
	files, err := sources(name)
	if err != nil {
		return module{}, err
	}
	hash, err := hashFiles(files)
	return module{Sources: hash, Content: sum(content)}, err
}

// hashFiles returns the SHA-256 of names and contents.
func hashFiles(files []string) (string, error) {
	h := sha256.New()
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s %d\n", filepath.ToSlash(name), len(content))
		h.Write(content)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// verify reports what isn't of the sources, or not what the manifest says. It
// compiles nothing: another version of Go makes other bytes.
func verify() error {
	content, err := os.ReadFile(manifestFile)
	if err != nil {
		return err
	}
	var kept manifest
	if err := json.Unmarshal(content, &kept); err != nil {
		return fmt.Errorf("%s: %w", manifestFile, err)
	}
	var errs []error
	for _, name := range modules {
		errs = append(errs, kept.verify(name))
	}
	if content, err = os.ReadFile(filepath.Join(folder, script)); err == nil && sum(content) != kept.Script {
		err = fmt.Errorf("%s isn't that of %s", script, kept.Go)
	}
	return errors.Join(append(errs, err)...)
}

func (m *manifest) verify(name string) error {
	file := filepath.Join(folder, name+".wasm.gz")
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	is, err := describe(name, content)
	switch kept := m.Modules[name]; {
	case err != nil:
		return err
	case is.Sources != kept.Sources:
		return fmt.Errorf("%s is of other sources: run make wasm, and commit what it writes", file)
	case is.Content != kept.Content:
		return fmt.Errorf("%s isn't what the manifest says: run make wasm", file)
	}
	if !bytes.HasPrefix(content, []byte{0x1f, 0x8b}) {
		return fmt.Errorf("%s isn't compressed", file)
	}
	return nil
}
