package service

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"ups/runtime"
	"ups/runtime/decision"
)

// prompt is steps 5 to 7, in possession of the gate.
func (r *request) prompt(ctx context.Context) error {
	s, uid := r.server, r.out.Policy.Policy.DialogCreator
	preparing := plugCall{creatorPlugIn, uid, "prepare", s.opt.Limits.Prepare}
	create, release, err := s.creators.acquire(ctx, s, preparing)
	if err != nil {
		return err
	}
	r.release = append(r.release, release)
	p := &Prompt{Request: *r.forPlugIns(), Evaluation: r.evaluation, Forced: r.out.Forced, Expired: r.out.Expired}
	p.Fingerprints = slices.Clone(p.Fingerprints) // the default ones are those of all requests
	called := r.forCall(ctx)
	creator, err := call(called, s, preparing, func(ctx context.Context) (DialogCreator, error) {
		c, err := create()
		if err != nil {
			return nil, err
		}
		return c, c.Prepare(ctx, p)
	})
	if err != nil {
		return err
	}
	r.out.Prompted = true
	info := r.info
	choice, err := call(called, s, plugCall{creatorPlugIn, uid, "display", s.opt.Limits.Display}, func(ctx context.Context) (Choice, error) {
		choice, err := creator.Display(ctx, info)
		if err == nil {
			choice, err = choice.checked()
		}
		return choice, err
	})
	if err != nil {
		return err
	}
	return r.conclude(ctx, choice)
}

// conclude is step 7. The user has answered: from here on the request isn't
// cancelled any more, so that the answer that is returned is the one stored.
func (r *request) conclude(ctx context.Context, c Choice) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	ctx = context.WithoutCancel(ctx)
	r.server.revoked.retry(ctx, r.server)
	if r.over { // whatever was chosen, and whether or not it can be stored
		r.server.revoked.remove(ctx, r.server, r.record.ID, r.removing())
	}
	choice := c.offered(r.options())
	if result, stored := toStore(choice); stored && len(r.evaluation.Fingerprints) > 0 {
		if n := len(r.evaluation.Fingerprints); c.Fingerprint < 0 || c.Fingerprint >= n {
			return fmt.Errorf("dialog creator 0x%08X: fingerprint %d of %d: %w",
				r.out.Policy.Policy.DialogCreator, c.Fingerprint, n, runtime.ErrMissingArgument)
		}
		r.store(ctx, result, c)
	}
	r.out.Source, r.out.Choice, r.out.Decision = SourcePrompt, choice, r.options().DecisionFor(choice)
	return nil
}

// removing says which record it is that the prompt is over.
func (r *request) removing() string {
	if r.out.Forced {
		return "deleting the record of a forced prompt"
	}
	return "deleting an answer that has expired"
}

// errUnpurged is why an answer isn't stored: the purge that is tried again would
// delete it.
var errUnpurged = errors.New("what was stored for this version of the policy file is still to be purged")

// store stores Always or Never. That it can't be stored is not fatal. If the
// policies have changed since the request began, and the purge is perhaps over
// that would have deleted the record, it is deleted here.
func (r *request) store(ctx context.Context, result decision.Result, c Choice) {
	f := r.evaluation.Fingerprints[c.Fingerprint]
	if c.Own != nil {
		f = *c.Own
	}
	rec := decision.Record{Key: r.key(f), Description: f.Description, Result: result, Info: c.Info, Age: r.server.age(&r.out.Client)}
	if r.server.unpurged.voids(rec.Key) {
		r.server.fault(ctx, "storing the answer", errUnpurged)
		return
	}
	id, err := r.server.revoked.store(ctx, r.server.opt.DB, rec)
	switch {
	case err != nil:
		r.server.fault(ctx, "storing the answer", err)
	case r.server.outdated(&r.out.Request):
		r.server.revoked.remove(ctx, r.server, id, "taking back an answer to policies that have changed")
	default:
		r.out.Stored = id
	}
}
