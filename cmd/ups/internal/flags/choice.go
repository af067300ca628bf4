// Package flags has the kinds of values that flags of ups take.
package flags

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// Choice is a flag with one of a few values.
type Choice struct {
	Value string
	Of    []string
	Name  string // of the value, WHEN if empty
}

func (c *Choice) String() string { return c.Value }
func (c *Choice) Type() string   { return cmp.Or(c.Name, "WHEN") }

// Set takes one of the values, in full and in any case.
func (c *Choice) Set(s string) error {
	for _, v := range c.Of {
		if strings.EqualFold(s, v) {
			c.Value = v
			return nil
		}
	}
	last := len(c.Of) - 1
	return fmt.Errorf("want %s or %s", strings.Join(c.Of[:last], ", "), c.Of[last])
}

// CompleteChoice lets shells complete the values of a flag.
func CompleteChoice(cmd *cobra.Command, name string, c *Choice) {
	values := cobra.FixedCompletions(c.Of, cobra.ShellCompDirectiveNoFileComp)
	// It fails only if there is no such flag, which the scripts would show.
	_ = cmd.RegisterFlagCompletionFunc(name, values)
}
