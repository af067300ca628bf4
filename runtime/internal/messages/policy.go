package messages

import (
	"encoding/binary"
	"fmt"
	"math"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/api/upsv1"
)

// EncodePolicy leaves out the reserved fields, and where the policy stands in a
// source.
func EncodePolicy(d runtime.Decisive) *upsv1.Policy {
	p := &d.Policy
	return &upsv1.Policy{
		Index:           int32(d.Index),
		Default:         d.Default,
		Major:           uint32(d.Major),
		Minor:           uint32(d.Minor),
		SidClasses:      uint32(p.SIDClasses),
		Sids:            p.SIDs,
		Security:        uint32(p.Security),
		Destination:     encodeText(p.Destination),
		Options:         uint32(p.Options),
		PolicyEvaluator: p.PolicyEvaluator,
		DialogCreator:   p.DialogCreator,
		Flags:           uint32(p.Flags),
	}
}

// DecodePolicy takes a missing policy for the zero one.
func DecodePolicy(m *upsv1.Policy) (d runtime.Decisive, err error) {
	for _, field := range []struct {
		name         string
		value, limit uint32
	}{
		{"major", m.GetMajor(), math.MaxUint16},
		{"minor", m.GetMinor(), math.MaxUint16},
		{"security", m.GetSecurity(), math.MaxUint8},
		{"flags", m.GetFlags(), math.MaxUint16},
	} {
		if field.value > field.limit {
			return d, fmt.Errorf("%w: %s of a policy is %d, the limit is %d", ErrInvalid, field.name, field.value, field.limit)
		}
	}
	d.Index, d.Default = int(m.GetIndex()), m.GetDefault()
	d.Major, d.Minor = uint16(m.GetMajor()), uint16(m.GetMinor())
	d.Policy = policy.Policy{
		SIDClasses:      policy.SIDClasses(m.GetSidClasses()),
		SIDs:            m.GetSids(),
		Security:        policy.Security(m.GetSecurity()),
		Options:         policy.Options(m.GetOptions()),
		PolicyEvaluator: m.GetPolicyEvaluator(),
		DialogCreator:   m.GetDialogCreator(),
		Flags:           uint16(m.GetFlags()),
	}
	d.Policy.Destination, err = decodeText(m.GetDestination())
	return d, err
}

// encodeText returns UTF-16, little-endian.
func encodeText(t policy.Text) []byte {
	b := make([]byte, 0, 2*len(t))
	for _, unit := range t {
		b = binary.LittleEndian.AppendUint16(b, unit)
	}
	return b
}

func decodeText(b []byte) (policy.Text, error) {
	if len(b)%2 != 0 {
		return nil, fmt.Errorf("%w: a text in UTF-16 has %d bytes, which is odd", ErrInvalid, len(b))
	}
	var t policy.Text
	for ; len(b) > 0; b = b[2:] {
		t = append(t, binary.LittleEndian.Uint16(b))
	}
	return t, nil
}
