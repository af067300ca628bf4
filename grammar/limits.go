package grammar

// The limits on a source. They keep what it costs to refuse a hostile one in
// proportion; the largest compiled file is under 64 KiB.
const (
	// MaxSource is how many bytes may be read for one source, and how many
	// may be left of it after preprocessing.
	MaxSource = 16 << 20
	// MaxTokens is how many tokens may be left after preprocessing.
	MaxTokens = 1 << 19
	// MaxIncludeDepth is how deep files may include one another.
	MaxIncludeDepth = 200
	// MaxIncludes is how many times files may be included.
	MaxIncludes = 10_000
	// MaxStatements is how many statements and enumerators a source may have.
	MaxStatements = 20_000
	// MaxNesting is how deep parentheses, conditionals and macro arguments
	// may be nested.
	MaxNesting = 256

	// maxExpanded is how many tokens all macros together may produce on the
	// way, the ones that do not stay included. A token of more than 64 bytes
	// counts as several (Token.cost).
	maxExpanded = 1 << 20
	// maxKept is how many tokens of directives, macros, comments and line
	// marks are kept for one source, beside its own tokens.
	maxKept = 1 << 20
)
