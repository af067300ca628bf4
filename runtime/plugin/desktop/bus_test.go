package desktop

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// bus is a message bus with one program on it, which shows notifications. It is for
// one connection at a time.
type bus struct {
	t       *testing.T
	address string
	can     []string      // what the program says that it can
	missing bool          // there is no such program
	slow    chan struct{} // Notify is answered when it is closed; nil for at once

	mu     sync.Mutex
	conn   net.Conn
	serial uint32
	last   uint32            // id of the last notification
	up     map[uint32]*shown // those that are shown
	news   chan *shown       // each that is
	ended  chan struct{}     // gets one with each connection that ends
	asked  map[string]int    // the calls, by method
	hints  map[string]dbus.Variant
}

// shown is a notification.
type shown struct {
	id            uint32
	summary, body string
	actions       []string
	expires       int32
}

const theProgram = ":1.7"

func newBus(t *testing.T, can ...string) *bus {
	t.Helper()
	folder, err := os.MkdirTemp("", "ups") // short: the path of a socket has 107 bytes at most
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	socket := filepath.Join(folder, "s")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	b := &bus{
		t: t, address: "unix:path=" + socket, can: can, up: map[uint32]*shown{}, asked: map[string]int{},
		news: make(chan *shown, 10), ended: make(chan struct{}, 10),
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			b.mu.Lock()
			b.conn = conn
			b.mu.Unlock()
			b.serve(conn)
			conn.Close()
			b.ended <- struct{}{}
		}
	}()
	return b
}

// serve is one connection: authentication (D-Bus Specification, Authentication
// Protocol), then messages.
func (b *bus) serve(conn net.Conn) {
	r := bufio.NewReader(conn)
	r.ReadByte()
	for line := ""; !strings.HasPrefix(line, "BEGIN"); {
		var err error
		if line, err = r.ReadString('\n'); err != nil {
			return
		}
		switch {
		case strings.HasPrefix(line, "AUTH EXTERNAL"):
			conn.Write([]byte("OK 0123456789abcdef0123456789abcdef\r\n"))
		case strings.HasPrefix(line, "AUTH"):
			conn.Write([]byte("REJECTED EXTERNAL\r\n"))
		case strings.HasPrefix(line, "NEGOTIATE"):
			conn.Write([]byte("ERROR\r\n"))
		}
	}
	for {
		m, err := dbus.DecodeMessage(r)
		if err != nil {
			return
		}
		if m.Type == dbus.TypeMethodCall {
			b.call(m)
		}
	}
}

func (b *bus) call(m *dbus.Message) {
	method, _ := m.Headers[dbus.FieldMember].Value().(string)
	b.mu.Lock()
	b.asked[method]++
	b.mu.Unlock()
	switch method {
	case "Hello":
		b.reply(m, ":1.9")
	case "GetCapabilities":
		if b.missing {
			b.fail(m, "org.freedesktop.DBus.Error.ServiceUnknown")
			return
		}
		b.reply(m, b.can)
	case "GetNameOwner":
		b.reply(m, theProgram)
	case "Notify":
		go b.notify(m)
	case "CloseNotification":
		id := m.Body[0].(uint32)
		b.remove(id)
		b.reply(m)
		b.emit(theProgram, closed, id, uint32(3))
	default:
		b.reply(m)
	}
}

func (b *bus) notify(m *dbus.Message) {
	if b.slow != nil {
		<-b.slow
	}
	b.mu.Lock()
	b.last++
	n := &shown{id: b.last}
	dbus.Store(m.Body[3:6], &n.summary, &n.body, &n.actions)
	n.expires = m.Body[7].(int32)
	b.hints = m.Body[6].(map[string]dbus.Variant)
	b.up[n.id] = n
	b.mu.Unlock()
	b.reply(m, n.id)
	b.news <- n
}

func (b *bus) reply(to *dbus.Message, body ...any) { b.answer(to, dbus.TypeMethodReply, nil, body...) }

func (b *bus) fail(to *dbus.Message, name string) {
	b.answer(to, dbus.TypeError, map[dbus.HeaderField]dbus.Variant{dbus.FieldErrorName: dbus.MakeVariant(name)}, "no")
}

func (b *bus) answer(to *dbus.Message, kind dbus.Type, headers map[dbus.HeaderField]dbus.Variant, body ...any) {
	if headers == nil {
		headers = map[dbus.HeaderField]dbus.Variant{}
	}
	headers[dbus.FieldReplySerial] = dbus.MakeVariant(to.Serial())
	headers[dbus.FieldSender] = dbus.MakeVariant("org.freedesktop.DBus")
	b.write(kind, headers, body)
}

// emit sends a signal, of whoever it says.
func (b *bus) emit(sender, name string, body ...any) {
	dot := strings.LastIndexByte(name, '.')
	b.write(dbus.TypeSignal, map[dbus.HeaderField]dbus.Variant{
		dbus.FieldSender:    dbus.MakeVariant(sender),
		dbus.FieldPath:      dbus.MakeVariant(dbus.ObjectPath(path)),
		dbus.FieldInterface: dbus.MakeVariant(name[:dot]),
		dbus.FieldMember:    dbus.MakeVariant(name[dot+1:]),
	}, body)
}

func (b *bus) write(kind dbus.Type, headers map[dbus.HeaderField]dbus.Variant, body []any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(body) > 0 {
		headers[dbus.FieldSignature] = dbus.MakeVariant(dbus.SignatureOf(body...))
	}
	b.serial++
	m := &dbus.Message{Type: kind, Headers: headers, Body: body}
	var out bytes.Buffer
	if err := m.EncodeTo(&out, binary.LittleEndian); err != nil {
		b.t.Error(err)
		return
	}
	binary.LittleEndian.PutUint32(out.Bytes()[8:], b.serial) // where messages have it
	b.conn.Write(out.Bytes())                                // fails if the other side has gone
}

// remove takes a notification off the screen.
func (b *bus) remove(id uint32) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.up, id)
}

// next waits for a notification.
func (b *bus) next() *shown {
	b.t.Helper()
	select {
	case n := <-b.news:
		return n
	case <-time.After(time.Minute):
		b.t.Fatal("nothing is shown")
		return nil
	}
}

// over waits until the connection has ended, and checks that nothing is shown.
func (b *bus) over() {
	b.t.Helper()
	select {
	case <-b.ended:
	case <-time.After(time.Minute):
		b.t.Fatal("it is still connected")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.up) > 0 {
		b.t.Errorf("%d notifications are still shown", len(b.up))
	}
}

// press presses the button with a label, as a desktop does: the notification closes.
func (b *bus) press(n *shown, label string) {
	b.t.Helper()
	for i := 0; i+1 < len(n.actions); i += 2 {
		if n.actions[i+1] == label {
			b.emit(theProgram, invoked, n.id, n.actions[i])
			b.remove(n.id)
			b.emit(theProgram, closed, n.id, uint32(2))
			return
		}
	}
	b.t.Fatalf("there is no button %q in %q", label, n.actions)
}
