//go:build editors

package editors

import "testing"

// longLines are repeated to long lines, of which each makes another pattern look
// far ahead, again and again.
var longLines = []string{
	" ", "a", "a ", "a=", "a  (", "#", "# ", "#define ", "#include <", "#if a ", "#error '", "\"", "\"\\", "'", "\\", "/*", "/* */", "/", "//",
	"0x", "0", "0.", "{", "}", "(", "POLICY ", "RESOURCE ", "RESOURCE POLICIES ", "STRUCT ", "STRUCT a ", "enum ", "enum a {", "<", "é", "UID2",
	"ups:ignore ", "//ups:ignore a,", "#define a(", "#define a(b,",
}

// enough checks that pieces of all classes were compared: a check of nothing
// would pass.
func enough(t *testing.T, counts tally) {
	t.Helper()
	for c, least := range map[class]int{
		comment: 1000, text: 2000, character: 2, number: 3000, sign: 10000, directive: 600, keyword: 1500, structName: 3000,
		field: 5000, constant: 5000, macro: 3, resource: 300, definition: 50, parameter: 3,
	} {
		if counts[c] < least {
			t.Errorf("only %d pieces of class %s", counts[c], c)
		}
	}
	if names, read := counts[anyName], counts[field]+counts[constant]; names > read/10 {
		t.Errorf("of %d names ups doesn't say what they are, %d are known", names, read)
	}
}
