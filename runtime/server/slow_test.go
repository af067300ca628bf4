package server

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"ups/runtime/api/upsv1/upsv1connect"
)

// The beginning of a connection with HTTP/2, by RFC 9113.
const (
	http2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

	frameData     = 0
	frameHeaders  = 1
	frameReset    = 3
	frameSettings = 4
	framePing     = 6

	endStream  = 1
	endHeaders = 4
)

// frame returns a frame of HTTP/2.
func frame(kind, flags byte, stream uint32, payload []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(payload))<<8|uint32(kind))
	b = binary.BigEndian.AppendUint32(append(b, flags), stream)
	return append(b, payload...)
}

// fields returns HPACK's literal fields, without Huffman codes or tables.
func fields(pairs ...string) []byte {
	var b []byte
	for i, s := range pairs {
		if i%2 == 0 {
			b = append(b, 0)
		}
		b = append(append(b, byte(len(s))), s...) // of fewer than 127 bytes
	}
	return b
}

// call begins a call over HTTP/2.
func call(procedure, contentType string) []byte {
	return frame(frameHeaders, endHeaders, 1, fields(
		":method", "POST", ":scheme", "http", ":path", procedure, ":authority", "ups", "content-type", contentType, "te", "trailers"))
}

func http2(frames ...[]byte) string {
	return http2Preface + string(frame(frameSettings, 0, 0, nil)) + string(bytes.Join(frames, nil))
}

// slowCallers begin, and don't go on.
var slowCallers = map[string]string{
	"silent":                 "",
	"half a request line":    "POST /ups.v1.Sess",
	"half of the headers":    "POST " + upsv1connect.SessionServiceAuthoriseProcedure + " HTTP/1.1\r\nHost: ups\r\n",
	"half a message":         "POST " + upsv1connect.SessionServiceAuthoriseProcedure + " HTTP/1.1\r\nHost: ups\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
	"a chunk that is short":  "POST " + upsv1connect.SessionServiceAuthoriseProcedure + " HTTP/1.1\r\nHost: ups\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{",
	"a session, half":        "POST " + upsv1connect.SessionServiceConnectProcedure + " HTTP/1.1\r\nHost: ups\r\nContent-Type: application/connect+json\r\nTransfer-Encoding: chunked\r\n\r\n",
	"half of HTTP/2's begin": http2Preface[:20],
}

// Who begins something and doesn't go on is dropped in time. With HTTP/2 the call
// ends, and the connection, which others may use, stays.
func TestSlowCallersAreDropped(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	begun := map[string]net.Conn{}
	begin := func(name, text string) {
		begun[name] = f.connect()
		if _, err := io.WriteString(begun[name], text); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range slowCallers {
		begin(name, text)
	}
	calls := map[string]string{
		"a request over HTTP/2": upsv1connect.SessionServiceAuthoriseProcedure,
		"a session over HTTP/2": upsv1connect.SessionServiceConnectProcedure,
	}
	for name, procedure := range calls {
		begin(name, http2(call(procedure, "application/grpc"), frame(frameData, 0, 1, []byte{0, 0})))
	}
	end := time.Now().Add(callerTime + 20*time.Second)
	for name, c := range begun {
		if _, isCall := calls[name]; isCall {
			if !ends(t, c, 1, time.Until(end)) {
				t.Errorf("%s hasn't ended", name)
			}
		} else if !connectionClosed(t, c, time.Until(end)) {
			t.Errorf("%s: it is still open", name)
		}
	}
}

// ends reads frames until one ends the stream.
func ends(t *testing.T, c net.Conn, stream uint32, within time.Duration) bool {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(within)); err != nil {
		t.Fatal(err)
	}
	for {
		head := make([]byte, 9)
		if _, err := io.ReadFull(c, head); err != nil {
			return false
		}
		length := binary.BigEndian.Uint32(head) >> 8
		if _, err := io.CopyN(io.Discard, c, int64(length)); err != nil {
			return false
		}
		kind, flags, of := head[3], head[4], binary.BigEndian.Uint32(head[5:])
		if of == stream && (kind == frameReset || flags&endStream != 0 && kind <= frameHeaders) {
			return true
		}
	}
}

