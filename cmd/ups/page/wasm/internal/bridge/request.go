//go:build js

package bridge

import (
	"encoding/binary"
	"fmt"

	"ups/cmd/ups/internal/answer"
	"ups/cmd/ups/page/lists"
)

// maxName is how many characters the name of a file may have.
const maxName = 1 << 12

// Answering returns the functions that a request box calls: load takes the
// number of a list, a name and a compiled file; answer takes the number of a
// list, how many earlier policies are told of, and a request.
func Answering(l *lists.Lists) map[string]Function {
	return map[string]Function{
		"load": func(args Arguments) ([]byte, error) { return nil, load(l, args) },
		"answer": func(args Arguments) ([]byte, error) {
			n, err := args.Number(0)
			if err != nil {
				return nil, err
			}
			most, err := args.Number(1)
			if err != nil {
				return nil, err
			}
			r, err := request(args[2:])
			if err != nil {
				return nil, err
			}
			return l.Answer(int(n), r, int(most))
		},
	}
}

func load(l *lists.Lists, args Arguments) error {
	n, err := args.Number(0)
	if err != nil {
		return err
	}
	name, err := args.Text(1, maxName)
	if err != nil {
		return err
	}
	b, err := args.Bytes(2, lists.MaxCompiled)
	if err != nil {
		return err
	}
	return l.Load(int(n), name, b)
}

// request reads the SID of the client, whether the check passed, the drive ("z",
// "c" or "") and the destination: its UTF-16 units in bytes, the lower one first,
// since a string would lose an unpaired surrogate on the way.
func request(args Arguments) (r answer.Request, err error) {
	if r.SID, err = args.Number(0); err != nil {
		return r, err
	}
	if r.Passed, err = args.Bool(1); err != nil {
		return r, err
	}
	drive, err := args.Text(2, 1)
	switch {
	case err != nil:
		return r, err
	case drive == "z" || drive == "c":
		r.Drive = drive[0]
	case drive != "":
		return r, fmt.Errorf("drive %q, want z or c", drive)
	}
	// One unit more than is taken, so that the answer says what is wrong.
	b, err := args.Bytes(3, 2*answer.MaxDestination+2)
	if err != nil {
		return r, err
	}
	for ; len(b) > 1; b = b[2:] {
		r.Destination = append(r.Destination, binary.LittleEndian.Uint16(b))
	}
	return r, nil
}
