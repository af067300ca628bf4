package reports

import (
	"fmt"
	"slices"
	"strings"

	"ups/cmd/ups/internal/console"
)

// Output is a report that is asked for: FORMAT or FORMAT:FILE.
type Output struct {
	Format string
	File   string // "-" for standard output
}

// IsText reports whether it is text for a person who reads along.
func (o Output) IsText() bool { return o == Output{"text", console.Stdio} }

// Formats are the formats that there are.
var Formats = []string{"text", "json", "sarif", "github", "junit"}

// Flag is the flag of reports; each use adds one.
type Flag struct{ List []Output }

func (o *Flag) Type() string { return "FORMAT[:FILE]" }

func (o *Flag) String() string {
	var all []string
	for _, one := range o.List {
		all = append(all, one.Format+":"+one.File)
	}
	return strings.Join(all, " ")
}

// Set takes a format, and the file it goes to after a colon.
func (o *Flag) Set(s string) error {
	format, file, named := strings.Cut(s, ":")
	if !slices.Contains(Formats, format) {
		return fmt.Errorf("want text, json, sarif, github or junit")
	}
	if !named {
		file = console.Stdio
	}
	if file == "" {
		return fmt.Errorf("want the name of a file after the colon")
	}
	o.List = append(o.List, Output{format, file})
	return nil
}

// Complete makes it text if no report is asked for.
func (o *Flag) Complete() {
	if len(o.List) == 0 {
		o.List = []Output{{"text", console.Stdio}}
	}
}
