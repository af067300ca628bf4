//go:build editors

package editors

// longLines are repeated to long lines, of which each makes another pattern look
// far ahead, again and again.
var longLines = []string{
	" ", "a", "a ", "a=", "a  (", "#", "# ", "#define ", "#include <", "#if a ", "#error '", "\"", "\"\\", "'", "\\", "/*", "/* */", "/", "//",
	"0x", "0", "0.", "{", "}", "(", "POLICY ", "RESOURCE ", "RESOURCE POLICIES ", "STRUCT ", "STRUCT a ", "enum ", "enum a {", "<", "é", "UID2",
	"ups:ignore ", "//ups:ignore a,", "#define a(", "#define a(b,",
}
