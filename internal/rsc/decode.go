package rsc

import (
	"bytes"

	"ups/policy"
)

// IsCompiled reports whether b begins as all resource files do, and no source.
func IsCompiled(b []byte) bool { return bytes.HasPrefix(b, little.AppendUint32(nil, uid1)) }

// Decode reads a compiled file. It refuses what isn't one, and what a File
// can't represent; what a device refuses beyond that (another UID2, version
// or option) is for others to judge. A file that another encoder wrote, with
// other runs or other SCSU, is read.
//
// A file without a header can't be distinguished from one with: what follows is read
// as a header, and nearly always the error is then ErrTruncated.
//
// The error is an *Error. The File shares no memory with b, and its policies
// share no memory that an append could reach.
func Decode(b []byte) (*policy.File, error) {
	c, err := readContainer(b)
	if err != nil {
		return nil, err
	}
	plain := c.resource
	if c.compressed {
		if plain, err = expand(b[:c.index], c.largest); err != nil {
			return nil, err
		}
	}
	if len(plain) != c.largest {
		return nil, formatError(offsetLargest, "size of the largest resource",
			"%d, but the resource has %d bytes", c.largest, len(plain))
	}
	f := &policy.File{UID2: c.uid2, UID3: c.uid3, NoUID3: c.noUID3}
	r := &reader{b: plain}
	r.file(f)
	if r.err != nil {
		return nil, r.located(c.compressed)
	}
	return f, nil
}
