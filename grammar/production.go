package grammar

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// syntax parses by the productions of grammar.go. With no lookahead the first
// token of an alternative decides on it, so that an error is where the
// alternative fails, not where it was tried.
type syntax struct {
	parser *participle.Parser[production]
}

// production is a type that participle parses.
type production any

// theSyntax is built when it is first needed.
var theSyntax = sync.OnceValue(func() *syntax {
	s := &syntax{}
	s.parser = participle.MustBuild[production](
		participle.Lexer(tokenTypes{}), participle.UseLookahead(0),
		participle.ParseTypeWith(s.parseExpr), participle.ParseTypeWith(s.parseOperand),
		participle.Union[production](
			UID{}, NameStatement{}, CharacterSet{}, Enum{}, Enumerator{}, StructDecl{}, Member{}, Resource{}, Field{},
			TextPart{}, Unary{}, Paren{},
		),
	)
	return s
})

// parseAs parses by the production P, as far as it goes.
func parseAs[P any](s *syntax, lex *lexer.PeekingLexer) (*P, error) {
	parser, err := participle.ParserForProduction[P](s.parser)
	if err != nil {
		panic(err) // only for a type that isn't in the union
	}
	return parser.ParseFromLexer(lex, participle.AllowTrailing(true))
}

// The types of token that productions and parseExpr distinguish, beside the
// kinds of token.
const (
	keywordType  = lexer.EOF - 100
	operatorType = lexer.EOF - 101
	tooDeepType  = lexer.EOF - 102
)

// tokenTypes are the types of token, for participle.
type tokenTypes struct{}

// Symbols makes tokenTypes a lexer definition.
func (tokenTypes) Symbols() map[string]lexer.TokenType {
	return map[string]lexer.TokenType{
		"EOF": lexer.EOF, "Name": typeOf(Name), "Number": typeOf(Number), "String": typeOf(String), "Char": typeOf(Char),
		"Punct": typeOf(Punct), "Keyword": keywordType, "Operator": operatorType, "TooDeep": tooDeepType,
	}
}

// Lex makes tokenTypes a lexer definition.
func (tokenTypes) Lex(string, io.Reader) (lexer.Lexer, error) {
	return nil, errors.New("the preprocessor makes the tokens")
}

func typeOf(k Kind) lexer.TokenType { return lexer.EOF - lexer.TokenType(k) }

// tokenStream hands tokens to participle. The offset of a token's position is
// its index. A parenthesis or sign that is nested too deep is a token that no
// production takes, since participle calls itself for each.
type tokenStream struct {
	tokens []Token
	next   int
	parens int // that are open
	signs  int // side by side
}

func newLexer(tokens []Token) *lexer.PeekingLexer {
	peeking, err := lexer.Upgrade(&tokenStream{tokens: tokens})
	if err != nil {
		panic(err) // Next returns none
	}
	return peeking
}

// Next makes a tokenStream a lexer.
func (s *tokenStream) Next() (lexer.Token, error) {
	t := s.tokens[s.next]
	at := lexer.Position{Offset: s.next}
	if t.Kind == EOF {
		return lexer.EOFToken(at), nil
	}
	s.next++
	if s.nests(t) > MaxNesting {
		return lexer.Token{Type: tooDeepType, Pos: at}, nil
	}
	token := lexer.Token{Type: typeOf(t.Kind), Value: t.Text, Pos: at}
	switch {
	case beginsStatement(t):
		token.Type = keywordType
	case t.Kind == Punct && strings.Contains("+-*/|", t.Text):
		token.Type = operatorType
	}
	return token, nil
}

// nests returns how deep a token is nested within its expression.
func (s *tokenStream) nests(t Token) int {
	switch {
	case t.Is("("):
		s.parens++
	case t.Is(")"):
		s.parens = max(0, s.parens-1)
	case t.Is("-"):
		s.signs++
		return s.parens + s.signs
	case t.Is(";"), t.Is("{"), t.Is("}"):
		s.parens = 0
	}
	s.signs = 0
	return s.parens
}

// apply parses the tokens from the next one on by the production P. After an
// error the next token is the one that doesn't fit, and the node has what stands
// before it.
func apply[P any](p *parser) (node *P, err error) {
	err = p.take(func(lex *lexer.PeekingLexer) (err error) {
		node, err = parseAs[P](theSyntax(), lex)
		return err
	})
	return node, err
}

// take has tokens read by parse, from the next one on.
func (p *parser) take(parse func(*lexer.PeekingLexer) error) error {
	p.whole.lexer.FastForward(lexer.RawCursor(p.i - 1))
	lex := *p.whole.lexer
	err := parse(&lex)
	p.i = int(lex.RawCursor())
	var where participle.Error
	if errors.As(err, &where) {
		p.i = where.Position().Offset
	}
	return err
}

// failed reports what participle says: the token that it has no use for, and
// what it wants there. usage says how the production is written.
func (p *parser) failed(err error, usage string) {
	switch inExpr := (exprError{}); {
	case p.whole.lexer.Range(lexer.RawCursor(p.i), lexer.RawCursor(p.i+1))[0].Type == tooDeepType:
		p.tooDeep()
	case !errors.As(err, &inExpr):
		p.unexpected(p.i, usage)
	case wants(err, ")"):
		p.unexpected(p.i, ") to close the parenthesis")
	case wants(err, ">"):
		p.unexpected(p.i, "> after the number of a character")
	default:
		p.misplaced(p.i, p.valueHint())
	}
}

// wants reports whether an error of participle says that a sign is missing.
func wants(err error, sign string) bool {
	return strings.HasSuffix(err.Error(), fmt.Sprintf("(expected %q)", sign))
}
