package main

import (
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// sources returns the files that a module is made of, sorted: those of our own
// packages that it imports, what they embed, and the versions of the others.
func sources(name string) ([]string, error) {
	root, err := goOutput("list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return nil, err
	}
	out, err := goOutput("list", "-deps", "-json=Dir,Standard,Module,GoFiles,EmbedFiles", program(name))
	if err != nil {
		return nil, err
	}
	files := []string{"go.mod", "go.sum"}
	for dec := json.NewDecoder(strings.NewReader(out)); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		if p.Module == nil || !p.Module.Main {
			continue
		}
		dir, err := filepath.Rel(root, p.Dir)
		if err != nil {
			return nil, err
		}
		for _, file := range slices.Concat(p.GoFiles, p.EmbedFiles) {
			files = append(files, filepath.ToSlash(filepath.Join(dir, file)))
		}
	}
	slices.Sort(files)
	return files, nil
}

// goPackage is what go list says of a package.
type goPackage struct {
	Dir                 string
	GoFiles, EmbedFiles []string
	Module              *struct{ Main bool }
}