// What is too large, or isn't HTTP, is refused or closed soon, and the server goes on.
func TestOversizedAndMalformed(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	long := strings.Repeat("x", 1<<20)
	for name, text := range map[string]string{
		"a request line":     "GET /" + long,
		"a header":           "GET / HTTP/1.1\r\nHost: ups\r\nX: " + long,
		"not HTTP":           "\x16\x03\x01\x00\x05hello" + long,
		"a frame":            http2(frame(frameHeaders, endHeaders, 1, []byte(long[:1<<15]))),
		"HPACK":              http2(frame(frameHeaders, endHeaders, 1, []byte{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F})),
		"a stream's number":  http2(frame(frameData, 0, 7, nil)),
		"a setting":          http2(frame(frameSettings, 0, 0, make([]byte, 5))),
		"a ping":             http2(frame(framePing, 0, 0, make([]byte, 7))),
		"a length":           "POST / HTTP/1.1\r\nHost: ups\r\nContent-Length: -1\r\n\r\n",
		"two lengths":        "POST / HTTP/1.1\r\nHost: ups\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
		"fields for nothing": http2(frame(9, 0, 1, []byte(long[:100]))),
	} {
		t.Run(name, func(t *testing.T) {
			for range 3 { // a machine that stalls may be late once
				c := f.connect()
				go io.WriteString(c, text) // it may be cut off
				if connectionClosed(t, c, callerTime-time.Second) {
					return
				}
			}
			t.Error("the connection is still open")
		})
	}
	if status, answer := f.post(upsv1connect.SessionServiceAuthoriseProcedure, aQuestion); status != 200 {
		t.Errorf("afterwards: %d %v", status, answer)
	}
	big := `{"query": {"destination": "` + long + `"}}`
	if status, answer := f.post(upsv1connect.SessionServiceAuthoriseProcedure, big); answer["code"] != "resource_exhausted" {
		t.Errorf("a message of a MiB: %d %v", status, answer)
	}
}

// deadlines is a connection that notes the deadlines that are set for reading.
type deadlines struct {
	http.ResponseWriter
	read []time.Time
	fail error
}

func (d *deadlines) SetReadDeadline(t time.Time) error {
	d.read = append(d.read, t)
	return d.fail
}

// A caller has its time for a message as a whole, however it sends it; a call that lasts
// has no such time.
func TestTimeOfAMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		over := time.Now().Add(callerTime)
		for procedure, want := range map[string][]time.Time{
			upsv1connect.SessionServiceAuthoriseProcedure:     {over, {}},
			upsv1connect.SessionServiceConnectProcedure:       {over, {}},
			upsv1connect.SessionServiceAuthoriseManyProcedure: nil,
			upsv1connect.PlugInServiceAttachProcedure:         nil,
		} {
			body := iotest.OneByteReader(strings.NewReader("one by one"))
			c := &deadlines{ResponseWriter: httptest.NewRecorder()}
			_, r := bounded(c, httptest.NewRequest(http.MethodPost, procedure, body))
			if text, err := io.ReadAll(r.Body); string(text) != "one by one" || err != nil {
				t.Errorf("%s: %q, %v", procedure, text, err)
			}
			if !slices.Equal(c.read, want) {
				t.Errorf("%s: the deadlines are %v, want %v", procedure, c.read, want)
			}
		}
	})
}

// A message without a deadline isn't read.
func TestNoTimeForAMessage(t *testing.T) {
	c := &deadlines{ResponseWriter: httptest.NewRecorder(), fail: errors.New("closed")}
	_, r := bounded(c, httptest.NewRequest(http.MethodPost, upsv1connect.SessionServiceAuthoriseProcedure, strings.NewReader("x")))
	if text, err := io.ReadAll(r.Body); len(text) != 0 || err != c.fail {
		t.Errorf("%q, %v", text, err)
	}
}
