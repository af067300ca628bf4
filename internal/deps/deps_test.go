// Package deps tests which package imports which (ARCHITECTURE.md).
package deps

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// root is the project's folder, from here.
const root = "../.."

// module is the project's name, the first part of its import paths.
const module = "ups/"

// mayImport is the table: what each package may import of the others. A program
// (below cmd and examples) may import everything; TestVerbsAreApart says what
// holds among the packages of the command.
var mayImport = map[string][]string{
	"compiler":                    {"grammar", "policy", "diag", "internal/rsc"},
	"lint":                        {"lint/analysis", "grammar", "policy", "diag", "internal/wildcard", "internal/yamlnode"},
	"lint/analysis":               {"policy", "internal/wildcard"},
	"lint/internal/bruteforce":    {"lint/analysis", "policy"}, // for tests
	"lint/report":                 {"diag"},
	"runtime":                     {"runtime/internal/index", "policy", "internal/rsc", "internal/wildcard"},
	"runtime/service":             {"runtime/internal/lifetime", "runtime", "runtime/decision", "policy"},
	"runtime/service/servicetest": {"runtime/service", "runtime", "runtime/decision", "policy", "internal/rsc"}, // for tests
	"runtime/api":                 {},
	"runtime/api/upsv1":           {},
	"runtime/server":              {"runtime/internal/messages", "runtime/api/upsv1", "runtime/api/upsv1/upsv1connect", "runtime", "runtime/service", "runtime/decision", "policy"},
	"runtime/client":              {"runtime/internal/lifetime", "runtime/internal/messages", "runtime/api/upsv1", "runtime/api/upsv1/upsv1connect", "runtime", "runtime/service", "runtime/decision", "policy"},
	"runtime/internal/lifetime":   {},
	"runtime/server/panel":        {"runtime", "runtime/service", "runtime/decision", "runtime/internal/printable", "policy"},
	"runtime/server/peer":         {"runtime/server"},
	"runtime/internal/index":      {"policy", "internal/wildcard"},
	"runtime/internal/printable":  {},
	"runtime/internal/messages":   {"runtime/api/upsv1", "runtime", "runtime/service", "runtime/decision", "policy"},
	"runtime/decision":            {},
	// Ready-made plug-ins, apart from the runtime since they are a choice, and
	// bring what it doesn't need (a terminal).
	"runtime/plugin/destination": {"runtime/service", "runtime/decision"},
	"runtime/plugin/terminal":    {"runtime/service", "runtime/internal/printable", "policy"},
	"runtime/plugin/desktop":     {"runtime/internal/printable", "runtime/service", "policy"},

	"grammar":           {"diag", "internal/readfile"},
	"grammar/format":    {"grammar"},
	"internal/rsc":      {"policy", "internal/scsu"},
	"policy":            {"diag", "internal/wildcard"},
	"diag":              {},
	"internal/wildcard": {},
	"internal/readfile": {},
	"internal/walk":     {},
	"internal/yamlnode": {},
	"internal/gitfiles": {"grammar"},
	"internal/delivery": {"policy"},
	"docs":              {},
	"examples":          {},
	"internal/gendocs":  {"compiler", "policy"},
	"internal/natures":  {"policy", "internal/rsc"},
	"internal/pty":      {},
	"internal/certtest": {}, // for tests
	"internal/scsu":     {},
	"internal/mutate":   {},

	"cmd/ups/serve/observe": {"runtime", "runtime/decision", "runtime/service"},

	// These run in a browser too, so they must bring little.
	"cmd/ups/page/model":  {"policy", "lint/analysis", "lint/report", "internal/wildcard"},
	"cmd/ups/page/svg":    {"cmd/ups/page/model"},
	"cmd/ups/page/loaded": {"cmd/ups/page/model", "cmd/ups/page/svg", "compiler", "lint", "lint/report", "policy", "runtime", "runtime/server/panel"},
	"cmd/ups/page/lists":  {"cmd/ups/internal/answer", "policy", "internal/rsc"},
	"cmd/ups/page/sources": {
		"cmd/ups/page/model", "cmd/ups/page/svg", "cmd/ups/internal/findings", "compiler", "grammar", "lint", "lint/report", "policy",
	},
	"cmd/ups/internal/answer":   {"policy", "diag", "internal/wildcard", "cmd/ups/internal/jsontext"},
	"cmd/ups/internal/findings": {"lint", "lint/report"},

	"internal/genwasm": {},
}

// below are folders of a package that may import what the package may, and the
// package itself: second implementations and their tests.
var below = map[string]string{
	"runtime/decision/": "runtime/decision",
	"runtime/api/":      "runtime/api/upsv1",
	"runtime/server/":   "runtime/server",
	"runtime/client/":   "runtime/client",
}

func TestImports(t *testing.T) {
	packages := imports(t)
	if len(packages) < len(mayImport) {
		t.Errorf("only %d packages were found", len(packages))
	}
	for pkg, imported := range packages {
		if _, listed := mayImport[pkg]; strings.HasPrefix(pkg, "cmd/") && !listed || strings.HasPrefix(pkg, "examples/") || strings.Contains(pkg, "/gentables") {
			continue
		}
		allowed, known := rules(pkg)
		if !known {
			t.Errorf("%s is in no row of the table", pkg)
		}
		for _, other := range imported {
			if !slices.Contains(allowed, other) {
				t.Errorf("%s imports %s, which the table does not allow", pkg, other)
			}
		}
	}
}

// The verbs of the command are put together by package main alone. What they
// share is below cmd/ups/internal; a verb, or several of one folder, may have
// packages of their own in that folder.
func TestVerbsAreApart(t *testing.T) {
	const command = "cmd/ups/"
	verbs := 0
	for pkg, imported := range imports(t) {
		if !strings.HasPrefix(pkg, command) {
			continue
		}
		verbs++
		for _, other := range imported {
			if strings.HasPrefix(other, command) && !strings.HasPrefix(other, command+"internal/") && folder(pkg) != folder(other) {
				t.Errorf("%s imports %s, which is no shared package", pkg, other)
			}
		}
	}
	if verbs < 5 {
		t.Errorf("only %d packages were found below %s", verbs, command)
	}
}

// folder returns which folder of cmd/ups a package is in.
func folder(pkg string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(pkg, "cmd/ups/"), "/")
	return first
}

func rules(pkg string) (allowed []string, known bool) {
	if allowed, known = mayImport[pkg]; known {
		return allowed, true
	}
	for prefix, parent := range below {
		if strings.HasPrefix(pkg, prefix) {
			return append(slices.Clone(mayImport[parent]), parent), true
		}
	}
	return nil, false
}

// imports reads which of our packages each of our packages imports; tests are
// free to import what they need.
func imports(t *testing.T) map[string][]string {
	packages := map[string][]string{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "bench" || d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && name != root) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		pkg := path.Dir(filepath.ToSlash(rel))
		packages[pkg] = append(packages[pkg], ours(f.Imports)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return packages
}

func ours(specs []*ast.ImportSpec) []string {
	var out []string
	for _, spec := range specs {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil && strings.HasPrefix(p, module) {
			out = append(out, strings.TrimPrefix(p, module))
		}
	}
	return out
}
