package wildcard

import (
	"fmt"
	"unicode"
)

// Anomaly is a place of a pattern that doesn't mean what it seems to.
type Anomaly struct {
	Kind   AnomalyKind
	Offset int // in units
	Length int // in units: 2 for a surrogate pair, else 1
}

// AnomalyKind says what is wrong with a place of a pattern. The quirks are
// those of docs/matching.md.
type AnomalyKind uint8

// The kinds of anomalies.
const (
	LeadingMark         AnomalyKind = iota // a literal run begins with a mark (D4, D11, D13)
	MarkOrder                              // a mark that isn't in canonical order (D3)
	LoneIota                               // U+0345 on its own, which is iota too (D8, D9, D10)
	UnpairedSurrogate                      // dropped, but counted in the tail (D2, D5, D12)
	Dropped                                // U+FFFE, U+FFFF, or the like of another plane: dropped, but counted (D2, D5, D12)
	Supplementary                          // outside the Basic Multilingual Plane, before the last star
	TailSupplementary                      // the same after the last star, where its units are counted (D2, D6, D7)
	NonCharacter                           // U+FDD0 to U+FDEF: an ordinary character to the device
	CaseNewerThanDevice                    // has two cases, but is newer than Unicode 5.0 and doesn't fold
)

var anomalyTexts = [...]string{
	LeadingMark:         "a literal that begins with a mark may start inside a character",
	MarkOrder:           "mark is not in canonical order",
	LoneIota:            "U+0345 on its own also stands for iota",
	UnpairedSurrogate:   "unpaired surrogate is ignored, but counted at the end of the text",
	Dropped:             "non-character is ignored, but counted at the end of the text",
	Supplementary:       "character is outside the Basic Multilingual Plane",
	TailSupplementary:   "character outside the Basic Multilingual Plane after the last star is miscounted",
	NonCharacter:        "non-character is matched as an ordinary character",
	CaseNewerThanDevice: "character is newer than Unicode 5.0, so its case is not folded",
}

// String describes the kind in a few words.
func (k AnomalyKind) String() string {
	if int(k) >= len(anomalyTexts) {
		return fmt.Sprintf("AnomalyKind(%d)", uint8(k))
	}
	return anomalyTexts[k]
}

// Irregular reports whether a pattern with such a place isn't regular. The
// other kinds keep to the textbook, and merit a warning only.
func (k AnomalyKind) Irregular() bool { return k < NonCharacter }

// Anomalies lists all anomalies of a pattern by their offset. A pattern is
// regular exactly if none of them is of an irregular kind. Letters that look
// alike but don't fold together aren't among them.
func Anomalies(pattern []uint16) []Anomaly {
	list := anomalyList{lastStar: lastStar(pattern), atFront: true}
	for i, width := 0, 0; i < len(pattern); i += width {
		var c rune
		c, width = codePoint(pattern[i:])
		list.visit(c, i, width)
	}
	return list.found
}

// anomalyList goes over a pattern once.
type anomalyList struct {
	found    []Anomaly
	lastStar int   // its offset, or -1
	atFront  bool  // of a literal run
	class    uint8 // of the last element
}

func (l *anomalyList) visit(c rune, offset, width int) {
	add := func(k AnomalyKind) { l.found = append(l.found, Anomaly{k, offset, width}) }
	if l.atFront && !isBase(c) {
		add(LeadingMark)
	}
	if l.atFront = c == '*' || c == '?'; l.atFront {
		l.class = 0
		return
	}
	if !l.place(c) {
		add(MarkOrder)
	}
	if k, ok := kindOf(c, offset > l.lastStar); ok {
		add(k)
	}
	if properties(c).newer && unicode.SimpleFold(c) != c {
		add(CaseNewerThanDevice)
	}
}

// place notes the class of c's last element, and reports whether c leaves the
// marks in canonical order. What isn't a mark to the device starts it anew.
func (l *anomalyList) place(c rune) bool {
	if outside(c) {
		l.class = 0
		return true
	}
	class, ok := follow(l.class, c)
	l.class = class
	return ok
}

// kindOf returns the anomaly that c is wherever it stands.
func kindOf(c rune, tail bool) (AnomalyKind, bool) {
	switch {
	case isSurrogate(c):
		return UnpairedSurrogate, true
	case endsPlane(c):
		return Dropped, true
	case c > 0xFFFF && tail:
		return TailSupplementary, true
	case c > 0xFFFF:
		return Supplementary, true
	case element(c) == mark0345:
		return LoneIota, true
	case 0xFDD0 <= c && c <= 0xFDEF:
		return NonCharacter, true
	}
	return 0, false
}
