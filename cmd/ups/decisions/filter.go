package decisions

import (
	"fmt"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/flags"
	"ups/runtime/decision"
)

// filterFlags are the flags that select records. All that is given must hold.
type filterFlags struct{ terms []string }

// registerFilter adds the flags to a command.
func (f *filterFlags) registerFilter(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.Var(&condition{list: &f.terms, field: "client"}, "client", "only records of the client with this SID")
	fs.Var(&condition{list: &f.terms, field: "server"}, "server", "only records of the system server with this SID")
	fs.Var(&condition{list: &f.terms, field: "service"}, "service", "only records of the service with this UID")
	result := results()
	fs.Var(&condition{list: &f.terms, field: "result", of: &result}, "result", "only records with this result, `always|never`")
	fs.Var(&condition{list: &f.terms}, "where", "only records for which `CONDITION` holds, such as 'major<2'; may be given again")
	flags.CompleteChoice(cmd, "result", &result)
}

// filter returns the filter of the flags, and whether any was given.
func (f *filterFlags) filter() (filter decision.Filter, given bool, err error) {
	filter, err = decision.ParseFilter(f.terms...)
	if err != nil {
		err = console.UsageError("a condition is a field, one of = != < > <= >= and a value, as in --where 'major<2'", "%w", err)
	}
	return filter, len(f.terms) > 0, err
}

// filterHelp is the part of help texts about filters.
const filterHelp = `A CONDITION is a field, one of = != < > <= >= and a value. The fields are id,
client, evaluator, service, server, fingerprint, entity, description, result,
major and info; fingerprint and entity are written in hexadecimal, and with
description they know = and != only. All conditions must hold; a field can have
one.`

// results is a flag with a result.
func results() flags.Choice { return flags.Choice{Of: []string{"always", "never"}} }

// condition is a flag that adds a condition to a list.
type condition struct {
	list  *[]string
	field string        // that an equality is about; empty for a whole condition
	of    *flags.Choice // for a result
}

func (c *condition) String() string { return "" }

func (c *condition) Type() string {
	if c.field == "" {
		return "CONDITION"
	}
	return "0xID"
}

// Set checks a value as far as the flag is about one kind of values.
func (c *condition) Set(s string) error {
	switch {
	case c.field == "":
		*c.list = append(*c.list, s)
		return nil
	case c.of != nil:
		if err := c.of.Set(s); err != nil {
			return err
		}
	default:
		id := flags.SID{}
		if err := id.Set(s); err != nil {
			return err
		}
	}
	*c.list = append(*c.list, fmt.Sprintf("%s=%s", c.field, s))
	return nil
}
