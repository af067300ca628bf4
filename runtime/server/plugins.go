package server

import (
	"fmt"
	"sync"

	"connectrpc.com/connect"

	"ups/runtime"
	"ups/runtime/service"
)

// PlugIns are the plug-ins that are programs: those that have called
// PlugInService.Attach, as long as the call lasts. It is for service.Options and for
// Options. There is one program at a time for a plug-in. The zero value has none.
type PlugIns struct {
	mu       sync.Mutex
	attached map[PlugIn]*attachment
}

// NewPlugIns returns a set in which no program is.
func NewPlugIns() *PlugIns { return new(PlugIns) }

// What is missing is a program: the configuration has the plug-in.
var (
	errNoEvaluator = fmt.Errorf("no program is attached as it: %w", runtime.ErrMissingPolicyEvaluator)
	errNoCreator   = fmt.Errorf("no program is attached as it: %w", runtime.ErrMissingDialogCreator)
)

// Evaluator returns an error that wraps runtime.ErrMissingPolicyEvaluator if no program
// is attached as that plug-in, and so does what it returns: the service keeps that, and
// programs come and go.
func (p *PlugIns) Evaluator(uid uint32) (service.EvaluatorFactory, error) {
	plugIn := PlugIn{PolicyEvaluator, uid}
	if p.find(plugIn) == nil {
		return nil, errNoEvaluator
	}
	return func(uint32) (service.PolicyEvaluator, error) {
		a := p.find(plugIn)
		if a == nil {
			return nil, errNoEvaluator
		}
		return &evaluator{a.newRequest()}, nil
	}, nil
}

// DialogCreator is as Evaluator, for runtime.ErrMissingDialogCreator.
func (p *PlugIns) DialogCreator(uid uint32) (service.DialogCreatorFactory, error) {
	plugIn := PlugIn{DialogCreator, uid}
	if p.find(plugIn) == nil {
		return nil, errNoCreator
	}
	return func(uint32) (service.DialogCreator, error) {
		a := p.find(plugIn)
		if a == nil {
			return nil, errNoCreator
		}
		return &creator{a.newRequest()}, nil
	}, nil
}

// find returns nil if no program is attached as that plug-in.
func (p *PlugIns) find(plugIn PlugIn) *attachment {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.attached[plugIn]
}

// add refuses a second program, and whom the configuration doesn't let be it.
func (p *PlugIns) add(identity Identity, plugIn PlugIn) (*attachment, error) {
	if !identity.MayAttach(plugIn) {
		return nil, failed(fmt.Errorf("%w: %s may not be %v", service.ErrPermissionDenied, identity.Name, plugIn))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.attached[plugIn] != nil {
		return nil, connect.NewError(connect.CodeAlreadyExists, fmt.Errorf("another program is %v", plugIn))
	}
	a := newAttachment()
	if p.attached == nil {
		p.attached = map[PlugIn]*attachment{}
	}
	p.attached[plugIn] = a
	return a, nil
}

// remove fails the requests that the program is at work for. Of several calls the
// first counts.
func (p *PlugIns) remove(plugIn PlugIn, a *attachment) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.attached[plugIn] == a {
		delete(p.attached, plugIn)
		close(a.gone)
	}
}

// String returns what messages to people call a plug-in.
func (p PlugIn) String() string { return fmt.Sprintf("%s 0x%08X", p.kind(), p.UID) }

func (p PlugIn) kind() string {
	switch p.Kind {
	case PolicyEvaluator:
		return "policy evaluator"
	case DialogCreator:
		return "dialog creator"
	}
	return "plug-in"
}
