// Package format lays a policy source out in the one way (docs/fmt.md).
//
// It works on the text as it is written, not on the tree that comes of it: both
// branches of a conditional, directives, macros and comments are laid out, and
// no header is needed. The text is cut into tokens with what stands before each
// (token.go), and these into statements (statement.go). A statement whose braces
// can be matched is printed anew (print.go, block.go, space.go); another stays
// as it is, and is named in the result.
//
// The result has the tokens, comments and directives of the source in their
// order; Source checks that, so that it has the same meaning.
package format
