package protocol

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// maxMessage is the size of the largest message that is read, in bytes: a text of
// the largest size that a source may have, with each byte escaped.
const maxMessage = 6 << 24

// maxHeader is the size of the largest line of a header.
const maxHeader = 4096

// Codec reads and writes messages with their headers, for jsonrpc2.
type Codec struct {
	Failed func(error) // is told why nothing more can be read, unless that is the end
}

// WriteObject writes a message.
func (c Codec) WriteObject(w io.Writer, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "Content-Length: %d\r\n\r\n%s", len(b), b)
	return err
}

// ReadObject reads a message. After an error nothing more can be read.
func (c Codec) ReadObject(r *bufio.Reader, v any) error {
	length, err := readHeader(r)
	if err == io.EOF {
		return io.EOF
	}
	if err == nil {
		b := make([]byte, length)
		if _, err = io.ReadFull(r, b); err == nil {
			err = json.Unmarshal(b, v)
		}
	}
	if err != nil {
		err = fmt.Errorf("reading a message of the client: %w", err)
		c.Failed(err)
	}
	return err
}

// readHeader reads the lines before a message, and returns its length.
func readHeader(r *bufio.Reader) (length int, err error) {
	length = -1
	for first := true; ; first = false {
		line, err := readLine(r)
		switch {
		case err == io.EOF && !first:
			return 0, io.ErrUnexpectedEOF
		case err != nil:
			return 0, err
		case line == "" && length < 0:
			return 0, errors.New("it has no Content-Length")
		case line == "":
			return length, nil
		}
		name, value, _ := strings.Cut(line, ":")
		if !strings.EqualFold(name, "Content-Length") {
			continue
		}
		length, err = strconv.Atoi(strings.TrimSpace(value))
		if err != nil || length < 0 || length > maxMessage {
			return 0, fmt.Errorf("its Content-Length is %q, and it must be a number up to %d", strings.TrimSpace(value), maxMessage)
		}
	}
}

// readLine reads a line of a header, without its end.
func readLine(r *bufio.Reader) (string, error) {
	var line []byte
	for len(line) < maxHeader {
		b, err := r.ReadByte()
		switch {
		case err == io.EOF && len(line) > 0:
			return "", io.ErrUnexpectedEOF
		case err != nil:
			return "", err
		case b == '\n':
			return strings.TrimSuffix(string(line), "\r"), nil
		}
		line = append(line, b)
	}
	return "", fmt.Errorf("a line of its header is longer than %d bytes", maxHeader)
}
