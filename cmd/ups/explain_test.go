package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// takesCode are the functions that take a code, by the place of the argument.
var takesCode = map[string]int{"fail": 1, "warn": 1, "missing": 0, "refused": 1}

var codePattern = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// TestEveryCodeIsExplained reads the sources of the program for the codes of
// diagnostics: each has a page, and each page is of a code that there is.
func TestEveryCodeIsExplained(t *testing.T) {
	used := map[string]string{}
	for _, dir := range []string{"grammar", "compiler", "lint", "cmd", "runtime", "internal", "diag", "policy"} {
		err := filepath.WalkDir(filepath.Join("../..", dir), func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && d.Name() == "scenario" {
				return fs.SkipDir // its mistakes are of scenarios, and have no codes
			}
			if err == nil && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
				codesIn(t, path, used)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(used) < 75 {
		t.Errorf("only %d codes were found in the source", len(used))
	}
	for code, path := range used {
		if explain(code) == "" {
			t.Errorf("%s: the code %q has no page", path, code)
		}
	}
	all := codes()
	if twice := slices.Compact(slices.Clone(all)); len(twice) != len(all) {
		t.Error("a code has two pages")
	}
	for _, code := range all {
		if !codePattern.MatchString(code) {
			t.Errorf("%q is no code", code)
		}
		if used[code] == "" {
			t.Errorf("%s has a page, and nothing reports it", code)
		}
	}
}

// codesIn finds the codes in one source. Where a code is worked out, it can't be
// found, so that is a mistake.
func codesIn(t *testing.T, path string, used map[string]string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(path, "explanation") || filepath.Base(path) == "config_parse.go" {
		return // the pages themselves, and what has mistakes without codes
	}
	note := func(x ast.Expr) {
		if lit, ok := x.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if code, err := strconv.Unquote(lit.Value); err == nil && code != "" {
				used[code] = path
			}
		} else if sum, ok := x.(*ast.BinaryExpr); ok {
			t.Errorf("%s: a code is put together at %d", path, sum.Pos())
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && (key.Name == "Code" || key.Name == "ID" && strings.Contains(path, "lint/rule")) {
				note(n.Value)
			}
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if field, ok := left.(*ast.SelectorExpr); ok && field.Sel.Name == "Code" && len(n.Rhs) == len(n.Lhs) {
					note(n.Rhs[i])
				}
			}
		case *ast.CallExpr:
			if i, ok := takesCode[calledName(n.Fun)]; ok && i < len(n.Args) {
				note(n.Args[i])
			}
		}
		return true
	})
}

// calledName is the name of a function or method that is called.
func calledName(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return x.Sel.Name
	}
	return ""
}
