package main

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"ups/runtime/client"
	"ups/runtime/service"
)

// The log says which program is a plug-in, and why it is no more.
func TestPlugInsAreLogged(t *testing.T) {
	const creator = 0x10283694
	dir := serverFolder(t, "plug-ins: {creators: {0x10283694: attached}}\n")
	name := filepath.Join(dir, "serve.yaml")
	without := read(t, name)
	writeSource(t, name, strings.Replace(without, "status: yes", "status: yes, attach: {creators: [0x10283694]}", 1))
	p := startServer(t, dir, nil)
	c, err := client.Dial(t.Context(), client.Options{Address: "unix:" + filepath.Join(dir, "ups.sock")})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	over := make(chan error, 1)
	go func() { over <- c.AttachDialogCreator(t.Context(), creator, noDialogCreator) }()
	who := `plugin="dialog creator" uid=0x10283694 identity=telephony peer.uid=` + strconv.Itoa(os.Getuid())
	p.Logs(`msg="plug-in attached" ` + who)
	p.Logs("peer.pid=" + strconv.Itoa(os.Getpid()))
	writeSource(t, name, without)
	p.HangUp()
	p.Logs(`msg="plug-in detached" ` + who)
	p.Logs(`reason="no such session: the configuration has changed, connect again"`)
	p.Logs(`msg="plug-in refused" ` + who)
	p.Logs(`reason="permission denied: telephony may not be dialog creator 0x10283694"`)
	if err := <-over; err == nil {
		t.Error("it is still attached")
	}
}

// noDialogCreator is a plug-in that nobody calls.
func noDialogCreator(uint32) (service.DialogCreator, error) { return nil, errors.New("it is called") }
