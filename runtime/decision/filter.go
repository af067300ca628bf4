package decision

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Comparison is how a field of a record is compared with a value.
type Comparison uint8

// The comparisons. The zero value sets no condition.
const (
	Unset Comparison = iota
	Equal
	NotEqual
	Less
	Greater
	LessOrEqual
	GreaterOrEqual
)

var symbols = [...]string{"", "=", "!=", "<", ">", "<=", ">="}

// String returns the sign of the comparison: one of = != < > <= >=, or nothing
// for Unset.
func (c Comparison) String() string {
	if int(c) < len(symbols) {
		return symbols[c]
	}
	return fmt.Sprintf("comparison %d", uint8(c))
}

// holds reports whether the comparison is true of an order as cmp.Compare
// returns it.
func (c Comparison) holds(order int) bool {
	switch c {
	case Equal:
		return order == 0
	case NotEqual:
		return order != 0
	case Less:
		return order < 0
	case Greater:
		return order > 0
	case LessOrEqual:
		return order <= 0
	case GreaterOrEqual:
		return order >= 0
	}
	return c == Unset
}

// Number is a condition on a field that is a number. The zero value sets none.
type Number struct {
	Comparison
	Value uint64
}

// Text is a condition on a field of text or bytes, Equal or NotEqual. The
// zero value sets none.
type Text struct {
	Comparison
	Value string
}

// Filter selects records: those for which every condition that is set holds.
// The zero value selects every record.
type Filter struct {
	Client, Evaluator, Service, Server Number // SIDs and UIDs, 32 bits
	Fingerprint, Entity, Description   Text
	Result, Major, ID, Info            Number
}

// Condition is one condition of a filter, in the form that implementations
// of DB translate to their own.
type Condition struct {
	Field string // as in the JSON form of a record
	Comparison
	IsText bool
	Number uint64 // unless IsText
	Text   string // if IsText
}

// Conditions returns the conditions that are set, in the order of the fields of
// the JSON form, or ErrInvalidFilter, which may wrap ErrFingerprintLength or
// ErrEntityLength as well.
func (f *Filter) Conditions() ([]Condition, error) {
	var set []Condition
	for _, field := range fields {
		c := field.condition(f)
		if c.Comparison == Unset {
			continue
		}
		if err := field.check(c); err != nil {
			return nil, err
		}
		set = append(set, c)
	}
	return set, nil
}

// Match reports whether the filter selects a record. A filter that Conditions
// refuses has no meaning.
func (f *Filter) Match(r *Record) bool {
	return !slices.ContainsFunc(fields, func(field field) bool { return !field.match(f, r) })
}

// field is one of the eleven: where it stands in a filter and in a record.
// Exactly one of the pairs number and text is set.
type field struct {
	name   string
	max    uint64 // of a number
	number func(*Filter) *Number
	value  func(*Record) uint64
	text   func(*Filter) *Text
	string func(*Record) string
	kind   kind
	long   error // of bytes over max, wrapped with ErrInvalidFilter; nil if the platform has none
}

// kind is how the values of a field are written.
type kind uint8

const (
	decimal kind = iota // 12
	uid                 // 0x10000001
	result              // never or always
	raw                 // bytes, in hex
	plain               // text, as it is
)

var fields = []field{
	{name: "id", kind: decimal, max: MaxID, number: func(f *Filter) *Number { return &f.ID }, value: func(r *Record) uint64 { return r.ID }},
	{name: "client", kind: uid, max: math.MaxUint32, number: func(f *Filter) *Number { return &f.Client }, value: func(r *Record) uint64 { return uint64(r.Client) }},
	{name: "evaluator", kind: uid, max: math.MaxUint32, number: func(f *Filter) *Number { return &f.Evaluator }, value: func(r *Record) uint64 { return uint64(r.Evaluator) }},
	{name: "service", kind: uid, max: math.MaxUint32, number: func(f *Filter) *Number { return &f.Service }, value: func(r *Record) uint64 { return uint64(r.Service) }},
	{name: "server", kind: uid, max: math.MaxUint32, number: func(f *Filter) *Number { return &f.Server }, value: func(r *Record) uint64 { return uint64(r.Server) }},
	{name: "fingerprint", kind: raw, max: MaxFingerprint, text: func(f *Filter) *Text { return &f.Fingerprint }, string: func(r *Record) string { return r.Fingerprint }, long: ErrFingerprintLength},
	{name: "entity", kind: raw, max: MaxEntity, text: func(f *Filter) *Text { return &f.Entity }, string: func(r *Record) string { return r.Entity }, long: ErrEntityLength},
	{name: "description", kind: plain, max: MaxDescription, text: func(f *Filter) *Text { return &f.Description }, string: func(r *Record) string { return r.Description }},
	{name: "result", kind: result, max: uint64(Always), number: func(f *Filter) *Number { return &f.Result }, value: func(r *Record) uint64 { return uint64(r.Result) }},
	{name: "major", kind: decimal, max: math.MaxUint16, number: func(f *Filter) *Number { return &f.Major }, value: func(r *Record) uint64 { return uint64(r.Major) }},
	{name: "info", kind: decimal, max: math.MaxUint32, number: func(f *Filter) *Number { return &f.Info }, value: func(r *Record) uint64 { return uint64(r.Info) }},
}

func (d *field) isText() bool { return d.text != nil }

func (d *field) condition(f *Filter) Condition {
	if d.isText() {
		t := d.text(f)
		return Condition{Field: d.name, Comparison: t.Comparison, IsText: true, Text: t.Value}
	}
	n := d.number(f)
	return Condition{Field: d.name, Comparison: n.Comparison, Number: n.Value}
}

func (d *field) check(c Condition) error {
	switch {
	case c.Comparison > GreaterOrEqual:
		return fmt.Errorf("%w: %s: %v is not a comparison", ErrInvalidFilter, d.name, c.Comparison)
	case !c.IsText && c.Number > d.max:
		return fmt.Errorf("%w: %s is at most %s, not %d", ErrInvalidFilter, d.name, d.format(Condition{Number: d.max}), c.Number)
	case c.IsText && c.Comparison > NotEqual:
		return fmt.Errorf("%w: %s is compared with = and != only, not %v", ErrInvalidFilter, d.name, c.Comparison)
	case c.IsText && uint64(len(c.Text)) > d.max && d.long != nil:
		return fmt.Errorf("%w: %w: %s has at most %d bytes, not %d", ErrInvalidFilter, d.long, d.name, d.max, len(c.Text))
	case c.IsText && uint64(len(c.Text)) > d.max:
		return fmt.Errorf("%w: %s has at most %d bytes, not %d", ErrInvalidFilter, d.name, d.max, len(c.Text))
	}
	return nil
}

func (d *field) match(f *Filter, r *Record) bool {
	if d.isText() {
		t := d.text(f)
		return t.holds(cmp.Compare(d.string(r), t.Value))
	}
	n := d.number(f)
	return n.holds(cmp.Compare(d.value(r), n.Value))
}
