package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
)

// A conversation asks one request after the other over one connection.
type conversation interface {
	// ask asks the request of a number, and waits for the answer.
	ask(i int) error
	// decided returns the index of the policy that the last answer is by.
	decided() (int, error)
}

// wire speaks HTTP/1.1, and has every request ready in bytes: so the generator does
// the same for each server, and as little as can be, since it has the same processors
// as the server.
type wire struct {
	socket   string
	conn     net.Conn // nil before anything is asked: a server closes one that is silent
	in       *bufio.Reader
	requests [][]byte
	body     bytes.Buffer // of the last answer
	read     func([]byte) (int, error)
}

func newWire(s *server, requests [][]byte, read func([]byte) (int, error)) *wire {
	return &wire{socket: s.socket, requests: requests, read: read}
}

func (w *wire) ask(i int) (err error) {
	if w.conn == nil {
		if w.conn, err = net.Dial("unix", w.socket); err != nil {
			return err
		}
		w.in = bufio.NewReader(w.conn)
	}
	if _, err := w.conn.Write(w.requests[i]); err != nil {
		return err
	}
	answer, err := http.ReadResponse(w.in, nil)
	if err != nil {
		return err
	}
	w.body.Reset()
	if _, err := w.body.ReadFrom(answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", answer.Status, w.body.Bytes())
	}
	return nil
}

func (w *wire) decided() (int, error) { return w.read(w.body.Bytes()) }

// post writes a request.
func post(path, contentType string, body []byte) []byte {
	head := fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", path, contentType, len(body))
	return append(head, body...)
}
