package messages

import (
	"fmt"
	"math"

	"ups/runtime/api/upsv1"
	"ups/runtime/decision"
)

// EncodeRecord is of a record that a database holds.
func EncodeRecord(r decision.Record) *upsv1.Record {
	return &upsv1.Record{
		Id:          r.ID,
		Client:      r.Client,
		Evaluator:   r.Evaluator,
		Service:     r.Service,
		Server:      r.Server,
		Fingerprint: []byte(r.Fingerprint),
		Entity:      []byte(r.Entity),
		Description: r.Description,
		Result:      EncodeResult(r.Result),
		Major:       uint32(r.Major),
		Info:        r.Info,
		Answered:    r.Answered,
		Uses:        r.Uses,
		Program:     []byte(r.Program),
	}
}

// DecodeRecord fails for what no database holds.
func DecodeRecord(m *upsv1.Record) (r decision.Record, err error) {
	if m.GetMajor() > math.MaxUint16 {
		return r, fmt.Errorf("%w: major version %d of a record", ErrInvalid, m.GetMajor())
	}
	r = decision.Record{
		Key: decision.Key{
			Client:      m.GetClient(),
			Evaluator:   m.GetEvaluator(),
			Service:     m.GetService(),
			Server:      m.GetServer(),
			Fingerprint: string(m.GetFingerprint()),
			Entity:      string(m.GetEntity()),
			Major:       uint16(m.GetMajor()),
		},
		ID:          m.GetId(),
		Description: m.GetDescription(),
		Info:        m.GetInfo(),
		Age:         decision.Age{Answered: m.GetAnswered(), Uses: m.GetUses(), Program: string(m.GetProgram())},
	}
	if r.Result, err = DecodeResult(m.GetResult()); err != nil {
		return r, err
	}
	if err := r.Validate(); err != nil {
		return r, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return r, nil
}

// EncodeResult is of one of the two results.
func EncodeResult(r decision.Result) upsv1.Result {
	if r == decision.Always {
		return upsv1.Result_RESULT_ALWAYS
	}
	return upsv1.Result_RESULT_NEVER
}

// DecodeResult takes none but the two results.
func DecodeResult(m upsv1.Result) (decision.Result, error) {
	switch m {
	case upsv1.Result_RESULT_ALWAYS:
		return decision.Always, nil
	case upsv1.Result_RESULT_NEVER:
		return decision.Never, nil
	}
	return 0, fmt.Errorf("%w: the result %d is neither always nor never", ErrInvalid, m)
}
