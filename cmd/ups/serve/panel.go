package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/serve/config"
	"ups/internal/readfile"
	"ups/runtime/server/panel"
	"ups/runtime/service"
)

// controlPanel is the control panel, and the server of its pages.
type controlPanel struct {
	*panel.Panel
	http  *http.Server
	base  string // where it is, once it is shown
	links bool   // whether people log in by them alone
}

// panelCaller is who the control panel is to the service.
var panelCaller = service.Caller{Capabilities: service.ReadDeviceData | service.WriteDeviceData | service.AllFiles}

// makePanel makes the control panel, which the service needs, if there is to be one.
func (p *process) makePanel() error {
	cfg := p.config.Panel
	if cfg.Listen == "" {
		return nil
	}
	hash, err := passwordHash(cfg.Password)
	if err != nil {
		return err
	}
	p.names.set(p.config)
	made, err := panel.New(panel.Options{
		Service: func() *service.Server { return p.service }, Caller: panelCaller,
		Display: p.config.Deadlines.Display, Ageing: p.ageing(), PasswordHash: hash, Links: linksHelp(hash),
		Names: p.names.forPanel(),
		Lists: p.command.lists(p.store), Log: p.log,
	})
	if err != nil {
		return named(cfg.Password, err)
	}
	p.panel = &controlPanel{Panel: made, links: hash == nil}
	return nil
}

// linksHelp says how people get a link to log in by.
func linksHelp(hash []byte) string {
	if hash != nil {
		return "ups serve logs one each time that it gets SIGHUP (systemctl reload ups)."
	}
	return "ups serve logs one when it starts, and a new one each time that it gets SIGHUP (systemctl reload ups)."
}

// maxPasswordFile is the size of the largest password file, in bytes.
const maxPasswordFile = 1 << 10

// passwordHint says what makes a password file.
const passwordHint = "htpasswd -nBC 12 ups prints what is in one, and asks for the password"

// passwordHash reads the file of the password's hash, if there is one.
func passwordHash(name config.Name) ([]byte, error) {
	if name.Path == "" {
		return nil, nil
	}
	content, err := readfile.Found(name.Path, maxPasswordFile)
	if err != nil {
		return nil, console.Hint(named(name, err), passwordHint)
	}
	hash, err := panel.ReadHash(content)
	if err != nil {
		return nil, console.Hint(named(name, err), passwordHint)
	}
	return hash, nil
}

// reload takes up what the password file has now. Who has logged in by another password
// has to log in again.
func (c *controlPanel) reload(password config.Name) error {
	if c == nil || password.Path == "" {
		return nil
	}
	hash, err := passwordHash(password)
	if err != nil {
		return err
	}
	return c.SetPassword(hash)
}

// showPanel serves the pages. Who reads them uses the server, which so doesn't end.
func (p *process) showPanel() error {
	if p.panel == nil {
		return nil
	}
	l, err := net.Listen("tcp", p.config.Panel.Listen)
	if err != nil {
		err = fmt.Errorf("%s: the control panel: %w", p.config.Panel.Pos, err)
		if errors.Is(err, syscall.EADDRINUSE) {
			err = console.Hint(err, portHint+", or 0 for any that is free")
		}
		return err
	}
	p.panel.base = "http://" + l.Addr().String()
	limit := &connections{most: panelConnections}
	p.panel.http = &http.Server{
		Handler: p.panel.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute,
		MaxHeaderBytes: 16 << 10, ConnState: func(c net.Conn, state http.ConnState) {
			limit.changed(c, state)
			p.idle.connState(c, state)
		},
	}
	go func() { p.failed <- p.panel.http.Serve(l) }()
	p.panel.tell(p.log, false)
	return nil
}

// tell logs where the control panel is, with a new link to log in by if there is no
// password, or somebody has asked for one: wrong passwords of anybody on the machine
// hold up the right one, and links go on working.
func (c *controlPanel) tell(log *slog.Logger, asked bool) {
	switch {
	case c == nil:
	case c.links || asked:
		log.Info("control panel: open this address within ten minutes, or send SIGHUP for another", "address", c.LoginLink(c.base))
	default:
		log.Info("control panel", "address", c.base)
	}
}

// onOutcome is service.Options.OnOutcome.
func (c *controlPanel) onOutcome() func(context.Context, service.Outcome, error) {
	if c == nil {
		return nil
	}
	return c.OnOutcome
}

// close ends the pages. Prompts on them end with the service.
func (c *controlPanel) close() error {
	if c == nil || c.http == nil {
		return nil
	}
	c.Close()
	return c.http.Close()
}
