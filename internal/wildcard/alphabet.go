package wildcard

import (
	"slices"
	"unicode"
)

// Letter stands for a folded grapheme: a base character and the marks that
// follow it, after folding and canonical decomposition. To a regular pattern,
// two graphemes of the same letter are the same. Letters are small and dense,
// from 0 to Alphabet.Len()-1.
type Letter int32

// Other is the letter of all graphemes that occur in no pattern. Only
// wildcards match it.
const Other Letter = 0

// Alphabet assigns letters to the graphemes of patterns. The zero value knows
// Other alone. Glob adds to it and must not run beside anything else; all the
// other methods may be called by many goroutines.
type Alphabet struct {
	ascii     [firstOutsideASCII]Letter // of graphemes that are one ASCII character
	edges     map[edge]int32            // a tree over the elements of graphemes
	letters   []Letter                  // of the nodes; Other where no grapheme ends
	spellings [][]uint16                // of the letters after Other, as first seen
}

// edge leads from a node of the tree, 0 being its root, by an element.
type edge struct {
	node    int32
	element element
}

// Len is the number of letters, Other included.
func (a *Alphabet) Len() int { return len(a.spellings) + 1 }

// Next returns the letter of the grapheme at i, which must lie in the text, and
// the end of it. It doesn't allocate. The end is negative if the text turns
// out not to be regular, or i is inside a grapheme: then the text has no
// letters, and Match must be used.
func (a *Alphabet) Next(text []uint16, i int) (l Letter, end int) {
	if text[i] < firstOutsideASCII && (i+1 == len(text) || text[i+1] < firstMark) {
		return a.ascii[text[i]], i + 1
	}
	if !isBase(rune(text[i])) {
		return Other, irregular
	}
	if end = grapheme(text, i); end == irregular {
		return Other, irregular
	}
	return a.letter(text[i:end]), end
}

// letter looks up a grapheme of a regular text.
func (a *Alphabet) letter(units []uint16) Letter {
	var elements [maxElements]element
	node := int32(0)
	for _, u := range units {
		for _, e := range appendElements(elements[:0], rune(u)) {
			next, ok := a.edges[edge{node, e}]
			if !ok {
				return Other
			}
			node = next
		}
	}
	return a.letters[node]
}

// intern returns the letter of a grapheme of a regular pattern, a new one if
// need be.
func (a *Alphabet) intern(units []uint16) Letter {
	elements := elementsOf(units)
	node := a.node(elements)
	if a.letters[node] == Other {
		a.letters[node] = Letter(a.Len())
		a.spellings = append(a.spellings, slices.Clone(units))
		a.internASCII(elements, a.letters[node])
	}
	return a.letters[node]
}

func (a *Alphabet) internASCII(elements []element, l Letter) {
	if len(elements) > 1 || elements[0] >= firstOutsideASCII {
		return
	}
	a.ascii[elements[0]] = l
	a.ascii[unicode.ToUpper(rune(elements[0]))] = l
}

// node returns the node at the end of elements, making what is missing on the way.
func (a *Alphabet) node(elements []element) int32 {
	if a.edges == nil {
		a.edges, a.letters = map[edge]int32{}, []Letter{Other}
	}
	node := int32(0)
	for _, e := range elements {
		next, ok := a.edges[edge{node, e}]
		if !ok {
			next = int32(len(a.letters))
			a.edges[edge{node, e}] = next
			a.letters = append(a.letters, Other)
		}
		node = next
	}
	return node
}

func elementsOf(units []uint16) (list []element) {
	for _, u := range units {
		list = appendElements(list, rune(u))
	}
	return list
}
