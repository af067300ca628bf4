package grammar

import "ups/diag"

// maxFrames is how many steps back a Tracer returns with all of its places
// together; after these only the innermost is returned.
const maxFrames = 1 << 18

// Tracer says how places in a tree came to be there, through macros and
// includes. What it returns for a whole source is bounded.
type Tracer struct {
	tree   *Tree
	frames int // that were returned
}

// Tracer returns a tracer of the tree, which has returned nothing yet.
func (t *Tree) Tracer() *Tracer { return &Tracer{tree: t} }

// Place returns the place of a node and how it came to be there: the macro
// definitions that all of it came out of, innermost first, then the includes.
func (t *Tracer) Place(n Node) diag.Place {
	first, last := t.tree.Tokens[n.First], t.tree.Tokens[n.Last]
	if first.expansion != last.expansion {
		first = t.tree.outermost(first, last)
	}
	return diag.Place{Span: t.tree.Span(n), Chain: t.chain(first)}
}

// outermost returns a as it looks from the innermost expansion that it shares
// with b.
func (t *Tree) outermost(a, b Token) Token {
	for a.expansion != b.expansion { // an expansion comes after those around it
		if a.expansion > b.expansion {
			x := t.expansions[a.expansion]
			a.expansion, a.spelled = x.outer, x.within
		} else {
			b.expansion = t.expansions[b.expansion].outer
		}
	}
	return a
}

func (t *Tracer) chain(token Token) []diag.Frame {
	var chain []diag.Frame
	at := token.spelled
	for id := token.expansion; id != 0; id = t.tree.expansions[id].outer {
		x := t.tree.expansions[id]
		place := t.tree.locations.pos(at)
		chain = append(chain, diag.Frame{
			Kind: diag.Defined,
			Name: x.macro.name.Text,
			Span: diag.Span{Start: place, End: place},
		})
		at = x.within
		if t.frames++; t.frames > maxFrames {
			return chain
		}
	}
	includes := t.tree.locations.includes(token.start)
	t.frames += len(includes)
	return append(chain, includes...)
}
