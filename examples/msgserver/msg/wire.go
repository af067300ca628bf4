package msg

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// function is what a client wants of the server.
type function int

const (
	sendMessage function = iota + 1
	setCentre
	cancelRequest // the one outstanding; it has no reply of its own
)

// request and reply are lines of JSON. A client has one request outstanding,
// so neither needs a name: replies come in the order of the requests, and to
// cancel is to cancel the last one.
type request struct {
	Function function
	Number   string // of the recipient, or of the message centre
	Text     string
}

type reply struct {
	Error Error // 0 for none
}

// maxFrame bounds what a client can make the server hold, in bytes. A message
// of maxText characters fits, all of them escaped (6 bytes each).
const maxFrame = 8192

func newReader(r io.Reader) *bufio.Scanner {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 512), maxFrame)
	return lines
}

// read reads one frame into v. It returns io.EOF at the end.
func read(lines *bufio.Scanner, v any) error {
	if !lines.Scan() {
		if err := lines.Err(); err != nil {
			return err
		}
		return io.EOF
	}
	return json.Unmarshal(lines.Bytes(), v)
}

// write writes v as one frame, in one piece: the writer may be shared.
func write(w io.Writer, v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if line = append(line, '\n'); len(line) > maxFrame {
		return fmt.Errorf("a frame of %d bytes: %w", len(line), ErrArgument)
	}
	_, err = w.Write(line)
	return err
}
