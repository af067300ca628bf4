package diag

import (
	"fmt"
	"strings"
)

// DidYouMean returns the hint "did you mean X?" for the candidate that is
// nearest to a mistyped word, or "" if none is at an edit distance under 3, or
// under 2 for a word of up to four bytes. A candidate that differs in case
// alone is always the nearest; the word itself is none. Words of over 64 bytes
// get no hint: nobody types them.
func DidYouMean(word string, candidates []string) string {
	if len(word) > 64 {
		return ""
	}
	best, distance := "", min(3, len(word), max(2, (len(word)+1)/2))
	for _, c := range candidates {
		if c == word {
			continue
		}
		d := 0
		if !strings.EqualFold(word, c) {
			d = editDistance(word, c, distance)
		}
		if d < distance {
			best, distance = c, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %s?", best)
}

// editDistance is the number of bytes to insert, delete, replace or swap with
// their neighbour to turn a into b (optimal string alignment), or limit if it
// is no less.
func editDistance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, above, row := rows[(i+1)%3], rows[(i-1)%3], rows[i%3]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return min(limit, rows[len(a)%3][len(b)])
}

// Meant returns the candidate that a hint of DidYouMean names.
func Meant(hint string) (word string, ok bool) {
	rest, begins := strings.CutPrefix(hint, "did you mean ")
	word, ends := strings.CutSuffix(rest, "?")
	return word, begins && ends
}
