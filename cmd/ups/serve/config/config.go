// Package config reads the configuration of ups serve. It looks at nothing that the
// configuration names, but for the numbers of users and groups: what is to be there
// is checked by ups serve.
package config

import (
	"log/slog"
	"time"

	"ups/diag"
	"ups/runtime/server"
	"ups/runtime/service"
)

// MaxFile is the size of the largest configuration, in bytes.
const MaxFile = 1 << 20

// Config is a configuration. Paths in it are those of the file, seen from its folder.
type Config struct {
	Path        string // of the file
	ROM, System Name   // folders of policies; System is empty if there is none
	Decisions   Name   // the file of the decision database
	Listen      []Listener
	Identities  []Identity
	PlugIns     PlugIns
	Limits      server.Limits
	Deadlines   service.Limits // of plug-ins
	Panel       Panel
	Answers     Answers // nil if they don't age
	// Metrics says where metrics are read: on a Unix socket, or on TCP without TLS.
	// Without one neither is set.
	Metrics     Listener
	DecisionLog DecisionLog
	Traces      Traces
	// Idle is how long after the last connection the server ends; 0 is the
	// default, and Never that it doesn't.
	Idle time.Duration
	// Stop is how long requests under way may take once the server is to end.
	Stop time.Duration
	Log  Log
}

// Never is the Idle of a server that doesn't end by itself.
const Never time.Duration = -1

// DefaultIdle is how long after the last connection a server that systemd starts on
// demand ends (docs/service.md: as the original does).
const DefaultIdle = 2 * time.Second

const defaultStop = 5 * time.Second

// Name is the path of a file or folder, and where it stands in the configuration.
type Name struct {
	Path string
	Pos  diag.Pos
}

// Listener is a socket on which the server listens.
type Listener struct {
	Pos diag.Pos
	// Name is what systemd calls the socket if it passes it; may be empty.
	Name string
	// Unix is the path of a Unix socket; TCP, in its place, a host and a port.
	Unix, TCP string
	// Owner and Group of a Unix socket are -1 for those of the process.
	Owner, Group int
	Mode         uint32
	TLS          TLS // of TCP
}

// TLS is what a TCP socket needs: the server's certificate and key, and the
// certificates of the authorities that its clients' certificates must be of.
type TLS struct{ Certificate, Key, Clients Name }

// Identity is a rule: a peer that it matches is that caller.
type Identity struct {
	server.Identity
	Pos   diag.Pos
	Match Match
}

// Match is the conditions of a rule, all of which must hold; nil and empty ones
// always do. It has UID, GID or Certificate, and of these a Certificate alone.
type Match struct {
	UID, GID    *uint32
	Executable  string
	Unit        string
	Certificate *Certificate
}

// Certificate is the conditions for a certificate, at least one.
type Certificate struct {
	Subject     string // distinguished name, as RFC 2253 writes it
	DNS, URI    string // one of its alternative names
	Fingerprint string // SHA-256 of the certificate, in hexadecimal digits
	// Authority is the file of the authorities of which one has signed the certificate,
	// or one above it; without a path any of the listener's will do.
	Authority Name
}

// PlugIns says by their implementation UIDs what the plug-ins are.
type PlugIns struct{ Evaluators, Creators map[uint32]PlugIn }

// PlugIn is what a plug-in is.
type PlugIn string

// What plug-ins can be.
const (
	Attached    PlugIn = "attached"    // a program that attaches itself
	Destination PlugIn = "destination" // the evaluator of package runtime/plugin/destination
	Terminal    PlugIn = "terminal"    // the dialog creator of package runtime/plugin/terminal
	Desktop     PlugIn = "desktop"     // the dialog creator of package runtime/plugin/desktop
	ByPanel     PlugIn = "panel"       // the control panel
)

// Log says what is logged.
type Log struct {
	JSON  bool
	Level slog.Level
	Mask  service.Mask
}
