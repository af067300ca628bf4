package wildcard

import (
	"slices"
	"testing"
)

// judge holds all ways to match against each other on one pair.
type judge struct {
	testing.TB
	textbook textbook
	regular  int // pairs that were regular
}

func newJudge(t testing.TB) *judge { return &judge{TB: t, textbook: textbook{readTables(t)}} }

// compiled is a pattern in all forms.
type compiled struct {
	source    []uint16
	regular   bool
	prepared  Prepared
	alphabet  *Alphabet
	glob      Glob
	automaton *Automaton // of the glob, twice, and another between
}

func (j *judge) compile(pattern []uint16) compiled {
	c := compiled{source: pattern, prepared: Prepare(pattern), alphabet: &Alphabet{}}
	c.regular = j.textbook.regularPattern(pattern)
	j.checkAnomalies(c)
	g, ok := c.alphabet.Glob(pattern)
	if ok != c.regular || Regular(pattern) != c.regular {
		j.Fatalf("%s: regular is %t, a glob %t", show(pattern), Regular(pattern), ok)
	}
	c.glob, c.automaton = g, NewAutomaton(g, Glob{Letters: []Letter{Other}, Stars: []bool{true, false}}, g)
	return c
}

func (j *judge) checkAnomalies(c compiled) {
	regular := true
	for _, anomaly := range Anomalies(c.source) {
		regular = regular && !anomaly.Kind.Irregular()
		if end := anomaly.Offset + anomaly.Length; anomaly.Offset < 0 || anomaly.Length < 1 || end > len(c.source) {
			j.Errorf("%s: anomaly %+v isn't in it", show(c.source), anomaly)
		}
	}
	if regular != c.regular {
		j.Errorf("%s: anomalies %v, but regular is %t", show(c.source), Anomalies(c.source), c.regular)
	}
}

// check returns what Match returns, after all other matchers agree with it.
func (j *judge) check(c compiled, text []uint16) bool {
	want, regular := Match(c.source, text), j.textbook.regular(text)
	letters, ok := c.alphabet.appendLetters(nil, text)
	if ok != regular || RegularText(text) != regular {
		j.Errorf("RegularText(%s) = %t, has letters: %t; want %t", show(text), RegularText(text), ok, regular)
	}
	j.checkCodes(c.source, text, want)
	j.checkPrepared(&c.prepared, c.source, text, want)
	if !regular || !c.regular {
		return want
	}
	j.regular++
	if got := j.textbook.match(c.source, text); got != want {
		j.Errorf("textbook(%s, %s) = %t, Match gives %t", show(c.source), show(text), got, want)
	}
	if got := c.glob.Match(letters); got != want {
		j.Errorf("glob(%s, %s) = %t, Match returns %t", show(c.source), show(text), got, want)
	}
	if got := accepted(c.automaton, letters); got[0] != want || got[1] != (len(letters) > 0) || got[2] != want {
		j.Errorf("automaton(%s, %s) = %t, Match returns %t", show(c.source), show(text), got, want)
	}
	j.checkRendered(c, letters, want)
	return want
}

// checkRendered holds that a rendering is a text of the same letters.
func (j *judge) checkRendered(c compiled, letters []Letter, want bool) {
	text := c.alphabet.Render(letters)
	again, ok := c.alphabet.appendLetters(nil, text)
	if !ok || !slices.Equal(again, letters) {
		j.Errorf("letters %v of %s are rendered as %s with letters %v", letters, show(c.source), show(text), again)
	}
	if Match(c.source, text) != want {
		j.Errorf("Match(%s, %s) isn't %t for the rendering", show(c.source), show(text), want)
	}
}

// accepted runs an automaton over letters, pruning every other time, and says of
// each glob whether they are accepted for it.
func accepted(a *Automaton, letters []Letter) []bool {
	s, list := slices.Clone(a.Start()), make([]bool, len(a.first))
	for i, l := range letters {
		before := slices.Clone(s)
		if a.Step(s, s, l); i%2 == 0 {
			a.Prune(s, before)
		}
	}
	a.Accepting(s, false, func(glob int) bool {
		list[glob] = true
		return true
	})
	return list
}

// appendLetters appends the letters of a text. It fails, and appends nothing,
// if the text isn't regular.
func (a *Alphabet) appendLetters(dst []Letter, text []uint16) ([]Letter, bool) {
	letters := dst
	for i := 0; i < len(text); {
		var l Letter
		if l, i = a.Next(text, i); i < 0 {
			return dst, false
		}
		letters = append(letters, l)
	}
	return letters, true
}
