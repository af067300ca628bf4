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

// Source writes a policy file as a source in canonical form: it compiles to
// the bytes that the file has (with NoCheck, where it breaks a law of the
// device). A field that has its default is left out, except for destination
// and options, which every reader looks for.
func Source(f *policy.File) ([]byte, error) {
	w := &sourceWriter{}
	if err := w.identity(f); err != nil {
		return nil, err
	}
	w.line("")
	w.line("RESOURCE POLICIES policies")
	w.line("{")
	w.number("version", uint32(f.Version), policy.FormatVersion)
	w.hex("reserved", f.Reserved, 0)
	if f.Header != nil {
		w.header(f.Header)
	}
	w.policies(f.Policies)
	w.line("}")
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

// nameLetters gives the letters whose base-27 number is the offset.
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

func (w *sourceWriter) number(name string, v, def uint32) {
	if v != def {
		w.line("%s = %d;", name, v)
	}
}

func (w *sourceWriter) hex(name string, v, def uint32) {
	if v != def {
		w.line("%s = 0x%08x;", name, v)
	}
}

func (w *sourceWriter) header(h *policy.Header) {
	w.line("header = POLICY_HEADER")
	w.in("{")
	w.number("majorversion", uint32(h.MajorVersion), 0)
	w.number("minorversion", uint32(h.MinorVersion), 0)
	w.line("authorisationpolicy = %s;", h.AuthorisationPolicy)
	w.hex("policyevaluator", h.PolicyEvaluator, 0)
	w.hex("dialogcreator", h.DialogCreator, 0)
	w.out("};")
}

func (w *sourceWriter) in(brace string) {
	w.line("%s", brace)
	w.indent += "\t"
}

func (w *sourceWriter) out(brace string) {
	w.indent = w.indent[1:]
	w.line("%s", brace)
}

func (w *sourceWriter) policies(list []policy.Policy) {
	w.line("policies =")
	w.in("{")
	for i := range list {
		w.line("POLICY")
		w.in("{")
		w.policy(&list[i])
		if i == len(list)-1 {
			w.out("}")
		} else {
			w.out("},")
		}
	}
	w.out("};")
}

func (w *sourceWriter) policy(p *policy.Policy) {
	if p.SIDClasses != policy.AllSIDs {
		w.line("sid_classes = %s;", p.SIDClasses)
	}
	if len(p.SIDs) > 0 {
		w.line("sid_list = {%s};", sidList(p.SIDs))
	}
	if p.Security != policy.PassedOrFailed {
		w.line("systemserversecurity = %s;", p.Security)
	}
	w.line("destination = %s;", quote(p.Destination))
	w.line("options = %s;", p.Options)
	w.hex("policyevaluator", p.PolicyEvaluator, 0)
	w.hex("dialogcreator", p.DialogCreator, 0)
	w.number("flags", uint32(p.Flags), 0)
	w.number("reservedWord", uint32(p.ReservedWord), 0)
	w.hex("reservedLink", p.ReservedLink, 0)
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
	toggle := func(want bool) {
		if open != want {
			b.WriteByte('"')
			open = want
		}
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
		fmt.Fprintf(&b, "<0x%04x>", c)
	}
	toggle(false)
	if b.Len() == 0 {
		return `""`
	}
	return b.String()
}
