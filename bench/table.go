package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// printTable prints nanoseconds a decision, and how many times those of ups
// they are.
func (o *options) printTable(out io.Writer) error {
	fmt.Fprint(out, "| policies |")
	for _, policies := range sizes {
		fmt.Fprintf(out, " %d |", policies)
	}
	fmt.Fprintln(out, "\n|---|"+strings.Repeat("--:|", len(sizes)))
	for _, m := range mixes() {
		if err := o.printMix(out, m); err != nil {
			return err
		}
	}
	return nil
}

func (o *options) printMix(out io.Writer, m mix) error {
	var columns [][]*cell
	for _, policies := range sizes {
		cells, err := measure(o.rows, newWorkload(m, seed, policies), o.rounds, o.turn)
		if err != nil {
			return err
		}
		columns = append(columns, cells)
	}
	fmt.Fprintf(out, "| **%s** |%s\n", m.name, strings.Repeat("|", len(sizes)))
	ups := slices.IndexFunc(o.rows, func(r row) bool { return r.name == upsName })
	for i, row := range o.rows {
		fmt.Fprintf(out, "| %s |", row.name)
		for _, cells := range columns {
			fmt.Fprint(out, " ", figure(cells[i].ns()))
			if i != ups {
				fmt.Fprintf(out, " (%s)", figure(cells[i].ns()/cells[ups].ns()))
			}
			fmt.Fprint(out, " |")
		}
		fmt.Fprintln(out)
	}
	return nil
}

// figure writes numbers under ten with a digit after the point, and great ones
// with thousands apart.
func figure(x float64) string {
	if x < 10 {
		return fmt.Sprintf("%.1f", x)
	}
	s := fmt.Sprintf("%.0f", x)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
