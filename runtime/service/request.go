package service

import (
	"bytes"
	"context"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/internal/lifetime"
)

// Request is a query, as plug-ins see it.
type Request struct {
	Server uint32 // SID of the system server
	Client Client
	Query
	Policy runtime.Decisive // that decides it
}

// authorise is the service: it answers a request that was sent (docs/service.md,
// A request). A silent policy is answered here.
func (s *Server) authorise(ctx context.Context, sub *Subsession, o *Outcome) error {
	list, err := s.opt.Store.List(o.Server, o.Service)
	if err != nil {
		return err
	}
	i, err := list.Decide(o.Client.SID, o.Passed, o.Destination)
	if err != nil {
		return err
	}
	o.Policy, o.Matched = list.Policy(i), true
	if options := o.Policy.Policy.Options; !options.Prompts() {
		o.Source, o.Decision = SourceSilent, options.SilentDecision()
		return nil
	}
	return s.prompting(ctx, sub, o)
}

// prompting answers a request whose policy prompts, from step 2 on.
func (s *Server) prompting(ctx context.Context, sub *Subsession, o *Outcome) error {
	ctx, release := sub.life.Context(ctx)
	r := &request{server: s, out: *o}
	s.requests.Add(1)
	defer s.requests.Add(-1)
	defer release()
	defer r.end()
	err := r.evaluate(ctx)
	if err == nil {
		err = r.admit(ctx)
	}
	if err == nil && r.holds {
		err = r.prompt(ctx)
	}
	*o = r.out
	return lifetime.ClosedOr(ctx, err)
}

// request is one that may come to prompt. It belongs to the goroutine of its
// caller, but for its waiter, which the gate guards.
type request struct {
	waiter
	server *Server
	out    Outcome

	shown      *Request // a copy for plug-ins, which nobody changes
	evaluator  PolicyEvaluator
	release    []func()        // of plug-ins
	life       context.Context // for RequestContext; nil until a plug-in is called
	evaluation Evaluation

	record decision.Record // that was found last; its ID is 0 if none was
	info   uint32          // for the dialog
	over   bool            // the prompt is over the record, which it makes void
	gone   uint64          // id of the record that was last found to be deleted when it was to answer
}

// end leaves the gate and releases the plug-ins.
func (r *request) end() {
	r.server.gate.leave(&r.waiter)
	for _, release := range r.release {
		release()
	}
}

// options are those that the policy offers.
func (r *request) options() policy.Options { return r.out.Policy.Policy.Options }

// evaluate is step 2. The default evaluator is ours: it is asked without a
// goroutine.
func (r *request) evaluate(ctx context.Context) error {
	uid := r.out.Policy.Policy.PolicyEvaluator
	if uid == 0 {
		r.evaluation = Evaluation{Fingerprints: defaultFingerprints}
		return nil
	}
	s := r.server
	p := plugCall{evaluatorPlugIn, uid, "fingerprints", s.opt.Limits.Evaluate}
	create, release, err := s.evaluators.acquire(ctx, s, p)
	if err != nil {
		return err
	}
	r.release = append(r.release, release)
	shown := r.forPlugIns()
	type made struct {
		evaluator PolicyEvaluator
		says      Evaluation
	}
	m, err := call(r.forCall(ctx), s, p, func(ctx context.Context) (m made, err error) {
		if m.evaluator, err = create(); err != nil {
			return m, err
		}
		if m.says, err = m.evaluator.Fingerprints(ctx, shown); err != nil {
			return m, err
		}
		m.says, err = m.says.checked()
		return m, err
	})
	r.evaluator, r.evaluation = m.evaluator, m.says
	r.out.Entity = m.says.Entity
	return err
}

// forCall returns a context, made from ctx, to call a plug-in with.
func (r *request) forCall(ctx context.Context) context.Context {
	if r.life == nil {
		life, over := context.WithCancel(context.WithoutCancel(ctx))
		r.life, r.release = life, append(r.release, over)
	}
	return WithRequest(ctx, r.life)
}

// forPlugIns returns the request as plug-ins see it. One that doesn't return may
// still read it when the caller has long gone on.
func (r *request) forPlugIns() *Request {
	if r.shown == nil {
		shown := r.out.Request
		shown.Opaque = bytes.Clone(shown.Opaque)
		r.shown = &shown
	}
	return r.shown
}

// forcePrompt asks the policy evaluator.
func (r *request) forcePrompt(ctx context.Context, rec decision.Record) (force bool, info uint32, err error) {
	if r.evaluator == nil {
		return false, rec.Info, nil
	}
	type answer struct {
		force bool
		info  uint32
	}
	s, uid, evaluator := r.server, r.out.Policy.Policy.PolicyEvaluator, r.evaluator
	a, err := call(r.forCall(ctx), s, plugCall{evaluatorPlugIn, uid, "force prompt", s.opt.Limits.Evaluate}, func(ctx context.Context) (a answer, err error) {
		a.force, a.info, err = evaluator.ForcePrompt(ctx, rec)
		return a, err
	})
	return a.force, a.info, err
}
