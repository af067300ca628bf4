package decision

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"
	"unicode/utf8"
)

// line is the JSON form of a record. Its names are stable.
type line struct {
	ID          uint64  `json:"id,omitempty"`
	Client      *uidRef `json:"client"`
	Evaluator   *uidRef `json:"evaluator"`
	Service     *uidRef `json:"service"`
	Server      *uidRef `json:"server"`
	Fingerprint rawHex  `json:"fingerprint"`
	Entity      rawHex  `json:"entity"`
	Description string  `json:"description"`
	Result      *Result `json:"result"`
	Major       *uint16 `json:"major"`
	Info        uint32  `json:"info"`
	Answered    second  `json:"answered,omitempty"`
	Uses        uint32  `json:"uses,omitempty"`
	Program     rawHex  `json:"program,omitempty"`
}

// Encode returns a record as one line of JSON, its newline included:
//
//	{"id":7,"client":"0x20000001","evaluator":"0x00000000","service":"0x10281111","server":"0x10282222",
//	 "fingerprint":"0a1b","entity":"","description":"all numbers","result":"always","major":2,"info":0}
//
// SIDs and UIDs are strings of eight hexadecimal digits after 0x, bytes are
// strings of hexadecimal, the result is "always" or "never". What isn't zero of the
// age follows, such as
//
//	"answered":"2026-11-26T05:10:19Z","uses":3,"program":"9f86d0"
//
// It fails with ErrInvalidRecord, for a record that no database holds.
func Encode(r Record) ([]byte, error) {
	if err := r.Validate(); err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(line{
		ID:     r.ID,
		Client: (*uidRef)(&r.Client), Evaluator: (*uidRef)(&r.Evaluator),
		Service: (*uidRef)(&r.Service), Server: (*uidRef)(&r.Server),
		Fingerprint: rawHex(r.Fingerprint), Entity: rawHex(r.Entity),
		Description: r.Description, Result: &r.Result, Major: &r.Major, Info: r.Info,
		Answered: second(r.Answered), Uses: r.Uses, Program: rawHex(r.Program),
	})
	return buf.Bytes(), err
}

// Decode reads a record from one line of JSON, as Encode writes it. The
// fields id, fingerprint, entity, description and info, and those of the age, may
// be absent, and are then zero or empty; every other must be there, and none
// besides. Errors wrap ErrInvalidLine, and ErrInvalidRecord where that is the cause.
func Decode(text []byte) (Record, error) {
	if !utf8.Valid(text) { // the JSON reader would put U+FFFD in its place
		return Record{}, fmt.Errorf("%w: not UTF-8", ErrInvalidLine)
	}
	var l line
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&l); err != nil {
		return Record{}, fmt.Errorf("%w: %w", ErrInvalidLine, err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return Record{}, fmt.Errorf("%w: more than one JSON object in it", ErrInvalidLine)
	}
	if err := l.complete(); err != nil {
		return Record{}, fmt.Errorf("%w: %w", ErrInvalidLine, err)
	}
	r := l.record()
	if err := r.Validate(); err != nil {
		return Record{}, fmt.Errorf("%w: %w", ErrInvalidLine, err)
	}
	return r, nil
}

// complete reports a field without which a record has no meaning.
func (l *line) complete() error {
	for _, f := range []struct {
		name    string
		missing bool
	}{
		{"client", l.Client == nil}, {"evaluator", l.Evaluator == nil}, {"service", l.Service == nil},
		{"server", l.Server == nil}, {"result", l.Result == nil}, {"major", l.Major == nil},
	} {
		if f.missing {
			return fmt.Errorf("the field %q is missing", f.name)
		}
	}
	if l.ID > MaxID {
		return errors.New("the id is out of range")
	}
	return nil
}

func (l *line) record() Record {
	return Record{
		Key: Key{
			Client: uint32(*l.Client), Evaluator: uint32(*l.Evaluator), Service: uint32(*l.Service), Server: uint32(*l.Server),
			Fingerprint: string(l.Fingerprint), Entity: string(l.Entity), Major: *l.Major,
		},
		ID: l.ID, Description: l.Description, Result: *l.Result, Info: l.Info,
		Age: Age{Answered: int64(l.Answered), Uses: l.Uses, Program: string(l.Program)},
	}
}

