package wildcard

// Glob is a regular pattern over letters. A position n of it, from 0 to
// len(Letters), means that its first n letters have been matched.
type Glob struct {
	Letters []Letter // Other, which no literal is, stands for `?`
	Stars   []bool   // of each position: a star stands there
}

// Glob returns a pattern over letters, and adds its graphemes to the alphabet.
// It fails, and adds nothing, if the pattern isn't regular. The star of a run
// of wildcards is moved to its end, which means the same.
func (a *Alphabet) Glob(pattern []uint16) (Glob, bool) {
	if !Regular(pattern) {
		return Glob{}, false
	}
	g := Glob{Stars: []bool{false}}
	star := false // in the run of wildcards under way
	for i := 0; i < len(pattern); {
		switch pattern[i] {
		case '*':
			star = true
			i++
		case '?':
			g.add(Other)
			i++
		default:
			end := skipGrapheme(pattern, i)
			g.Stars[len(g.Letters)] = star
			g.add(a.intern(pattern[i:end]))
			star = false
			i = end
		}
	}
	g.Stars[len(g.Letters)] = star
	return g, true
}

func (g *Glob) add(l Letter) {
	g.Letters, g.Stars = append(g.Letters, l), append(g.Stars, false)
}

// Match reports whether the glob matches the letters of a text, as the
// textbook does: after a mismatch the last star matches one letter more.
func (g *Glob) Match(letters []Letter) bool {
	pos, i := 0, 0
	star, taken := -1, 0 // the position of the last star, and how far it reaches
	for i < len(letters) {
		if g.Stars[pos] {
			star, taken = pos, i
		}
		switch {
		case pos < len(g.Letters) && (g.Letters[pos] == Other || g.Letters[pos] == letters[i]):
			pos, i = pos+1, i+1
		case star >= 0:
			taken++
			pos, i = star, taken
		default:
			return false
		}
	}
	return pos == len(g.Letters)
}
