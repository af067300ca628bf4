package grammar

// Kind is what a token is.
type Kind uint8

// The kinds of token.
const (
	EOF    Kind = iota
	Name        // a name or a keyword
	Number      // begins with a digit; whether it is a number is checked when it is read
	String      // "…", quotes included
	Char        // '…', quotes included
	Punct       // one character

	comment // with its signs
	newline // ends a directive
)

// String names the kind as a message does.
func (k Kind) String() string {
	names := [...]string{"end of file", "name", "number", "string", "character", "sign", "comment", "end of line"}
	return names[k]
}

// Token is a piece of the source after preprocessing.
type Token struct {
	// Text is the token as written, less any backslash-newline in it.
	Text string
	Kind Kind

	spaced   bool // white space stands before it
	first    bool // the first of its line
	reported bool // a mistake in it, or for EOF before it, was reported
	noExpand bool // the name of a macro that was met inside its own expansion

	// start and end are where it stands in the source: for what came out of
	// a macro, the use of that macro in the file.
	start, end location
	// spelled is where it stands in the definition of the macro that it came
	// out of; expansion is an index into Tree.expansions. Both 0 for a token
	// that is written out.
	spelled   location
	expansion int32
}

// Is reports whether the token is the given name or sign.
func (t Token) Is(text string) bool {
	return (t.Kind == Punct || t.Kind == Name) && t.Text == text
}

// FromMacro reports whether the token came out of the definition of a macro.
func (t Token) FromMacro() bool { return t.expansion != 0 }

// expansion is one use of a macro.
type expansion struct {
	macro  *macro
	outer  int32    // the expansion that the use itself came out of, or 0
	within location // where the use stands in the definition of the outer macro
}

// cost is what a token counts for wherever one is copied or looked up: by its
// length too, since to look up a name is to read all of it.
func (t Token) cost() int { return 1 + len(t.Text)/64 }

// costOf adds up the cost of tokens.
func costOf(tokens []Token) int {
	sum := 0
	for _, t := range tokens {
		sum += t.cost()
	}
	return sum
}

// Comment is a comment, kept beside the tokens.
type Comment struct {
	Text string // with its signs
	// Next is the index in Tree.Tokens of the token that follows it.
	Next int

	start, end location
}
