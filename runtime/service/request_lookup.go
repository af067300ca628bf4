package service

import (
	"context"
	"errors"
	"fmt"

	"ups/policy"
	"ups/runtime/decision"
)

// admit goes through steps 3 and 4 until the request is answered, or has the
// gate.
func (r *request) admit(ctx context.Context) error {
	for {
		if err := r.server.gate.enter(ctx, &r.waiter); err != nil {
			return err
		}
		next, err := r.lookUp(ctx)
		switch {
		case err != nil || next == answered:
			return err
		case next == again:
			continue
		}
		if r.server.gate.acquire(&r.waiter, r.dispute()) {
			return nil
		}
	}
}

// dispute returns the id of the record that this request disputes, 0 if none.
func (r *request) dispute() uint64 {
	if r.over {
		return r.record.ID
	}
	return 0
}

// step is what follows a look into the database.
type step uint8

const (
	again step = iota // the look may be out of date
	answered
	needsDialog
)

// lookUp is step 3.
func (r *request) lookUp(ctx context.Context) (step, error) {
	rec, err := r.find(ctx)
	if err != nil {
		return again, fmt.Errorf("decision database: %w", err)
	}
	overBefore := r.over && rec.ID == r.record.ID
	switch r.server.gate.check(&r.waiter, rec.ID) {
	case stale:
		return again, nil
	case disputed:
		if !overBefore {
			r.found(rec, rec.Info, false, NotExpired)
		}
		return needsDialog, nil
	}
	if rec.ID == 0 {
		r.found(rec, 0, false, NotExpired)
		return needsDialog, nil
	}
	limits := r.server.ageing.limits(&rec)
	if expired := r.server.ageing.expired(limits, &rec, r.out.Client.Program); expired != NotExpired {
		r.found(rec, rec.Info, false, expired)
		return needsDialog, nil
	}
	force, info, err := r.forcePrompt(ctx, rec)
	switch {
	case err != nil:
		return again, err
	case force:
		r.found(rec, info, true, NotExpired)
		return needsDialog, nil
	}
	return r.use(ctx, rec, info, limits.Uses), nil
}

// use answers by a record, if it may answer once more.
func (r *request) use(ctx context.Context, rec decision.Record, info, limit uint32) step {
	expired, err := r.server.ageing.use(ctx, r.server.opt.DB, &rec, limit)
	switch {
	case errors.Is(err, decision.ErrNotFound) && r.gone != rec.ID: // deleted since it was found
		r.gone = rec.ID
		r.server.ageing.forget(rec.ID)
		return again
	case err != nil:
		r.server.fault(ctx, "counting the uses of an answer", err)
	}
	if expired != NotExpired {
		r.found(rec, rec.Info, false, expired)
		return needsDialog
	}
	r.found(rec, info, false, NotExpired)
	r.answerStored(ctx, rec, info)
	return answered
}

func (r *request) found(rec decision.Record, info uint32, forced bool, expired Expiry) {
	r.record, r.info, r.over = rec, info, forced || expired != NotExpired
	r.out.Record, r.out.Forced, r.out.Expired = rec.ID, forced, expired
}

// answerStored answers by a record. That the evaluator info can't be stored is
// not fatal.
func (r *request) answerStored(ctx context.Context, rec decision.Record, info uint32) {
	if info != rec.Info {
		if err := r.server.opt.DB.UpdateInfo(ctx, rec.ID, info); err != nil {
			r.server.fault(ctx, "storing the evaluator info", err)
		}
	}
	choice := policy.Never
	if rec.Result == decision.Always {
		choice = policy.Always
	}
	r.out.Source, r.out.Decision = SourceStored, r.options().DecisionFor(choice)
}

// find looks for the record of each fingerprint in turn. The ID is 0 if there
// is none.
func (r *request) find(ctx context.Context) (decision.Record, error) {
	if r.server.unpurged.voids(r.key(Fingerprint{})) {
		return decision.Record{}, nil
	}
	for _, f := range r.evaluation.Fingerprints {
		rec, found, err := r.server.revoked.lookUp(ctx, r.server.opt.DB, r.key(f))
		if err != nil || found {
			return rec, err
		}
	}
	return decision.Record{}, nil
}

// key is what the record of a fingerprint is found by.
func (r *request) key(f Fingerprint) decision.Key {
	return decision.Key{
		Client:      r.out.Client.SID,
		Evaluator:   r.out.Policy.Policy.PolicyEvaluator,
		Service:     r.out.Service,
		Server:      r.out.Server,
		Fingerprint: f.Bytes,
		Entity:      r.evaluation.Entity,
		Major:       r.out.Policy.Major,
	}
}
