package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
)

// mutant is one change of one file: other text in the place of a part of it.
type mutant struct {
	place    token.Position // of the part; its file name is absolute
	from, to int            // offsets of the part
	text     string         // what stands there instead
	what     string         // the change, for people
}

func (m mutant) String() string {
	return fmt.Sprintf("%s:%d:%d: %s", m.place.Filename, m.place.Line, m.place.Column, m.what)
}

// apply returns the changed file.
func (m mutant) apply(source []byte) []byte {
	return slices.Concat(source[:m.from], []byte(m.text), source[m.to:])
}

// mutantsOf lists all mutants of files, in order. Generated files have none:
// their generator's tests are about them as a whole.
func mutantsOf(files []string) ([]mutant, error) {
	var list []mutant
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, name, source, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		if ast.IsGenerated(f) {
			continue
		}
		c := collector{fset: fset, source: source}
		ast.Inspect(f, c.visit)
		list = append(list, c.list...)
	}
	return list, nil
}

// collector lists the mutants of one file.
type collector struct {
	fset   *token.FileSet
	source []byte
	list   []mutant
}

// visit adds the mutants of a node. What has no effect at run time, or leads
// only to what doesn't compile, is passed over: imports, types, field tags.
func (c *collector) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ImportSpec, *ast.ArrayType, *ast.StructType, *ast.InterfaceType:
		return false
	case *ast.IfStmt:
		c.condition(n.Cond)
		if isGuard(n) {
			c.replace(n.Cond, "false && ("+c.text(n.Cond)+")", "guard dropped")
		}
	case *ast.ForStmt:
		if n.Cond != nil {
			c.condition(n.Cond)
		}
	case *ast.BinaryExpr:
		if to, ok := otherOperator[n.Op]; ok {
			c.replaceAt(n.OpPos, len(n.Op.String()), to.String(), fmt.Sprintf("%s instead of %s", to, n.Op))
		}
	case *ast.BasicLit:
		c.literal(n)
	case *ast.Ident:
		if other, ok := map[string]string{"true": "false", "false": "true"}[n.Name]; ok {
			c.replace(n, other, other+" instead of "+n.Name)
		}
	case *ast.ReturnStmt:
		c.returned(n)
	case *ast.BlockStmt:
		c.dropEach(n.List)
	case *ast.CaseClause:
		c.dropEach(n.Body)
	case *ast.CommClause:
		c.dropEach(n.Body)
	}
	return true
}

// otherOperator is what an operator is replaced by: the one that people mistake
// it for, at a bound or in a condition.
var otherOperator = map[token.Token]token.Token{
	token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LAND: token.LOR, token.LOR: token.LAND,
	token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO, token.QUO: token.MUL,
	token.AND: token.OR, token.OR: token.AND, token.AND_NOT: token.AND, token.SHL: token.SHR, token.SHR: token.SHL,
}

func (c *collector) condition(cond ast.Expr) {
	c.replace(cond, "!("+c.text(cond)+")", "condition negated: "+c.text(cond))
}

// isGuard reports whether a statement does nothing but leave in some case.
func isGuard(n *ast.IfStmt) bool {
	if n.Else != nil || len(n.Body.List) == 0 {
		return false
	}
	switch n.Body.List[len(n.Body.List)-1].(type) {
	case *ast.ReturnStmt, *ast.BranchStmt:
		return true
	}
	return false
}

// literal adds one to a number.
func (c *collector) literal(n *ast.BasicLit) {
	v, err := strconv.ParseUint(n.Value, 0, 64)
	if n.Kind != token.INT || err != nil {
		return
	}
	c.replace(n, strconv.FormatUint(v+1, 10), fmt.Sprintf("%d instead of %s", v+1, n.Value))
}

// returned drops an error that is returned.
func (c *collector) returned(n *ast.ReturnStmt) {
	if len(n.Results) == 0 {
		return
	}
	last := n.Results[len(n.Results)-1]
	if id, ok := last.(*ast.Ident); ok && id.Name == "err" {
		c.replace(last, "nil", "error not returned")
	}
}

// dropEach drops each statement that the program compiles without, as a rule. A
// lock goes with its unlock: one without the other ends every program.
func (c *collector) dropEach(list []ast.Stmt) {
	for i, s := range list {
		switch s := s.(type) {
		case *ast.ExprStmt:
			if isUnlock(s.X) || c.dropLock(s, list[i+1:]) {
				continue
			}
			c.drop(s)
		case *ast.DeferStmt:
			if !isUnlock(s.Call) {
				c.drop(s)
			}
		case *ast.IncDecStmt, *ast.SendStmt, *ast.GoStmt, *ast.BranchStmt:
			c.drop(s)
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE {
				c.drop(s)
			}
		}
	}
}

// dropLock drops a statement that locks, and the first after it that unlocks.
func (c *collector) dropLock(lock ast.Stmt, rest []ast.Stmt) bool {
	mutex, ok := strings.CutSuffix(c.text(lock), "ock()")
	if !ok || !strings.HasSuffix(mutex, ".L") && !strings.HasSuffix(mutex, ".RL") {
		return false
	}
	unlock := strings.NewReplacer(".RL", ".RUnl", ".L", ".Unl").Replace(mutex) + "ock()"
	for _, s := range rest {
		if text := c.text(s); text == unlock || text == "defer "+unlock {
			between := c.source[c.offset(lock.End()):c.offset(s.Pos())]
			c.replaceAt(lock.Pos(), int(s.End()-lock.Pos()), string(between), "dropped with its unlock: "+c.text(lock))
			return true
		}
	}
	return false
}

// isUnlock reports whether an expression unlocks something.
func isUnlock(x ast.Expr) bool {
	call, ok := x.(*ast.CallExpr)
	if !ok {
		return false
	}
	method, ok := call.Fun.(*ast.SelectorExpr)
	return ok && (method.Sel.Name == "Unlock" || method.Sel.Name == "RUnlock")
}

func (c *collector) drop(s ast.Stmt) { c.replace(s, "", "dropped: "+c.text(s)) }

func (c *collector) replace(n ast.Node, text, what string) {
	c.replaceAt(n.Pos(), int(n.End()-n.Pos()), text, what)
}

func (c *collector) replaceAt(pos token.Pos, length int, text, what string) {
	place := c.fset.PositionFor(pos, false)
	c.list = append(c.list, mutant{place, place.Offset, place.Offset + length, text, firstLine(what)})
}

func (c *collector) text(n ast.Node) string {
	return string(c.source[c.offset(n.Pos()):c.offset(n.End())])
}

func (c *collector) offset(pos token.Pos) int { return c.fset.PositionFor(pos, false).Offset }

// firstLine shortens what goes over several lines.
func firstLine(s string) string {
	for i, r := range s {
		if r == '\n' {
			return s[:i] + " …"
		}
	}
	return s
}
