package settings

import (
	"fmt"
	"strings"

	"ups/grammar"

	"github.com/spf13/pflag"
)

// Flags are the flags that say how sources are compiled.
type Flags struct {
	include []string
	defines []grammar.Define
}

// Register adds the flags; their help begins with so many words of when they
// are of use.
func (f *Flags) Register(fs *pflag.FlagSet, when string) {
	fs.StringArrayVarP(&f.include, "include", "I", nil, when+"look for included files in `DIR` too")
	fs.VarP(define{list: &f.defines}, "define", "D", when+"define a macro, as 1 if no value is given")
	fs.VarP(define{list: &f.defines, undef: true}, "undefine", "U", when+"take back the definition of a macro")
}

// define is a -D or a -U flag. Both add to one list, since their order counts.
type define struct {
	list  *[]grammar.Define
	undef bool
}

func (d define) String() string { return "" }

func (d define) Type() string {
	if d.undef {
		return "NAME"
	}
	return "NAME[=VALUE]"
}

// Set adds a definition. As C preprocessors have it, NAME is defined as 1 and
// NAME= as nothing.
func (d define) Set(s string) error {
	name, value, given := strings.Cut(s, "=")
	switch {
	case !isName(name) || d.undef && given:
		return fmt.Errorf("want %s, with a name of letters, digits and _", d.Type())
	case strings.ContainsAny(value, "\r\n"):
		return fmt.Errorf("a macro is one line")
	case given && value == "":
		value = " " // defined as nothing, where an empty Value is 1
	}
	*d.list = append(*d.list, grammar.Define{Name: name, Value: value, Undef: d.undef})
	return nil
}

// isName reports whether s is a name (docs/language.md, Tokens).
func isName(s string) bool {
	for i, r := range s {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}
