package compiler

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"

	"ups/policy"
)

// ErrNoSource is wrapped by the errors of Source for a file that no source
// compiles to.
var ErrNoSource = errors.New("no source compiles to this file")

// Source writes a policy file as a source, in the one layout (docs/fmt.md): it compiles to
// the bytes that the file has (with NoCheck, where a device refuses it). A field
// that has its default is left out, except for those that every reader looks
// for: authorisationpolicy, destination and options.
func Source(f *policy.File) ([]byte, error) {
	w := &sourceWriter{}
	if err := w.identity(f); err != nil {
		return nil, err
	}
	w.line("")
	w.line("RESOURCE POLICIES policies")
	w.in("{")
	writeFields(w, fileStruct, f)
	if f.Header != nil {
		w.header(f.Header)
	}
	w.policies(f.Policies)
	w.out("}")
	return w.buf.Bytes(), nil
}

// sourceWriter writes fields at a depth of indentation.
type sourceWriter struct {
	buf    bytes.Buffer
	indent string
}

func (w *sourceWriter) line(format string, args ...any) {
	if format != "" {
		w.buf.WriteString(w.indent)
		fmt.Fprintf(&w.buf, format, args...)
	}
	w.buf.WriteByte('\n')
}

func (w *sourceWriter) identity(f *policy.File) error {
	w.line("#include <ups/policies.rh>")
	w.line("")
	switch f.UID2 {
	case policy.ResourceFileUID:
		w.line("UID2 KUidUpsPolicyResourceFile")
	case 0:
	default:
		w.line("UID2 0x%08x", f.UID2)
	}
	if !f.NoUID3 {
		if f.UID3 == 0 {
			return fmt.Errorf("%w: its UID3 is given, and is 0", ErrNoSource)
		}
		w.line("UID3 0x%08x", f.UID3)
		return nil
	}
	if f.UID3 == 0 {
		return nil
	}
	letters, ok := nameLetters(f.UID3)
	if !ok {
		return fmt.Errorf("%w: no NAME gives the offset %#x", ErrNoSource, f.UID3)
	}
	w.line("NAME %s", letters)
	return nil
}

// nameLetters returns the letters whose base-27 number is the offset.
func nameLetters(offset uint32) (string, bool) {
	var letters string
	for ; offset > 0; offset /= 27 {
		digit := offset % 27
		if digit == 0 || len(letters) == 4 {
			return "", false
		}
		letters = string(rune('A'+digit-1)) + letters
	}
	return letters, true
}

// writeFields writes the fields of a struct that hold values, but for those that
// have their default.
func writeFields[T any](w *sourceWriter, s structure[T], from *T) {
	for _, f := range s.fields {
		switch f.kind {
		case structField, structList:
		case textField:
			w.line("%s = %s;", f.name, quote(*f.text(from)))
		case listField:
			if list := *f.list(from); len(list) > 0 {
				w.list(f.name, list)
			}
		default:
			if n := f.number(from); f.always || n.get() != f.number(&s.defaults).get() {
				w.line("%s = %s;", f.name, n.source())
			}
		}
	}
}

func (w *sourceWriter) header(h *policy.Header) {
	w.line("header = POLICY_HEADER")
	w.in("{")
	writeFields(w, headerStruct, h)
	w.out("};")
}

// A list of SIDs is on one line if that isn't over 100 columns, a tab being four;
// else there are as many on each as fit (docs/fmt.md).
const (
	sidsAlone  = 6
	sidsOnLine = 7
)

func (w *sourceWriter) list(name string, sids []uint32) {
	if len(sids) <= sidsAlone {
		w.line("%s = {%s};", name, sidList(sids))
		return
	}
	w.line("%s =", name)
	w.in("{")
	for len(sids) > sidsOnLine {
		w.line("%s,", sidList(sids[:sidsOnLine]))
		sids = sids[sidsOnLine:]
	}
	w.line("%s", sidList(sids))
	w.out("};")
}

func (w *sourceWriter) in(brace string) {
	w.indent += "\t"
	w.line("%s", brace)
}

func (w *sourceWriter) out(brace string) {
	w.line("%s", brace)
	w.indent = w.indent[1:]
}

func (w *sourceWriter) policies(list []policy.Policy) {
	if len(list) == 0 {
		w.line("policies = {};")
		return
	}
	w.line("policies =")
	w.in("{")
	for i := range list {
		w.line("POLICY")
		w.in("{")
		writeFields(w, policyStruct, &list[i])
		if i == len(list)-1 {
			w.out("}")
		} else {
			w.out("},")
		}
	}
	w.out("};")
}

func sidList(sids []uint32) string {
	out := make([]string, len(sids))
	for i, sid := range sids {
		out[i] = fmt.Sprintf("0x%08x", sid)
	}
	return strings.Join(out, ", ")
}

// quote writes a string in ASCII, with codes for the rest, so that it doesn't
// depend on a character set.
func quote(t policy.Text) string {
	var b strings.Builder
	open := false
	part := func() { // a part begins
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
	}
	toggle := func(want bool) {
		switch {
		case want && !open:
			part()
			b.WriteByte('"')
		case !want && open:
			b.WriteByte('"')
		}
		open = want
	}
	for i := 0; i < len(t); i++ {
		c := rune(t[i])
		if c >= ' ' && c < 0x7F {
			toggle(true)
			if c == '"' || c == '\\' {
				b.WriteByte('\\')
			}
			b.WriteByte(byte(c))
			continue
		}
		toggle(false)
		if i+1 < len(t) && utf16.IsSurrogate(c) {
			if pair := utf16.DecodeRune(c, rune(t[i+1])); pair != '\uFFFD' {
				c = pair
				i++
			}
		}
		part()
		fmt.Fprintf(&b, "<0x%04x>", c)
	}
	toggle(false)
	if b.Len() == 0 {
		return `""`
	}
	return b.String()
}
