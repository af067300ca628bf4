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
}

// Encode gives a record as one line of JSON, its newline included:
//
//	{"id":7,"client":"0x20000001","evaluator":"0x00000000","service":"0x10281111","server":"0x10282222",
//	 "fingerprint":"0a1b","entity":"","description":"all numbers","result":"always","major":2,"info":0}
//
// SIDs and UIDs are strings of eight hexadecimal digits after 0x, bytes are
// strings of hexadecimal, the result is "always" or "never". It fails with
// ErrInvalidRecord, for a record that no database holds.
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
	})
	return buf.Bytes(), err
}

// Decode reads a record from one line of JSON, as Encode writes it. The
// fields id, fingerprint, entity, description and info may be absent, and are
// then zero or empty; every other must be there, and none besides. Errors
// wrap ErrInvalidLine, and ErrInvalidRecord where that is the cause.
func Decode(text []byte) (Record, error) {
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
	}
}

// uidRef is a SID or UID as JSON has it.
type uidRef uint32

// MarshalText gives 0x and eight digits.
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

// MarshalText gives two digits for each byte.
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

// MarshalText gives "always" or "never".
func (r Result) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads "always" or "never".
func (r *Result) UnmarshalText(text []byte) (err error) {
	*r, err = parseResult(string(text))
	return err
}

// Export writes the records that a filter selects, a line each, in the order
// of their ids, and gives their number.
func Export(ctx context.Context, db DB, f Filter, w io.Writer) (int, error) {
	n := 0
	out := bufio.NewWriter(w)
	for r, err := range db.List(ctx, f) {
		if err != nil {
			return n, err
		}
		text, err := Encode(r)
		if err != nil {
			return n, err
		}
		if _, err := out.Write(text); err != nil {
			return n, err
		}
		n++
	}
	return n, out.Flush()
}

// importBatch is how many records Import stores at once: enough that the wait
// for the disk is shared, few enough to keep in memory.
const importBatch = 1000

// maxLine is the longest line that Import reads, in bytes: a record with the
// longest description, each byte of it escaped.
const maxLine = 6*MaxDescription + 4096

// Import stores the records that r holds, a line each, and gives their
// number. Empty lines mean nothing; ids are not kept, since the database gives
// its own; a record of equal key is updated. A line that isn't a record ends
// the import: the error gives its number, and the records before it are
// stored.
func Import(ctx context.Context, db DB, r io.Reader) (int, error) {
	in := bufio.NewScanner(r)
	in.Buffer(nil, maxLine)
	stored, number := 0, 0
	var batch []Record
	flush := func() error {
		if err := db.StoreAll(ctx, batch); err != nil {
			return err
		}
		stored += len(batch)
		batch = batch[:0]
		return nil
	}
	for in.Scan() {
		number++
		if len(bytes.TrimSpace(in.Bytes())) == 0 {
			continue
		}
		rec, err := Decode(in.Bytes())
		if err != nil {
			err = errors.Join(flush(), fmt.Errorf("line %d: %w", number, err))
			return stored, err
		}
		if batch = append(batch, rec); len(batch) < importBatch {
			continue
		}
		if err := flush(); err != nil {
			return stored, err
		}
	}
	err := in.Err()
	if err != nil {
		err = fmt.Errorf("line %d: %w: %w", number+1, ErrInvalidLine, err)
	}
	err = errors.Join(flush(), err)
	return stored, err
}
