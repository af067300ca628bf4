package messages

import (
	"fmt"
	"time"

	"ups/policy"
	"ups/runtime/api/upsv1"
	"ups/runtime/service"
)

// EncodeOutcome leaves out the request, which who asked knows.
func EncodeOutcome(o *service.Outcome) *upsv1.AuthoriseResponse {
	m := &upsv1.Outcome{
		Source:     upsv1.Source(o.Source),
		Matched:    o.Matched,
		Entity:     []byte(o.Entity),
		Prompted:   o.Prompted,
		Choice:     uint32(o.Choice),
		Forced:     o.Forced,
		Record:     o.Record,
		Stored:     o.Stored,
		Expired:    upsv1.Expiry(o.Expired),
		DurationNs: o.Duration.Nanoseconds(),
	}
	if o.Matched {
		m.Policy = EncodePolicy(o.Policy)
	}
	return &upsv1.AuthoriseResponse{Decision: upsv1.Decision(o.Decision) + upsv1.Decision_DECISION_NO, Outcome: m}
}

// DecodeOutcome adds the answer, and how it came about, to an outcome that has the
// request. If it fails, the outcome is as it was.
func DecodeOutcome(m *upsv1.AuthoriseResponse, o *service.Outcome) error {
	if d := m.GetDecision(); d < upsv1.Decision_DECISION_NO || d > upsv1.Decision_DECISION_SESSION_YES {
		return fmt.Errorf("%w: the decision %d", ErrInvalid, d)
	}
	how := m.GetOutcome()
	if s := how.GetSource(); s < 0 || s > upsv1.Source_SOURCE_PROMPT {
		return fmt.Errorf("%w: the source %d", ErrInvalid, s)
	}
	expired, err := decodeExpiry(how.GetExpired())
	if err != nil {
		return err
	}
	p, err := DecodePolicy(how.GetPolicy())
	if err != nil {
		return err
	}
	o.Decision = policy.Decision(m.GetDecision() - upsv1.Decision_DECISION_NO)
	o.Source = service.Source(how.GetSource())
	if o.Matched = how.GetMatched(); o.Matched {
		o.Policy = p
	}
	o.Entity = string(how.GetEntity())
	o.Prompted, o.Forced = how.GetPrompted(), how.GetForced()
	o.Choice = policy.Options(how.GetChoice())
	o.Expired = expired
	o.Record, o.Stored = how.GetRecord(), how.GetStored()
	o.Duration = time.Duration(how.GetDurationNs())
	return nil
}

func decodeExpiry(m upsv1.Expiry) (service.Expiry, error) {
	if m < 0 || m > upsv1.Expiry_EXPIRY_UNKNOWN {
		return 0, fmt.Errorf("%w: the expiry %d", ErrInvalid, m)
	}
	return service.Expiry(m), nil
}
