package index

import "math"

// posting leads to a pattern, and says enough of it that most requests that it
// isn't for needn't touch it.
type posting struct {
	codes   uint64 // up to eight that the text must have
	last    uint64 // up to eight that the text must end with
	clients uint64 // bits of those that the policies are for
	pattern int32
	low     int32  // its first policy
	at      uint16 // where the codes stand, from the place of the key on
	shift   uint8  // bits of a word that aren't of the codes
	end     uint8  // bits of a word that aren't of the last codes
}

// newPosting is for a pattern that has a literal at the place of the key. The
// codes are the end of the literal, since its beginning is in the key, or common.
func newPosting(patterns []pattern, i int32, literal []byte) posting {
	p := &patterns[i]
	at := min(max(0, len(literal)-8), math.MaxUint16)
	literal = literal[at:min(at+8, len(literal))]
	back := p.back()
	back = back[max(0, len(back)-8):]
	end := uint8(64 - 8*len(back))
	return posting{
		codes: wordOf(literal), last: wordOf(back) << end, clients: p.bits(), pattern: i, low: p.low,
		at: uint16(at), shift: uint8(64 - 8*len(literal)), end: end,
	}
}

// mayMatch reports whether the pattern may match the text of a query with the
// key at some place, and be for its client.
func (p *posting) mayMatch(q *query, place int) bool {
	at := place + int(p.at)
	return p.clients&q.bits != 0 && (q.last^p.last)>>p.end == 0 && at <= q.n && (q.word(at)^p.codes)<<p.shift == 0
}
