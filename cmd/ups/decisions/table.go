package decisions

import (
	"bufio"
	"cmp"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/fatih/color"
	"golang.org/x/text/width"

	"ups/lint/report"
	"ups/runtime/decision"
)

// column is a column of the table of records. Its title is the name of the
// field in a filter.
type column struct {
	title string
	right bool // aligned to the right, as numbers are
	text  func(*decision.Record) string
}

const (
	resultColumn = 1
	// descriptionWidth is the most that the table shows of a description,
	// which may have kilobytes.
	descriptionWidth = 60
)

func columns() []column {
	id := func(get func(*decision.Record) uint32) func(*decision.Record) string {
		return func(r *decision.Record) string { return fmt.Sprintf("0x%08x", get(r)) }
	}
	return []column{
		{"ID", true, func(r *decision.Record) string { return strconv.FormatUint(r.ID, 10) }},
		{"RESULT", false, func(r *decision.Record) string { return r.Result.String() }},
		{"CLIENT", false, id(func(r *decision.Record) uint32 { return r.Client })},
		{"SERVER", false, id(func(r *decision.Record) uint32 { return r.Server })},
		{"SERVICE", false, id(func(r *decision.Record) uint32 { return r.Service })},
		{"MAJOR", true, func(r *decision.Record) string { return strconv.Itoa(int(r.Major)) }},
		{"EVALUATOR", false, id(func(r *decision.Record) uint32 { return r.Evaluator })},
		{"INFO", true, func(r *decision.Record) string { return strconv.FormatUint(uint64(r.Info), 10) }},
		{"FINGERPRINT", false, func(r *decision.Record) string { return readable(r.Fingerprint) }},
		{"ENTITY", false, func(r *decision.Record) string { return readable(r.Entity) }},
		{"DESCRIPTION", false, func(r *decision.Record) string { return shorten(report.Printable(r.Description), descriptionWidth) }},
	}
}

// ageColumns are those of decision.Age.
func ageColumns() []column {
	return []column{
		{"ANSWERED", false, answered},
		{"USES", true, func(r *decision.Record) string { return strconv.FormatUint(uint64(r.Uses), 10) }},
		{"PROGRAM", false, func(r *decision.Record) string { return cmp.Or(hex.EncodeToString([]byte(r.Program)), "-") }},
	}
}

// answered is the time of an answer as the JSON form of a record has it.
func answered(r *decision.Record) string {
	if r.Answered == 0 {
		return "-"
	}
	return time.Unix(r.Answered, 0).UTC().Format(time.RFC3339)
}

// readable returns bytes as quoted text if all of it can be read, and otherwise
// in hexadecimal, as filters take it. Nothing at all is -.
func readable(raw string) string {
	if raw == "" {
		return "-"
	}
	unreadable := func(r rune) bool { return !unicode.IsPrint(r) }
	if !utf8.ValidString(raw) || strings.ContainsFunc(raw, unreadable) {
		return fmt.Sprintf("%x", raw)
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(raw) + `"`
}

// shorten cuts text to so many columns of a terminal.
func shorten(s string, width int) string {
	if cells(s) <= width {
		return s
	}
	width-- // for the sign that something is missing
	for i, r := range s {
		if width -= cells(string(r)); width < 0 {
			return s[:i] + "…"
		}
	}
	return s
}

// cells counts the columns of a terminal that printable text takes.
func cells(s string) int {
	n := 0
	for _, r := range s {
		if r < utf8.RuneSelf { // nearly all text here
			n++
			continue
		}
		switch kind := width.LookupRune(r).Kind(); {
		case unicode.In(r, unicode.Mn, unicode.Me):
		case kind == width.EastAsianWide || kind == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// tableRows is how many rows are aligned together: of any table the first
// is written soon, and it is never all in memory. A later row that is wider
// makes its column wider from there on.
const tableRows = 1000

// table writes records for people.
type table struct {
	out     *bufio.Writer
	columns []column
	widths  []int
	rows    [][]string
	head    bool // is written

	strong, always, never, plain painter
}

// painter colours text by its role.
type painter func(...any) string

func newTable(w io.Writer, colored bool, columns []column) *table {
	t := &table{
		out: bufio.NewWriter(w), columns: columns,
		strong: report.Painter(colored, color.Bold),
		always: report.Painter(colored, color.FgGreen),
		never:  report.Painter(colored, color.FgRed),
		plain:  fmt.Sprint,
	}
	for _, c := range t.columns {
		t.widths = append(t.widths, len(c.title))
	}
	return t
}

func (t *table) add(r *decision.Record) error {
	row := make([]string, len(t.columns))
	for i, c := range t.columns {
		row[i] = c.text(r)
		t.widths[i] = max(t.widths[i], cells(row[i]))
	}
	if t.rows = append(t.rows, row); len(t.rows) < tableRows {
		return nil
	}
	return t.flush()
}

// flush writes the rows that wait. A table without rows has no head either.
func (t *table) flush() error {
	if len(t.rows) > 0 && !t.head {
		t.head = true
		titles := make([]string, len(t.columns))
		for i, c := range t.columns {
			titles[i] = c.title
		}
		t.write(titles, func(int, string) painter { return t.strong })
	}
	for _, row := range t.rows {
		t.write(row, t.paint)
	}
	t.rows = t.rows[:0]
	return t.out.Flush()
}

// paint returns the painter of a cell.
func (t *table) paint(i int, text string) painter {
	switch {
	case i != resultColumn:
		return t.plain
	case text == decision.Always.String():
		return t.always
	}
	return t.never
}

// write leaves its errors to the next flush.
func (t *table) write(row []string, paint func(int, string) painter) {
	line := ""
	for i, text := range row {
		before, after := "", strings.Repeat(" ", t.widths[i]-cells(text)+2)
		if t.columns[i].right {
			before, after = after[2:], "  "
		}
		line += before + paint(i, text)(text) + after
	}
	t.out.WriteString(strings.TrimRight(line, " ") + "\n")
}
