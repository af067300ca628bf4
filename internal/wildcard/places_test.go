package wildcard

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// quirky are alphabets of the characters that the definition treats specially,
// small so that equal characters are common.
var quirky = []string{
	`a\u0301\u0323b`,
	`a\u0301\u0323\u0327\u0345\u03B9\u00E1\u1EA1`,
	`\u03B1\u03B9\u0345\u1FB3\u1FB4\u1F82\u0301\u0313`,
	`a\uD800\uDC00\uFFFE\u0301\U0002F800\u4E3D`,
	`a\u0340\u0300\u0344\u0308\u0301`,
	`\u1F82`,
	`a`,
}

// quirkyText draws n units of an alphabet, some of them runs of one.
func quirkyText(r *rand.Rand, alphabet []uint16, n int) (list []uint16) {
	for len(list) < n {
		u := alphabet[r.IntN(len(alphabet))]
		times := 1
		if r.IntN(4) == 0 {
			times += r.IntN(8)
		}
		list = append(list, slices.Repeat([]uint16{u}, times)...)
	}
	return list[:n]
}

// quirkyPattern draws a pattern from pieces of a text, so that it may match:
// wildcards in between, marks re-ordered, now and then a fault.
func quirkyPattern(r *rand.Rand, text, alphabet []uint16) (list []uint16) {
	for i := 0; len(list) < 255 && i <= len(text); {
		n := min(1+r.IntN(40), len(text)-i)
		piece := slices.Clone(text[i : i+n])
		for range r.IntN(3) {
			if k := r.IntN(n + 1); k+1 < n {
				piece[k], piece[k+1] = piece[k+1], piece[k]
			}
		}
		if n > 0 && r.IntN(30) == 0 {
			piece[r.IntN(n)] = alphabet[r.IntN(len(alphabet))]
		}
		list = append(list, piece...)
		list = append(list, [][]uint16{{'*'}, {'?'}, {'*', '?'}, {'?', '*'}, nil}[r.IntN(5)]...)
		i += n + r.IntN(30)
	}
	list = list[:min(len(list), 255)]
	if r.IntN(2) == 0 {
		list = append([]uint16{'*'}, list...)
	}
	return list
}

// Texts and patterns of many words, where the exhaustive tests have one word.
func TestPlacesAgreeWithTheDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 10))
	matches, irregular := 0, 0
	for round := range 6000 {
		alphabet := units(t, quirky[round%len(quirky)])
		text := quirkyText(r, alphabet, 1+r.IntN(300))
		d := Decode(text)
		x := newPlaces(&d)
		for range 4 {
			pattern := quirkyPattern(r, text[r.IntN(len(text)):], alphabet)
			p := Prepare(pattern)
			want := p.match(&d)
			if got := x.match(&p, &d); got != want {
				t.Fatalf("%s, %s: %t for places, the definition says %t", show(pattern), show(text), got, want)
			}
			if want {
				matches++
			}
			if !Regular(pattern) || !RegularText(text) {
				irregular++
			}
		}
	}
	if matches < 2000 || irregular < 10000 {
		t.Errorf("only %d of the pairs match, %d aren't regular", matches, irregular)
	}
}

// budget is how many steps all patterns of one policy file may take on a text
// of 1,024 units, the longest that the runtime takes. A step is a few machine operations.
const budget = 5_000_000

// patternUnits is more than the units of all patterns in 64 KiB, of which each
// takes one byte and each policy 28 more.
const (
	patternUnits   = 64 << 10
	policyBytes    = 28
	longestText    = 1024
	longestPattern = 255
)

// hostileTexts and patterns repeat what makes the definition go furthest before
// it fails: every pair of them is a list and a request.
var hostilePieces = []string{
	`a`, `ab`, `a\u0301`, `a\u0301\u0323`, `a\u0323\u0301`, `a\u0301\u0323\u0327\u0316\u0302`,
	`a\u0316\u0323\u0301\u0302`, `\u0301`, `\u0301\u0323`, `\u0345`, `\u03B9`, `\u03B1\u0345`, `\u1FB4`, `\u1F82`,
	`\u1F82\u0323`, `\u1F82\u0323\u0327`, `\uD800`, `\uFFFE`, `a\uD800`, `\U0002F800`, `\u4E3D`, `\u0340`, `a\u0340`,
}

func TestHostileListsAreBounded(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 8))
	worst, name := 0, ""
	for range 3000 {
		piece := hostilePieces[r.IntN(len(hostilePieces))]
		end := []string{``, `b`, `\u0301`, `\u0345`}[r.IntN(4)]
		text := append(repeat(units(t, piece), longestText-1), units(t, end)...)
		shapes := hostileShapes(t, piece)
		shape, n := shapes[r.IntN(len(shapes))], []int{2, 8, 31, longestPattern}[r.IntN(4)]
		if steps := stepsOf(shape(n), text); steps > worst {
			worst, name = steps, fmt.Sprintf("%s…%s, patterns of %d units, %s", piece, end, n, show(shape(n)[:min(n, 12)]))
		}
	}
	t.Logf("worst: %d steps, %s", worst, name)
	if worst > budget {
		t.Errorf("%d steps, more than %d: %s", worst, budget, name)
	}
}

// hostileShapes makes patterns of n units of a piece.
func hostileShapes(t *testing.T, piece string) (shapes []func(n int) []uint16) {
	add := func(front, body, tail string) {
		shapes = append(shapes, func(n int) []uint16 {
			f, b := units(t, front), units(t, tail)
			middle := repeat(units(t, body), max(0, n-len(f)-len(b)))
			return slices.Concat(f, middle, b)
		})
	}
	for _, body := range []string{piece, piece + "?", piece + "*", strings.Repeat(piece, 5) + "?", strings.Repeat(piece, 5) + "*", "?"} {
		for _, front := range []string{"", "*", "?*", "*?"} {
			for _, tail := range []string{"", "b", "*", "*b", "?", `\u0301`, "*" + piece, `x*`} {
				add(front, body, tail)
			}
		}
	}
	return shapes
}

func repeat(piece []uint16, n int) (list []uint16) {
	for len(list) < n {
		list = append(list, piece...)
	}
	return list[:n]
}

// stepsOf counts the steps of a file full of equal patterns that don't match.
// Once it has come to places, each pattern costs the same.
func stepsOf(pattern, text []uint16) int {
	p, d := Prepare(pattern), Decode(text)
	for left := patternUnits / (len(pattern) + policyBytes); left > 0; left-- {
		before := stepsUntilNow(&d)
		same := d.places != nil
		if p.Match(&d) {
			return stepsUntilNow(&d)
		}
		if same {
			return before + left*(stepsUntilNow(&d)-before)
		}
	}
	return stepsUntilNow(&d)
}

func stepsUntilNow(d *Decoded) int {
	if d.places == nil {
		return d.steps
	}
	return d.steps + d.places.steps
}
