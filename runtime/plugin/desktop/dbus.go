package desktop

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

// The names of the Desktop Notifications Specification, and of the bus.
const (
	notifications = "org.freedesktop.Notifications"
	path          = "/org/freedesktop/Notifications"
	invoked       = notifications + ".ActionInvoked"
	closed        = notifications + ".NotificationClosed"
	ownerChanged  = "org.freedesktop.DBus.NameOwnerChanged"
)

// closeTime is how long the desktop has to take a notification away.
const closeTime = 500 * time.Millisecond

var (
	errClosed   = errors.New("the notification was closed")
	errGone     = errors.New("the program that shows notifications has ended")
	errNoButton = errors.New("a button was pressed that there isn't")
)

// desktop is a connection to the program that shows notifications.
type desktop struct {
	conn    *dbus.Conn
	object  dbus.BusObject
	owner   string // unique name of the program on the bus
	markup  bool   // the body is markup
	signals chan *dbus.Signal
	once    sync.Once
}

func dial(ctx context.Context, address string) (d *desktop, err error) {
	d = &desktop{signals: make(chan *dbus.Signal, 16)}
	// In their order, and none is dropped.
	handler := dbus.WithSignalHandler(dbus.NewSequentialSignalHandler())
	if address == "" {
		d.conn, err = dbus.ConnectSessionBus(handler)
	} else {
		d.conn, err = dbus.Connect(address, handler)
	}
	if err != nil {
		return nil, fmt.Errorf("the session bus: %w", err)
	}
	stop := context.AfterFunc(ctx, d.close)
	defer stop()
	if err := d.prepare(ctx); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

func (d *desktop) close() { d.once.Do(func() { _ = d.conn.Close() }) }

// prepare finds the program, subscribes to what it says, and asks what it can.
func (d *desktop) prepare(ctx context.Context) error {
	d.object = d.conn.Object(notifications, path)
	var can []string
	if err := d.object.CallWithContext(ctx, notifications+".GetCapabilities", 0).Store(&can); err != nil {
		return fmt.Errorf("nothing shows notifications: %w", err)
	}
	if !slices.Contains(can, "actions") {
		return ErrNoButtons
	}
	d.markup = slices.Contains(can, "body-markup")
	if err := d.conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.GetNameOwner", 0, notifications).Store(&d.owner); err != nil {
		return fmt.Errorf("nothing shows notifications: %w", err)
	}
	d.object = d.conn.Object(d.owner, path)
	d.conn.Signal(d.signals)
	for _, match := range [][]dbus.MatchOption{
		{dbus.WithMatchSender(d.owner), dbus.WithMatchInterface(notifications), dbus.WithMatchObjectPath(path)},
		{dbus.WithMatchSender("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, d.owner)},
	} {
		if err := d.conn.AddMatchSignalContext(ctx, match...); err != nil {
			return fmt.Errorf("the session bus: %w", err)
		}
	}
	return nil
}

// ask shows a notification, and returns the place of the button that was pressed. It
// has vanished when ask returns.
func (d *desktop) ask(ctx context.Context, n notification) (pressed int, err error) {
	id, err := d.show(ctx, n)
	if err != nil {
		return 0, err
	}
	pressed, err = d.await(ctx, id)
	if !errors.Is(err, errClosed) {
		d.vanish(id)
	}
	if err == nil && pressed >= len(n.buttons) {
		err = errNoButton
	}
	return pressed, err
}

// show waits for the id of the notification even if ctx is done: what isn't known
// can't be made to vanish.
func (d *desktop) show(ctx context.Context, n notification) (id uint32, err error) {
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	const critical, never = byte(2), int32(0) // urgency, and when it expires
	hints := map[string]dbus.Variant{"urgency": dbus.MakeVariant(critical), "transient": dbus.MakeVariant(true)}
	call := d.object.Go(notifications+".Notify", 0, make(chan *dbus.Call, 1),
		"ups", uint32(0), "dialog-question", n.summary, d.body(n.lines), actions(n.buttons), hints, never)
	select {
	case <-call.Done:
	case <-ctx.Done():
		select {
		case <-call.Done:
		case <-time.After(closeTime):
			return 0, context.Cause(ctx)
		}
	}
	err = call.Store(&id)
	return id, err
}

// body returns the lines, without anything that a desktop could take for markup.
func (d *desktop) body(lines []string) string {
	text := strings.Join(lines, "\n")
	if d.markup {
		text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	}
	return text
}

// keyPrefix begins the keys of actions. None is "default", which a click on the
// notification would be.
const keyPrefix = "button-"

func actions(buttons []button) (all []string) {
	for i, b := range buttons {
		all = append(all, keyPrefix+strconv.Itoa(i), b.label)
	}
	return all
}

// await waits for a button of a notification.
func (d *desktop) await(ctx context.Context, id uint32) (pressed int, err error) {
	for {
		select {
		case s := <-d.signals:
			if s == nil { // the connection has ended
				return 0, errGone
			}
			if pressed, ok, err := d.answer(s, id); ok {
				return pressed, err
			}
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
	}
}

// answer returns what a signal means for a notification; ok is whether it means
// anything.
func (d *desktop) answer(s *dbus.Signal, id uint32) (pressed int, ok bool, err error) {
	if s.Name == ownerChanged && s.Sender == "org.freedesktop.DBus" && len(s.Body) > 0 && s.Body[0] == d.owner {
		return 0, true, errGone
	}
	if s.Sender != d.owner || s.Path != path || len(s.Body) != 2 || s.Body[0] != id {
		return 0, false, nil
	}
	switch s.Name {
	case closed:
		return 0, true, errClosed
	case invoked:
		key, _ := s.Body[1].(string)
		n, isKey := strings.CutPrefix(key, keyPrefix)
		pressed, err = strconv.Atoi(n)
		if !isKey || err != nil || pressed < 0 {
			return 0, true, errNoButton
		}
		return pressed, true, nil
	}
	return 0, false, nil
}

// vanish takes a notification away. One that has gone already is an error that
// says nothing new.
func (d *desktop) vanish(id uint32) {
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	_ = d.object.CallWithContext(ctx, notifications+".CloseNotification", 0, id).Err
}
