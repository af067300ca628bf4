package diff

import (
	"bytes"
	"fmt"

	"ups/cmd/ups/internal/changes"
	"ups/lint/analysis"
	"ups/lint/report"
)

const proof = "nothing changes for any request: proved for all clients and all regular destinations"

// text is the report for a terminal.
func (r *result) text() []byte {
	var b bytes.Buffer
	for i, f := range r.files {
		if len(r.files) > 1 && !f.changes() && f.note() == "" {
			fmt.Fprintf(&b, "%s: %s\n", report.Printable(f.title), proof)
			continue
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		f.writeText(&b)
	}
	return b.Bytes()
}

func (f *file) writeText(b *bytes.Buffer) {
	fmt.Fprintf(b, "%s: %s\n", report.Printable(f.title), f.summary())
	line := func(name, text string) {
		switch {
		case text != "" && name == "":
			fmt.Fprintf(b, "   %s\n", report.Printable(text))
		case text != "":
			fmt.Fprintf(b, "   %-8s %s\n", name, report.Printable(text))
		}
	}
	line("", f.note())
	for i := range f.Changes {
		c := &f.Changes[i]
		fmt.Fprintf(b, "\n%2d %s\n", i+1, report.Printable(changes.Title(c)))
		for k := range c.Regions {
			if k == changes.MaxListed && len(c.Regions) > changes.MaxListed+1 {
				line("", fmt.Sprintf("and %d more groups of clients and destinations", len(c.Regions)-k))
				break
			}
			line("who", changes.Clients(c.Regions[k].Who))
			line("to", changes.Destinations(&c.Regions[k]))
		}
		line("before", changes.Outcomes(c.Before)+" — "+deciders(f.old, olds(c.Deciders)))
		line("after", changes.Outcomes(c.After)+" — "+deciders(f.new, news(c.Deciders)))
		line("example", changes.Example(&c.Witness))
	}
	f.writeRest(b, line)
}

// writeRest writes what is not of one change alone.
func (f *file) writeRest(b *bytes.Buffer, line func(name, text string)) {
	if len(f.Changes) > 0 && (f.stored() != "" || f.counts != nil || !f.Complete()) {
		b.WriteByte('\n')
	}
	line("stored", f.stored())
	line("", f.counts.text())
	line("", f.undecided())
}

// summary says how much changes.
func (f *file) summary() string {
	switch n := len(f.Changes); {
	case n == 1:
		return "1 change"
	case n > 1:
		return fmt.Sprintf("%d changes", n)
	case !f.Complete():
		return "not decided"
	}
	return proof
}

// note says what is true of the files as a whole.
func (f *file) note() string {
	switch {
	case f.old == nil:
		return "new: there was no policy file, so the system server's check decided"
	case f.new == nil:
		return "removed: without a policy file the system server's check decides"
	}
	before, after := f.old.file.HeaderOrZero(), f.new.file.HeaderOrZero()
	if before.MajorVersion != after.MajorVersion || before.MinorVersion != after.MinorVersion {
		return fmt.Sprintf("version %d.%d is %d.%d now", before.MajorVersion, before.MinorVersion, after.MajorVersion, after.MinorVersion)
	}
	return ""
}

// undecided says what isn't known.
func (f *file) undecided() string {
	switch {
	case f.Exhausted:
		return "not decided: the lists differ too much to compare all of them; there may be more changes"
	case len(f.Undecided) > 0:
		var pairs []string
		for _, d := range f.Undecided {
			pairs = append(pairs, fmt.Sprintf("%s and %s", name(d.Old), name(d.New)))
		}
		return "not decided: whether anything changes between the policies " + changes.Listed(pairs) + " (old and new), such as where a pattern isn't regular"
	}
	return ""
}

func name(decider int) string {
	switch decider {
	case analysis.ByDefault:
		return "the default policy"
	case analysis.NotAsked:
		return "the check alone"
	}
	return fmt.Sprint(decider + 1)
}
