package match

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"ups/cmd/ups/internal/answer"
	"ups/cmd/ups/internal/flags"
	"ups/internal/wildcard"
	"ups/policy"
)

// request is a request as ups match takes it.
type request struct {
	server, service uint32
	named           bool // server and service are given
	answer.Request
}

// appendText converts the text of a request. It refuses what isn't UTF-8.
func appendText(dst policy.Text, s string) (policy.Text, error) {
	return wildcard.AppendUTF16(dst, s)
}

// parseRequest reads a line of a batch into r, which holds what is true of all
// lines, and uses r.Destination's memory. docs/match-json.md has the members.
// It takes flat objects apart by hand, since a batch spends most of its time
// on this; what is no such object is left to encoding/json to complain of.
func parseRequest(r *request, line []byte) error {
	p := requestParser{rest: line, request: r}
	if err := p.object(); err != nil {
		if !json.Valid(line) {
			return jsonError(line, err)
		}
		return err
	}
	return p.complete()
}

// jsonError says what is wrong with a line that isn't JSON.
func jsonError(line []byte, otherwise error) error {
	var v any
	if err := json.Unmarshal(line, &v); err != nil {
		return fmt.Errorf("not JSON: %w", err)
	}
	return otherwise
}

// requestParser reads one request.
type requestParser struct {
	rest    []byte
	request *request
	seen    uint8
}

// The members of a request, as bits.
const (
	memberClient = 1 << iota
	memberDestination
	memberSecurity
	memberServer
	memberService
	memberDrive
)

var errNotFlat = errors.New("want one JSON object whose values are strings")

func (p *requestParser) object() error {
	if !p.take('{') {
		return errNotFlat
	}
	if p.take('}') {
		return p.end()
	}
	for {
		if err := p.member(); err != nil {
			return err
		}
		switch {
		case p.take(','):
		case p.take('}'):
			return p.end()
		default:
			return errNotFlat
		}
	}
}

func (p *requestParser) end() error {
	if p.space(); len(p.rest) > 0 {
		return errNotFlat
	}
	return nil
}

// member reads a name and its value.
func (p *requestParser) member() error {
	name, ok := p.literal()
	if !ok || !p.take(':') {
		return errNotFlat
	}
	value, ok := p.literal()
	if !ok {
		return fmt.Errorf("%s: want a string", name)
	}
	if err := p.set(string(name), value); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// complete reports what is missing.
func (p *requestParser) complete() error {
	names := []string{"client", "destination", "security"}
	for bit, name := range names {
		if p.seen>>bit&1 == 0 {
			return fmt.Errorf("no %s", name)
		}
	}
	if ids := p.seen & (memberServer | memberService); ids == memberServer || ids == memberService {
		return errors.New("server and service go together")
	}
	return nil
}

// set takes a value; it stands between its quotes, escapes and all.
func (p *requestParser) set(name string, value []byte) (err error) {
	r, bit := p.request, uint8(0)
	switch name {
	case "client":
		bit = memberClient
		r.SID, err = flags.ParseID(value)
	case "destination":
		bit = memberDestination
		r.Destination, err = unquote(r.Destination[:0], value)
	case "security":
		bit = memberSecurity
		r.Passed, err = oneOf(value, "failed", "passed")
	case "server":
		bit, r.named = memberServer, true
		r.server, err = flags.ParseID(value)
	case "service":
		bit, r.named = memberService, true
		r.service, err = flags.ParseID(value)
	case "drive":
		bit = memberDrive
		r.Drive, err = driveOf(value)
	default:
		return errors.New("no such member")
	}
	if p.seen&bit != 0 {
		return errors.New("given twice")
	}
	p.seen |= bit
	return err
}

// oneOf reports whether a value is the second of two.
func oneOf(value []byte, no, yes string) (bool, error) {
	switch string(value) {
	case no:
		return false, nil
	case yes:
		return true, nil
	}
	return false, fmt.Errorf("want %s or %s", yes, no)
}

// driveOf returns the letter of a drive.
func driveOf(value []byte) (byte, error) {
	other, err := oneOf(value, "z", "c")
	if other {
		return 'c', err
	}
	return 'z', err
}

func (p *requestParser) space() {
	for len(p.rest) > 0 && (p.rest[0] == ' ' || p.rest[0] == '\t' || p.rest[0] == '\r' || p.rest[0] == '\n') {
		p.rest = p.rest[1:]
	}
}

// take takes a byte that stands next after white space.
func (p *requestParser) take(b byte) bool {
	p.space()
	if len(p.rest) == 0 || p.rest[0] != b {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

// literal returns what stands between the quotes of a string.
func (p *requestParser) literal() ([]byte, bool) {
	if !p.take('"') {
		return nil, false
	}
	for i := 0; i < len(p.rest); i++ {
		switch p.rest[i] {
		case '"':
			text := p.rest[:i]
			p.rest = p.rest[i+1:]
			return text, true
		case '\\':
			i++
		}
	}
	return nil, false
}

// unquote returns the UTF-16 units of a JSON string (RFC 8259, section 7). Half
// of a surrogate pair stays what it is, where encoding/json would replace it.
func unquote(dst policy.Text, s []byte) (policy.Text, error) {
	for len(s) > 0 {
		if plain := plainASCII(s); plain > 0 {
			for _, c := range s[:plain] {
				dst = append(dst, uint16(c))
			}
			s = s[plain:]
			continue
		}
		if s[0] == '\\' {
			unit, n, err := unescape(s)
			if err != nil {
				return dst, err
			}
			dst, s = append(dst, unit), s[n:]
			continue
		}
		r, n := utf8.DecodeRune(s)
		switch {
		case r == utf8.RuneError && n == 1:
			return dst, wildcard.ErrInvalidUTF8
		case r < ' ':
			return dst, fmt.Errorf("control character U+%04X without escape", r)
		}
		dst, s = utf16.AppendRune(dst, r), s[n:]
	}
	return dst, nil
}

// plainASCII returns the length of what stands for itself in front.
func plainASCII(s []byte) int {
	for i, c := range s {
		if c < ' ' || c >= utf8.RuneSelf || c == '\\' {
			return i
		}
	}
	return len(s)
}

// unescape returns the unit of the escape in front, and its length.
func unescape(s []byte) (unit uint16, n int, err error) {
	if len(s) > 5 && s[1] == 'u' {
		v, err := strconv.ParseUint(string(s[2:6]), 16, 16)
		if err == nil {
			return uint16(v), 6, nil
		}
	}
	const escapes, means = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	if len(s) > 1 {
		if i := bytes.IndexByte([]byte(escapes), s[1]); i >= 0 {
			return uint16(means[i]), 2, nil
		}
	}
	return 0, 0, fmt.Errorf("bad escape %q", s[:min(len(s), 6)])
}
