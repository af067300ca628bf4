package server

import (
	"context"
	"crypto/x509"
	"slices"

	"ups/runtime/service"
)

// Peer is what the system says of who is at the other end of a connection.
type Peer struct {
	Unix        *UnixPeer         // of a Unix socket; nil otherwise
	Certificate *x509.Certificate // verified when the connection began; nil without
	// Intermediates came with Certificate, for who verifies it again.
	Intermediates []*x509.Certificate
	// Note is what Options.Peer knows of the connection for Options.Identify; may be nil.
	Note any
}

// UnixPeer is the process that connected to a Unix socket.
type UnixPeer struct {
	UID, GID uint32
	PID      int32
	// Executable is the path of its program, and Unit the systemd unit that it
	// belongs to: "" if that isn't known.
	Executable, Unit string
	NoUnit           bool // it is known that the process belongs to none
}

// Identity is who a peer is, by the configuration.
type Identity struct {
	Name    string         // for logs and limits: those of one name are one caller
	Caller  service.Caller // SID and capabilities
	PlugIns []PlugIn       // which it may attach
	Status  bool           // may ask for status
	Reload  bool           // may make the server read its configuration again
}

// PlugIn is a plug-in that a program may attach.
type PlugIn struct {
	Kind PlugInKind
	UID  uint32
}

// PlugInKind is a kind of plug-in.
type PlugInKind uint8

// The kinds of plug-ins. The zero value is none.
const (
	PolicyEvaluator PlugInKind = iota + 1
	DialogCreator
)

// MayAttach reports whether the caller may be that plug-in.
func (i *Identity) MayAttach(p PlugIn) bool { return slices.Contains(i.PlugIns, p) }

// lost reports whether somebody may not be all the plug-ins that they might be before.
func (i *Identity) lost(now *Identity) bool {
	return now.Name != i.Name || slices.ContainsFunc(i.PlugIns, func(p PlugIn) bool { return !now.MayAttach(p) })
}

// Identifier says who a peer is. It is asked with every call, so it must return
// soon, and a change of the configuration takes effect at once (for those under
// way, with Server.IdentitiesChanged). An error refuses
// the call: the caller reads its text.
type Identifier interface {
	Identify(Peer) (Identity, error)
}

type contextKey uint8

const (
	peerKey contextKey = iota
	identityKey
	readsKey
)

// peerIn returns the peer of a connection, and of a call with its certificate.
func peerIn(ctx context.Context) Peer {
	peer, _ := ctx.Value(peerKey).(Peer)
	return peer
}

// identityOf returns who calls. Admission has put it there.
func identityOf(ctx context.Context) Identity {
	identity, _ := ctx.Value(identityKey).(Identity)
	return identity
}
