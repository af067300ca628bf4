package server

import (
	"io"
	"net/http"
	"time"
)

// callerTime is how long a caller may take to send the message of a call, once it
// has begun it, and to take what is sent to it.
const callerTime = 10 * time.Second

// bounded bounds the time that a caller takes for reading and writing, and not
// the time of the call: that waits for people. Who sends many messages in a call may take
// its time between them.
func bounded(w http.ResponseWriter, r *http.Request) (http.ResponseWriter, *http.Request) {
	controller := http.NewResponseController(w)
	if r.ContentLength != 0 && !lasting(r.URL.Path) {
		r.Body = &boundedReader{ReadCloser: r.Body, controller: controller}
	}
	return &boundedWriter{ResponseWriter: w, controller: controller}, r
}

// boundedReader reads a message.
type boundedReader struct {
	io.ReadCloser
	controller *http.ResponseController
	begun      bool
}

// Read fails if the message isn't there in time. With HTTP/1.1 the deadline is
// of the connection, and would cancel the call later: it is lifted at the end of
// the message. If that doesn't come it stays, so that the server doesn't wait for the
// rest of the message after it has answered.
func (b *boundedReader) Read(p []byte) (int, error) {
	if !b.begun {
		b.begun = true
		if err := b.controller.SetReadDeadline(time.Now().Add(callerTime)); err != nil {
			return 0, err
		}
	}
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF {
		if lifted := b.controller.SetReadDeadline(time.Time{}); lifted != nil {
			return n, lifted
		}
	}
	return n, err
}

// boundedWriter writes an answer, or the messages of a stream.
type boundedWriter struct {
	http.ResponseWriter
	controller *http.ResponseController
}

func (b *boundedWriter) Write(p []byte) (int, error) {
	if err := b.controller.SetWriteDeadline(time.Now().Add(callerTime)); err != nil {
		return 0, err
	}
	return b.ResponseWriter.Write(p)
}

// FlushError ends a message of a stream. With HTTP/2 a deadline that isn't
// lifted ends the stream, even if nothing waits to be written.
func (b *boundedWriter) FlushError() error {
	if err := b.controller.Flush(); err != nil {
		return err
	}
	return b.controller.SetWriteDeadline(time.Time{})
}

// Flush is FlushError: the error comes with the next write.
func (b *boundedWriter) Flush() { _ = b.FlushError() }

// Unwrap is for http.ResponseController.
func (b *boundedWriter) Unwrap() http.ResponseWriter { return b.ResponseWriter }
