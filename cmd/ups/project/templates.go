package project

import (
	"embed"
	"io/fs"
	"strings"
	"text/template"
)

//go:embed templates
var templates embed.FS

// values are what templates are filled in with: ids in hexadecimal.
type values struct {
	Server, Service, Creator string
	Name, Guard              string
}

// file is one to be written, by its path below the folder of the project.
type file struct {
	path string
	text []byte
	mode fs.FileMode
}

// layout says which template makes which file; NAME and SOURCE in a path are
// those of the service.
var layout = []struct {
	template, path string
	mode           fs.FileMode
}{
	{"policies.rss", "policies/SOURCE", 0o666},
	{"header.rh", "policies/NAME.rh", 0o666},
	{"scenario.yaml", "policies/NAME.scenario.yaml", 0o666},
	{"ups.yaml", ".ups.yaml", 0o666},
	{"github.yml", ".github/workflows/policies.yml", 0o666},
	{"gitlab-ci.yml", ".gitlab-ci.yml", 0o666},
	{"pre-commit.sh", ".githooks/pre-commit", 0o777},
	{"pre-commit-config.yaml", ".pre-commit-config.yaml", 0o666},
}

// render returns the files of a project.
func render(v values) ([]file, error) {
	all, err := template.ParseFS(templates, "templates/*")
	if err != nil {
		return nil, err
	}
	source := "ups_" + v.Server[2:] + "_" + v.Service[2:] + ".rss"
	paths := strings.NewReplacer("SOURCE", source, "NAME", v.Name)
	var files []file
	for _, l := range layout {
		var text strings.Builder
		if err := all.ExecuteTemplate(&text, l.template, v); err != nil {
			return nil, err
		}
		files = append(files, file{paths.Replace(l.path), []byte(text.String()), l.mode})
	}
	return files, nil
}
