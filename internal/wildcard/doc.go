// Package wildcard is the device's folded wildcard match (TDesC16::MatchF), by
// which a policy's destination is compared with that of a request. It is defined
// in docs/matching.md; all text is UTF-16 units.
//
// Match is the definition to the letter, quirks included, and slow. Prepare and
// Decode do once what many matches have in common. Where pattern and text are
// regular, the match is that of a textbook glob over graphemes.
//
// # When automata may be used
//
// Alphabet, Glob and Automaton are for regular patterns and regular texts only:
//
//	Regular(p) && RegularText(t) implies Match(p, t) == automaton(p) accepts letters(t)
//
// and nothing is promised outside it. What isn't regular may match less than
// the textbook, `*` included (quirks D1, D2 and D3 are of ordinary patterns and
// irregular texts), or more (D4, D5, D6, D8 and D10). So an index over many
// patterns keeps those that aren't regular apart and calls Prepared.Match for each;
// and for a text that isn't regular, it calls that for all patterns but the ASCII
// ones that AppendCodes rules out. Prepared.Match bounds what that costs: after
// some steps by the definition it works on sets of places instead.
//
// A text is regular if
//   - it has no surrogates, paired or not, no U+FFFE, U+FFFF or U+0345;
//   - it is empty, or begins with a base character;
//   - its marks are in canonical order after decomposition: á U+0323 isn't,
//     though á and U+0323 are, each by itself.
//
// All ASCII text is. Folding and composition are normalised away in letters:
// É, é and e U+0301 are one.
//
// Analyses work on letters. Alphabet.Render leads back to a text that Match
// confirms, with Alphabet.Free for the letter that occurs in no pattern.
package wildcard