// uidRef is a SID or UID as JSON has it.
type uidRef uint32

// MarshalText returns 0x and eight digits.
func (u uidRef) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "0x%08x", uint32(u)), nil }

// UnmarshalText reads a number as filters do: decimal, or with 0x before.
func (u *uidRef) UnmarshalText(text []byte) error {
	v, err := parseNumber(string(text))
	if err != nil || v > 1<<32-1 {
		return fmt.Errorf("%q is not a SID or UID, as in \"0x10000001\"", text)
	}
	*u = uidRef(v)
	return nil
}

// rawHex is bytes as JSON has them.
type rawHex string

// MarshalText returns two digits for each byte.
func (b rawHex) MarshalText() ([]byte, error) {
	return hex.AppendEncode(nil, []byte(b)), nil
}

// UnmarshalText reads two digits for each byte.
func (b *rawHex) UnmarshalText(text []byte) error {
	raw, err := hex.DecodeString(string(text))
	if err != nil {
		return fmt.Errorf("%q is not bytes in hexadecimal, as in \"0a1b2c\"", text)
	}
	*b = rawHex(raw)
	return nil
}

// second is a Unix time as JSON has it: RFC 3339, in UTC, to the second.
type second int64

// MarshalText returns a text such as 2026-11-26T05:10:19Z.
func (s second) MarshalText() ([]byte, error) {
	return time.Unix(int64(s), 0).UTC().AppendFormat(nil, time.RFC3339), nil
}

// UnmarshalText takes a time of any zone, and drops the fraction of its second.
func (s *second) UnmarshalText(text []byte) error {
	t, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		return fmt.Errorf("%q is not a time, as in \"2026-11-26T05:10:19Z\"", text)
	}
	*s = second(t.Unix())
	return nil
}

// MarshalText returns "always" or "never".
func (r Result) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads "always" or "never".
func (r *Result) UnmarshalText(text []byte) (err error) {
	*r, err = parseResult(string(text))
	return err
}

// Export writes the records that a filter selects, a line each, in the order
// of their ids, and returns their number. It calls w.Write once a line.
func Export(ctx context.Context, db DB, f Filter, w io.Writer) (int, error) {
	n := 0
	for r, err := range db.List(ctx, f) {
		if err != nil {
			return n, err
		}
		text, err := Encode(r)
		if err != nil {
			return n, err
		}
		if _, err := w.Write(text); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

const (
	// maxLine is the longest line that Lines reads, in bytes: a record with
	// the longest description, each byte of it escaped.
	maxLine = 6*MaxDescription + 4096
	// maxLineErrors is how many wrong lines Lines reports.
	maxLineErrors = 10
)

// LineError says why a line isn't a record.
type LineError struct {
	Line int   // its number, from 1
	Err  error // wraps ErrInvalidLine
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns the cause.
func (e *LineError) Unwrap() error { return e.Err }

// Lines reads the records that r holds, a line each; empty lines mean nothing.
// A line that isn't a record is a *LineError. Reading goes on after it, and
// ends at the tenth, or at a line that is too long. An error of r is the last.
func Lines(r io.Reader) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		in := bufio.NewScanner(r)
		in.Buffer(nil, maxLine)
		number, wrong := 0, 0
		for wrong < maxLineErrors && in.Scan() {
			number++
			if len(bytes.TrimSpace(in.Bytes())) == 0 {
				continue
			}
			rec, err := Decode(in.Bytes())
			if err != nil {
				wrong++
				err = &LineError{number, err}
			}
			if !yield(rec, err) {
				return
			}
		}
		if err := in.Err(); errors.Is(err, bufio.ErrTooLong) {
			yield(Record{}, &LineError{number + 1, fmt.Errorf("%w: longer than %d bytes", ErrInvalidLine, maxLine)})
		} else if err != nil {
			yield(Record{}, err)
		}
	}
}
