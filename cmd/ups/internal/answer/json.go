package answer

import (
	"strconv"

	"ups/cmd/ups/internal/jsontext"
	"ups/policy"
)

// jsonVersion is the version of the schema that docs/match-json.md describes.
const jsonVersion = 1

// AppendJSON writes an answer as one line. The line of the request is that of
// a batch, from 1; 0 is for a request on its own. It is written by hand, since
// a batch spends most of its time on this.
func (a *Answer) AppendJSON(b []byte, line int) []byte {
	p := &a.Policy
	b = appendLine(b, line)
	b = append(b, `"policy":`...)
	if a.Default() {
		b = append(b, `null`...)
	} else {
		b = strconv.AppendInt(b, int64(a.Index+1), 10)
	}
	b = appendInt(b, "policies", a.Policies)
	b = appendString(append(b, `,"file":`...), a.File)
	b = a.appendPlace(append(b, `,"place":`...))
	b = appendUnits(append(b, `,"destination":`...), p.Destination)
	b = appendHex(append(b, `,"options":`...), uint32(p.Options))
	b = a.appendDecision(b)
	b = appendHex(append(b, `,"policyevaluator":`...), p.PolicyEvaluator)
	b = appendHex(append(b, `,"dialogcreator":`...), p.DialogCreator)
	b = appendInt(b, "flags", int(p.Flags))
	b = appendInt(b, "majorversion", int(a.Header.MajorVersion))
	b = appendInt(b, "minorversion", int(a.Header.MinorVersion))
	b = appendInt(b, "authorisationpolicy", int(a.Header.AuthorisationPolicy))
	b = append(b, `,"clientLibrary":"`...)
	b = append(append(b, a.Asked(a.Request.Drive).String()...), '"')
	if a.Explained {
		b = a.appendEarlier(b)
	}
	return append(b, '}')
}

// appendLine begins an object with what both answers and errors have.
func appendLine(b []byte, line int) []byte {
	if line > 0 {
		b = strconv.AppendInt(append(b, `{"line":`...), int64(line), 10)
		return append(b, ',')
	}
	b = strconv.AppendInt(append(b, `{"schemaVersion":`...), jsonVersion, 10)
	return append(b, ',')
}

func appendInt(b []byte, name string, v int) []byte {
	b = append(append(append(b, ',', '"'), name...), '"', ':')
	return strconv.AppendInt(b, int64(v), 10)
}

// appendPlace writes where the policy begins in its source.
func (a *Answer) appendPlace(b []byte) []byte {
	start := a.Policy.Places.Whole.Span.Start
	if !start.IsValid() {
		return append(b, `null`...)
	}
	b = appendString(append(b, `{"file":`...), start.Filename)
	b = appendInt(b, "line", start.Line)
	b = appendInt(b, "column", start.Column)
	return append(b, '}')
}

// appendDecision writes whether there is a prompt, and what it is decided
// without one.
func (a *Answer) appendDecision(b []byte) []byte {
	if a.Policy.Options.Prompts() {
		return append(b, `,"prompts":true,"decision":null`...)
	}
	b = append(b, `,"prompts":false,"decision":"`...)
	return append(append(b, a.Decision().String()...), '"')
}

// appendEarlier writes what the request misses of the policies before.
func (a *Answer) appendEarlier(b []byte) []byte {
	b = append(b, `,"earlier":[`...)
	for n, v := range a.Earlier {
		if n > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(append(b, `{"policy":`...), int64(n+1), 10)
		b = strconv.AppendBool(append(b, `,"sid":`...), v.SID)
		b = strconv.AppendBool(append(b, `,"destination":`...), v.Destination)
		b = strconv.AppendBool(append(b, `,"security":`...), v.Security)
		b = append(b, `,"reach":`...)
		if v.Reach == policy.Unknown {
			b = append(b, `null`...)
		} else {
			b = strconv.AppendInt(b, int64(v.Reach), 10)
		}
		b = appendString(append(b, `,"why":`...), a.Why(v))
		b = append(b, '}')
	}
	return append(b, ']')
}

// AppendLines writes Lines as an array of objects.
func (a *Answer) AppendLines(b []byte) []byte {
	b = append(b, '[')
	for i, l := range a.Lines() {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(append(b, `{"name":`...), l.Name)
		b = appendString(append(b, `,"text":`...), l.Text)
		b = append(b, '}')
	}
	return append(b, ']')
}

// AppendError writes that a request can't be answered; line is as in
// AppendJSON.
func AppendError(b []byte, line int, err error) []byte {
	b = appendString(append(appendLine(b, line), `"error":`...), err.Error())
	return append(b, '}')
}

const hexDigits = "0123456789abcdef"

// appendHex writes a number as the type hex does.
func appendHex(b []byte, v uint32) []byte {
	b = append(b, `"0x`...)
	for shift := 28; shift >= 0; shift -= 4 {
		b = append(b, hexDigits[v>>shift&15])
	}
	return append(b, '"')
}

// appendUnits writes text as the type units does.
func appendUnits(b []byte, t policy.Text) []byte {
	b = append(b, '"')
	for i, u := range t {
		if !standsForItself(rune(u)) {
			return append(jsontext.Units(t[i:]).AppendTo(b), '"')
		}
		b = append(b, byte(u))
	}
	return append(b, '"')
}

// appendString writes a file name or a message: text in UTF-8, or nearly so.
func appendString(b []byte, s string) []byte {
	for _, r := range s {
		if !standsForItself(r) {
			return appendUnits(b, policy.NewText(s))
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

// standsForItself reports whether a character is written as it is, in a byte.
func standsForItself(r rune) bool { return ' ' <= r && r <= '~' && r != '"' && r != '\\' }
