package service

import (
	"errors"
	"fmt"
)

// Capabilities is a set of what a process may do, by the platform's numbers
// (TCapability): bit n stands for the capability n.
type Capabilities uint32

// The capabilities that the service asks for (docs/service.md, Management).
const (
	ReadDeviceData  Capabilities = 1 << 4
	WriteDeviceData Capabilities = 1 << 5
	ProtServ        Capabilities = 1 << 8
	AllFiles        Capabilities = 1 << 11
)

// SoftwareInstallObserver is the SID of the one that may report what software
// installation has changed (docs/service.md, Management).
const SoftwareInstallObserver = 0x102836C3

// Caller is the process that uses the service, as the embedding program knows it
// from the system, never as the caller says.
type Caller struct {
	SID          uint32
	Capabilities Capabilities
}

// ErrPermissionDenied says that the caller lacks the capability, or isn't the
// one, that an operation asks for. The platform answers KErrPermissionDenied.
var ErrPermissionDenied = errors.New("permission denied")

// need fails unless the caller has the capability.
func (c Caller) need(capability Capabilities, name string) error {
	if c.Capabilities&capability != capability {
		return fmt.Errorf("%w: SID 0x%08X lacks %s", ErrPermissionDenied, c.SID, name)
	}
	return nil
}

// mustObserve fails unless the caller is the software-install observer.
func (c Caller) mustObserve() error {
	if c.SID != SoftwareInstallObserver {
		return fmt.Errorf("%w: SID 0x%08X is not the software-install observer, 0x%08X",
			ErrPermissionDenied, c.SID, uint32(SoftwareInstallObserver))
	}
	return nil
}
