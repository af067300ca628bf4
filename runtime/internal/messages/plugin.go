package messages

import (
	"fmt"
	"strings"

	"ups/policy"
	"ups/runtime/api/upsv1"
	"ups/runtime/service"
)

// MaxFingerprints is how many fingerprints an evaluation of a plug-in program may
// have: each of them is looked up in the decision database.
const MaxFingerprints = 256

// EncodeEvaluation fails if the evaluator's data isn't bytes, which is all that can
// go to another process.
func EncodeEvaluation(e service.Evaluation) (*upsv1.Evaluation, error) {
	m := &upsv1.Evaluation{Entity: []byte(e.Entity)}
	switch data := e.Data.(type) {
	case nil:
	case []byte:
		m.Data = data
	default:
		return nil, fmt.Errorf("the data of the policy evaluator is a %T, and only []byte can go to another process", data)
	}
	for _, f := range e.Fingerprints {
		m.Fingerprints = append(m.Fingerprints, encodeFingerprint(f))
	}
	return m, nil
}

// DecodeEvaluation makes data that is empty nil. The lengths of bytes and texts are
// the service's to judge.
func DecodeEvaluation(m *upsv1.Evaluation) (e service.Evaluation, err error) {
	if n := len(m.GetFingerprints()); n > MaxFingerprints {
		return e, fmt.Errorf("%w: %d fingerprints, the limit is %d", ErrInvalid, n, MaxFingerprints)
	}
	for _, f := range m.GetFingerprints() {
		e.Fingerprints = append(e.Fingerprints, decodeFingerprint(f))
	}
	e.Entity = string(m.GetEntity())
	if data := m.GetData(); len(data) > 0 {
		e.Data = data
	}
	return e, nil
}

// A description is text in a message: what isn't UTF-8 no message can hold.
func encodeFingerprint(f service.Fingerprint) *upsv1.Fingerprint {
	return &upsv1.Fingerprint{Bytes: []byte(f.Bytes), Description: strings.ToValidUTF8(f.Description, "")}
}

func decodeFingerprint(m *upsv1.Fingerprint) service.Fingerprint {
	return service.Fingerprint{Bytes: string(m.GetBytes()), Description: m.GetDescription()}
}

// EncodePrompt fails as EncodeEvaluation does.
func EncodePrompt(p *service.Prompt) (*upsv1.PreparePrompt, error) {
	evaluation, err := EncodeEvaluation(p.Evaluation)
	if err != nil {
		return nil, err
	}
	return &upsv1.PreparePrompt{Request: EncodeRequest(&p.Request), Evaluation: evaluation, Forced: p.Forced, Expired: upsv1.Expiry(p.Expired)}, nil
}

// DecodePrompt is EncodePrompt's inverse.
func DecodePrompt(m *upsv1.PreparePrompt) (p *service.Prompt, err error) {
	p = &service.Prompt{Forced: m.GetForced()}
	if p.Request, err = DecodeRequest(m.GetRequest()); err != nil {
		return nil, err
	}
	if p.Expired, err = decodeExpiry(m.GetExpired()); err != nil {
		return nil, err
	}
	p.Evaluation, err = DecodeEvaluation(m.GetEvaluation())
	return p, err
}

// EncodeChoice makes a message of a choice.
func EncodeChoice(c service.Choice) *upsv1.Choice {
	m := &upsv1.Choice{Option: uint32(c.Option), Fingerprint: place(c.Fingerprint), Info: c.Info}
	if c.Own != nil {
		m.Own = encodeFingerprint(*c.Own)
	}
	return m
}

// place returns a place in a list of fingerprints, or -1, which is none.
func place(n int) int32 {
	if n < 0 || n > MaxFingerprints {
		return -1
	}
	return int32(n)
}

// DecodeChoice leaves it to the service which options and fingerprints there are.
func DecodeChoice(m *upsv1.Choice) service.Choice {
	c := service.Choice{Option: policy.Options(m.GetOption()), Fingerprint: int(m.GetFingerprint()), Info: m.GetInfo()}
	if m.GetOwn() != nil {
		own := decodeFingerprint(m.GetOwn())
		c.Own = &own
	}
	return c
}
