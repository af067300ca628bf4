package server

import (
	"bytes"
	"crypto/tls"
	"io"
	"math/rand/v2"
	"net"
	"net/http/httptest"
	"strings"
	"time"

	"ups/runtime/api/upsv1/upsv1connect"
)

// flooders is how many connections send as fast as they are read. The others of
// the hostile ones wait: a flood costs its sender as much of a processor as it
// costs the server.
const flooders = 4

// beHostile has n connections at a time, and never returns.
func beHostile(socket, address string, n int) {
	for i := range flooders {
		go forever(func() { flood(socket, floods[i%len(floods)]) })
	}
	go forever(func() { hangUp(socket) })
	go forever(func() { wrongCertificate(address) })
	begins := holding()
	for i := range n {
		go forever(func() { hold(socket, begins[i%len(begins)]) })
		if i%50 == 0 {
			time.Sleep(10 * time.Millisecond) // the queue of a socket is short
		}
	}
	select {}
}

func forever(f func()) {
	for {
		f()
		time.Sleep(time.Duration(1+rand.IntN(10)) * time.Millisecond)
	}
}

// holding are the beginnings of connections that stay open as long as the server
// lets them.
func holding() []string {
	session := call(upsv1connect.SessionServiceConnectProcedure, "application/grpc")
	begins := []string{
		http2(),
		http2(session, frame(frameData, endStream, 1, make([]byte, 5))),
		http2(frame(frameHeaders, 0, 1, fields(":method", "POST"))), // and no CONTINUATION
		"GET /" + strings.Repeat("x", 1<<20),
		http2(frame(frameHeaders, endHeaders, 1, []byte{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F})),
	}
	for _, text := range slowCallers {
		begins = append(begins, text)
	}
	return begins
}

// hold begins, and stays until the server hangs up, reading nothing for a while.
func hold(socket, begin string) {
	c, err := net.Dial("unix", socket)
	if err != nil {
		return
	}
	defer c.Close()
	if _, err := io.WriteString(c, begin); err != nil {
		return
	}
	time.Sleep(time.Second)
	io.Copy(io.Discard, c)
}

// hangUp connects, and hangs up.
func hangUp(socket string) {
	if c, err := net.Dial("unix", socket); err == nil {
		c.Close()
	}
}

// floods are frames that cost a server more than who sends them.
var floods = [][]byte{
	frame(framePing, 0, 0, make([]byte, 8)),
	frame(frameSettings, 0, 0, nil),
	nil, // resets
}

// flood sends frames until the server hangs up; answers aren't read. Without a
// frame it resets calls, one after the other, each of which it has just begun.
func flood(socket string, frames []byte) {
	c, err := net.Dial("unix", socket)
	if err != nil {
		return
	}
	defer c.Close()
	if _, err := io.WriteString(c, http2()); err != nil {
		return
	}
	many := bytes.Repeat(frames, 100)
	for stream := uint32(1); ; stream += 2 {
		if len(frames) == 0 {
			many = reset(stream)
		}
		if _, err := c.Write(many); err != nil {
			return
		}
	}
}

// reset begins a call and takes it back.
func reset(stream uint32) []byte {
	begin := frame(frameHeaders, endHeaders, stream, fields(
		":method", "POST", ":scheme", "http", ":path", upsv1connect.SessionServiceAuthoriseProcedure, ":authority", "ups",
		"content-type", "application/grpc", "te", "trailers"))
	return append(begin, frame(frameReset, 0, stream, []byte{0, 0, 0, 8})...)
}

// wrongCertificate connects with a certificate that nobody has signed.
func wrongCertificate(address string) {
	made := httptest.NewTLSServer(nil)
	made.Close()
	c, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true, Certificates: made.TLS.Certificates})
	if err != nil {
		return
	}
	defer c.Close()
	io.Copy(io.Discard, c)
}
