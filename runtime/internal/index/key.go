package index

// A key of a pattern is something that every request decided by it has, and
// few other patterns share: the SID of the client, up to eight codes that the
// text begins or ends with, or a gram, up to six codes in a row at any place.
//
// Grams need not be looked for everywhere: a literal of seven codes has two of
// six, and wherever it stands, one of them is at an even place. So its key has
// both hashes, any of which leads to the pattern, and a text is asked for half
// of its grams.
type key struct {
	kind keyKind
	n    int       // hashes
	hash [4]uint32 // four for the sake of lists of SIDs
}

// keyKind is what a key is of. Those before are better: they take less time
// for each text, whether it has the key or not.
type keyKind int

const (
	sidKind  keyKind = 0                                  // the SID
	endKind  keyKind = sidKind + 1                        // the first of those of ends, as in endSpans
	gramKind keyKind = endKind + keyKind(len(endSpans))   // the first of grams, as in gramSpans
	lastKind keyKind = gramKind + keyKind(len(gramSpans)) // none
)

// rank numbers the kinds among which the rarity of the key decides.
func (k keyKind) rank() keyKind {
	if k == sidKind {
		return 0
	}
	return max(1, k-gramKind+2)
}

// endSpan is a number of codes at an end of a text.
type endSpan struct {
	n    int
	tail bool
}

// endSpans are those that make keys. More of them would tell patterns apart
// better, and take more time for every text.
var endSpans = [...]endSpan{
	{1, false}, {2, false}, {3, false}, {4, false}, {6, false}, {8, false},
	{1, true}, {2, true}, {3, true}, {4, true}, {6, true}, {8, true},
}

// endMask takes the codes of an endSpan out of the first and the last word of a
// text.
type endMask struct{ first, last uint64 }

func (s endSpan) mask() endMask {
	if s.tail {
		return endMask{last: ^(1<<(64-8*s.n) - 1)}
	}
	return endMask{first: 1<<(8*s.n-1)<<1 - 1}
}

func (m endMask) hash(first, last uint64) uint32 { return hashOf(first&m.first | last&m.last) }

// gramSpan is the length of grams, and the step from one place to the next
// where a text is asked for them.
type gramSpan struct{ step, n int }

var gramSpans = [...]gramSpan{{2, 6}, {2, 3}, {1, 3}, {1, 2}, {1, 1}}

// literal is how long a literal must be to have keys of the span.
func (s gramSpan) literal() int { return s.n + s.step - 1 }

// maskOf gives what takes a gram out of a word.
func (s gramSpan) maskOf() uint64 { return 1<<(8*s.n-1)<<1 - 1 }

// sprinkle is an odd number without a pattern in it, to multiply by.
const sprinkle = 0x9E3779B97F4A7C15

// hashOf is for the codes of a key.
func hashOf(codes uint64) uint32 { return uint32(codes * sprinkle >> 32) }

// appendKeys appends the keys of a pattern, in the order of their ranks.
func (p *pattern) appendKeys(keys []key) []key {
	if k, ok := p.sidKey(); ok {
		keys = append(keys, k)
	}
	lits := literals(p.codes)
	if len(lits) == 0 {
		return keys
	}
	if p.codes[0] < codeAny {
		keys = append(keys, endKey(lits[0], false))
	}
	if p.codes[len(p.codes)-1] < codeAny {
		keys = append(keys, endKey(lits[len(lits)-1], true))
	}
	for i, s := range gramSpans {
		for _, lit := range lits {
			keys = s.appendKeys(keys, gramKind+keyKind(i), lit)
		}
		if s.step == 1 && len(keys) > 0 {
			break // shorter ones are no rarer
		}
	}
	return keys
}

// sidKey is for patterns of a few listed SIDs.
func (p *pattern) sidKey() (k key, ok bool) {
	if p.policy != none {
		return k, false
	}
	for _, w := range p.sids {
		if w.free() {
			continue
		}
		if k.n == len(k.hash) {
			return k, false
		}
		k.hash[k.n] = hashOf(uint64(w.sid))
		k.n++
	}
	return k, k.n > 0
}

// endKey is for the longest end that the literal fills.
func endKey(lit []byte, tail bool) key {
	best := 0
	for i, s := range endSpans {
		if s.tail == tail && s.n <= len(lit) {
			best = i
		}
	}
	n := endSpans[best].n
	word := wordOf(lit[:n])
	if tail {
		word = wordOf(lit[len(lit)-n:]) << (64 - 8*n)
	}
	return key{endKind + keyKind(best), 1, [4]uint32{hashOf(word)}}
}

// appendKeys appends a key for each place in a literal.
func (s gramSpan) appendKeys(keys []key, kind keyKind, lit []byte) []key {
	for i := range len(lit) - s.literal() + 1 {
		k := key{kind: kind, n: s.step}
		for j := range s.step {
			k.hash[j] = hashOf(wordOf(lit[i+j:][:s.n]))
		}
		keys = append(keys, k)
	}
	return keys
}

// wordOf gives up to eight codes as a text has them in its words.
func wordOf(codes []byte) (w uint64) {
	for i, c := range codes {
		w |= uint64(c) << (8 * i)
	}
	return w
}
