package grammar

import "github.com/alecthomas/participle/v2/lexer"

// This is the syntax of the language, and the nodes of the tree: the tags are
// productions of participle. Braces, and what separates the things between
// them, are in no production, since a mistake between braces must not hide
// what is around them. The parser cuts there, applies a production to each
// piece, and goes on after a piece that has a mistake:
//
//	source     = { statement [ ";" ] } .
//	statement  = UID | NameStatement | CharacterSet
//	           | Enum "{" Enumerator { "," Enumerator } "}"
//	           | StructDecl "{" { Member [ "=" value ] ";" } "}"
//	           | Resource block .
//	block      = "{" { field } "}" .
//	field      = Field value ";" .
//	value      = expr | text | list | struct .
//	text       = part { part } .
//	part       = string | TextPart .
//	list       = "{" [ value { "," value } ] "}" .
//	struct     = Name block .
//	expr       = Operand { operator Operand } .
//
// Name is a name that begins no statement.

// Statement is one of *UID, *NameStatement, *CharacterSet, *Enum,
// *StructDecl, *Resource.
type Statement interface {
	Range() Node
	place(Node)
}

// UID is a UID2 or UID3 statement.
type UID struct {
	Node
	Keyword string `parser:"@( 'UID2' | 'UID3' )"`
	Value   Expr   `parser:"@@"`
}

// NameStatement is NAME, the letters that resource ids begin with.
type NameStatement struct {
	Node
	Name Ident `parser:"'NAME' @@"`
}

// CharacterSet is CHARACTER_SET, in force for the strings after it.
type CharacterSet struct {
	Node
	Name Ident `parser:"'CHARACTER_SET' @@"`
}

// Enum is a list of constants.
type Enum struct {
	Node
	Name        *Ident `parser:"( 'enum' | 'ENUM' ) @@?"` // nil if it has none
	Enumerators []Enumerator
}

// Enumerator is one constant of an Enum.
type Enumerator struct {
	Node
	Name  Ident `parser:"@@"`
	Value Expr  `parser:"( '=' @@ )?"` // nil: one more than the one before
}

// StructDecl declares the layout of a struct.
type StructDecl struct {
	Node
	Name    Ident  `parser:"'STRUCT' @@"`
	Len     string `parser:"@( 'BYTE' | 'WORD' )?"` // of the length before its fields; "" if there is none
	Members []Member
}

// Member is one field of a StructDecl.
type Member struct {
	Node
	Len     bool   `parser:"( @'LEN' ( 'BYTE' | 'WORD' )? )?"` // the length of the struct stands before it
	Type    string `parser:"@( Name | 'STRUCT' )"`
	Most    Expr   `parser:"( '<' @@ '>' )?"` // of a buffer's length; nil if none is given
	Name    Ident  `parser:"@@"`
	Limit   Expr   `parser:"( '(' @@ ')' )?"`       // of a text's length; nil if none is given
	Array   bool   `parser:"( @'['"`                // the field is a list
	Size    Expr   `parser:"  ( ']' | @@ ']' ) )?"` // how many values the list has; nil if any number
	Default Value  // nil if none is given
}

// Resource is a RESOURCE statement.
type Resource struct {
	Node
	Local  bool   `parser:"( 'GLOBAL' | @'LOCAL' )? 'RESOURCE'"` // its name is left out of the .rsg header
	Struct Ident  `parser:"@@"`                                  // of which struct it is
	Name   *Ident `parser:"@@?"`                                 // nil if it has none
	Fields []*Field
}

// Field sets one field of a resource or struct.
type Field struct {
	Node
	Name  Ident `parser:"@@ '='"`
	Value Value
}

// Value is one of *NumberValue, *TextValue, *ListValue, *StructValue.
type Value interface {
	Range() Node
}

// NumberValue is an expression in the place of a value.
type NumberValue struct{ Expr }

// TextValue is strings and character codes side by side.
type TextValue struct {
	Node
	Parts []TextPart
}

// TextPart is a string literal or, if Code isn't nil, <Code>.
type TextPart struct {
	Node
	Literal string // with its quotes
	Code    Expr   `parser:"'<' @@ '>'"`
}

// ListValue is values between braces.
type ListValue struct {
	Node
	Items []Value
}

// StructValue is a struct value: its name and its fields between braces.
type StructValue struct {
	Node
	Name   Ident
	Fields []*Field
}

// Expr is one of *Literal, *Constant, *Unary, *Paren, *Binary.
type Expr interface {
	Range() Node
}

// precedence has the operators, those that bind tightest first: unlike in C,
// | does (docs/language.md, Statements).
var precedence = [...]string{"|", "*/", "+-"}

// Operand is one of *Literal, *Constant, *Unary, *Paren.
type Operand interface{ Expr }

// Unary is the negative of an operand.
type Unary struct {
	Tokens []lexer.Token
	X      Operand `parser:"'-' @@"`
}

// Paren is an expression in parentheses.
type Paren struct {
	Tokens []lexer.Token
	X      Expr `parser:"'(' @@ ')'"`
}

// Literal is a number or a character, as written.
type Literal struct {
	Node
	Kind Kind // Number or Char
	Text string
}

// Constant is a name that stands for a number.
type Constant struct {
	Node
	Name string
}

// Ident is a name, and the token that it is.
type Ident struct {
	Node
	Text string
}

// Binary is two expressions and an operator between them.
type Binary struct {
	Node
	Op          byte
	Left, Right Expr
}
