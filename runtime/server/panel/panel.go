package panel

import (
	"fmt"
	"log/slog"
	"time"

	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// Options are what a panel is made of. Service is required.
type Options struct {
	// Service returns the service, or nil while there is none. The panel is made
	// before the service, which needs its dialog creator, and asks anew each time.
	Service func() *service.Server
	// Caller is who the panel is to the service. To list it needs ReadDeviceData,
	// to revoke WriteDeviceData, and to change or to restore AllFiles.
	Caller service.Caller
	// Display is service.Limits.Display, for the countdown: 2 minutes if it is 0,
	// no limit if it is negative.
	Display time.Duration

	// Ageing is service.Options.Ageing, for what limits stored answers. It may be nil.
	Ageing func(decision.Service) service.Ageing

	// Links says how people get a link to log in by, to who has none. Empty says that
	// they get none.
	Links string
	// PasswordHash is of bcrypt (CheckHash). Without one people log in by links
	// alone (Panel.LoginLink). Panel.SetPassword replaces it.
	PasswordHash []byte
	// Hosts are names, without a port, that the panel is asked for, beside those of
	// the loopback interface.
	Hosts []string
	// Secure says that browsers see it over TLS, though a proxy talks to it without.
	Secure bool

	// Names are for identities. They may be nil, or return "".
	Names Names
	// Lists returns the policy lists that are loaded. It may be nil.
	Lists func() []List

	// Now is the time; nil is the system's.
	Now func() time.Time
	// Log gets who logs in and what they change. It may be nil.
	Log *slog.Logger
}

// Names gives names for identities.
type Names struct {
	Client, Server func(sid uint32) string
	Service        func(server, service uint32) string
}

// Panel is the control panel. All methods may be called from any goroutine.
type Panel struct {
	opt      Options
	prompts  prompts
	outcomes outcomes
	logins   logins
	streams  streams
	attempts attempts
}

const defaultDisplay = 2 * time.Minute

// New makes a panel. It fails with runtime.ErrMissingArgument without a service,
// and if the hash of the password isn't one.
func New(opt Options) (*Panel, error) {
	if opt.Service == nil {
		return nil, fmt.Errorf("service: %w", runtime.ErrMissingArgument)
	}
	if opt.Display == 0 {
		opt.Display = defaultDisplay
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	p := &Panel{opt: opt, logins: logins{now: opt.Now}, streams: streams{end: make(chan struct{})}}
	if err := p.SetPassword(opt.PasswordHash); err != nil {
		return nil, err
	}
	return p, nil
}

// Close ends the event streams, which else would outlast http.Server.Shutdown.
// Prompts that wait end with the service.
func (p *Panel) Close() { p.streams.close() }
