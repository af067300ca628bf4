package lsp

// nameKind is what a name stands for.
type nameKind uint8

const (
	macroName nameKind = iota
	constantName
	structName
	fieldName
	resourceName
)

// named is a place in a text where a name is defined.
type named struct {
	kind  nameKind
	of    string // for a field, its struct
	name  string
	start int // in bytes
	end   int // of all that defines it: for a macro, its line
}

// define finds what a text defines.
func (p *pieces) define() []named {
	var out []named
	add := func(kind nameKind, i, last int) {
		n := named{kind: kind, name: p.all[i].Text, start: p.all[i].Offset, end: p.end(last)}
		if kind == fieldName {
			n.of = p.around[i]
		}
		out = append(out, n)
	}
	for i := range p.all {
		switch {
		case p.line[i] >= 0:
			if p.line[i] == i && p.is(i+1, "define") && p.name(i+2) {
				add(macroName, i+2, p.lineEnd(i)-1)
			}
		case !p.name(i):
		case p.is(i-1, "STRUCT") && p.around[i] == "":
			add(structName, i, i)
		case p.is(i-2, "RESOURCE"):
			add(resourceName, i, i)
		case p.around[i] == enum && (p.is(i-1, "{") || p.is(i-1, ",")):
			add(constantName, i, i)
		case p.declares(i):
			add(fieldName, i, i)
		}
	}
	return out
}

// declares reports whether a name is that of a member in the declaration of a
// struct: a type stands before it, or what goes with one.
func (p *pieces) declares(i int) bool {
	return p.isField(i) && (p.name(i-1) || p.is(i-1, ">"))
}

// uses returns where a name stands in a text, its definitions among them.
func (p *pieces) uses(n named) []int {
	var out []int
	line, elsewhere := -1, false // of the directive that was looked at last
	for i := range p.all {
		if !p.is(i, n.name) || !p.name(i) {
			continue
		}
		if p.line[i] != line {
			line = p.line[i]
			elsewhere = line >= 0 && (p.is(line+1, "include") || p.hasParameter(line, n.name))
		}
		if !elsewhere && p.means(i, n) {
			out = append(out, p.all[i].Offset)
		}
	}
	return out
}

// means reports whether a name that is spelled like another can be that one.
func (p *pieces) means(i int, n named) bool {
	switch n.kind {
	case fieldName:
		return p.isField(i) && p.around[i] == n.of
	case macroName:
		return true // the preprocessor knows no fields
	}
	return !p.isField(i)
}
