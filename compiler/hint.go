package compiler

import (
	"fmt"
	"slices"
	"strings"

	"ups/diag"
	"ups/grammar"
)

// notANumber says what to write in the place of a value that isn't a number.
func notANumber(v grammar.Value, d domain) string {
	switch v.(type) {
	case *grammar.TextValue:
		return "write it without quotes"
	case *grammar.ListValue:
		if d.family == optionFamily || d.family == classFamily {
			return d.family.hint()
		}
		return "write one value, without braces"
	}
	return ""
}

// asText says how to write a value as a string, if it is written out.
func (b *builder) asText(v grammar.Value) string {
	switch v := v.(type) {
	case *grammar.ListValue:
		return "a policy has one destination: write a policy for each"
	case *grammar.NumberValue:
		if first := b.tree.Tokens[v.Range().First]; !first.FromMacro() {
			return fmt.Sprintf("write %q", strings.Trim(b.tree.Text(v.Range()), "'"))
		}
	}
	return ""
}

// asNumber says how a number is written that isn't one.
func asNumber(text string) string {
	digits := strings.TrimPrefix(text, "0x")
	for _, mark := range []string{"", "_", "h", "H", "u", "U", "l", "L"} {
		if d := strings.ReplaceAll(digits, mark, ""); mark != "" && isNumber(d, 16) || mark == "" && isNumber(digits, 16) {
			return "write 0x" + strings.TrimPrefix(d, "0x")
		}
	}
	return "a number is decimal digits, or 0x and hexadecimal digits"
}

// fieldHint says which field may have been meant: one that is near, the only
// one that has the word in its name, one of another struct, or any.
func fieldHint(name string, fields []string) string {
	if hint := diag.DidYouMean(name, fields); hint != "" {
		return hint
	}
	var within []string
	for _, f := range fields {
		if len(name) > 3 && strings.Contains(f, strings.ToLower(name)) {
			within = append(within, f)
		}
	}
	if len(within) == 1 {
		return fmt.Sprintf("did you mean %s?", within[0])
	}
	for _, other := range []struct {
		name   string
		fields []string
	}{
		{fileStruct.name, fileStruct.names()}, {headerStruct.name, headerStruct.names()}, {policyStruct.name, policyStruct.names()},
	} {
		if slices.Contains(other.fields, name) {
			return "it is a field of " + other.name
		}
	}
	return "its fields are " + list(fields, "and")
}
