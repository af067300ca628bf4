package rsc

import (
	"encoding/binary"

	"ups/policy"
)

var little = binary.LittleEndian

// Encode returns the compiled file, byte for byte as the reference compiler
// writes it. What a device refuses (docs/compiled-format.md and docs/service.md) is
// written all the same; a File without a Header gets none of its fields.
//
// The error is a *LimitError or a *TooBigError.
func Encode(f *policy.File) ([]byte, error) {
	if err := checkLimits(f); err != nil {
		return nil, err
	}
	plain, strings := layOut(f)
	chain := worthwhile(plain, candidates(plain, strings))
	out := make([]byte, 0, offsetResource+len(plain)+indexSize)
	out = appendContainer(out, f, len(plain), len(chain) > 0)
	out = appendResource(out, plain, chain)
	if over := len(out) - maxOffset; over > 0 {
		return nil, &TooBigError{Over: over}
	}
	if over := len(plain) - maxExpanded; over > 0 {
		return nil, &TooBigError{Over: over, Expanded: true}
	}
	index := len(out)
	out = little.AppendUint16(out, offsetResource)
	return little.AppendUint16(out, uint16(index)), nil
}

// checkLimits finds what doesn't fit its length field.
func checkLimits(f *policy.File) error {
	if n := len(f.Policies); n > maxCount {
		return &LimitError{Field: "policies", Got: n, Max: maxCount}
	}
	for i := range f.Policies {
		p := &f.Policies[i]
		if n := len(p.SIDs); n > maxCount {
			return &LimitError{Policy: i + 1, Field: "sid_list", Got: n, Max: maxCount}
		}
		if n := len(p.Destination); n > maxDestination {
			return &LimitError{Policy: i + 1, Field: "destination", Got: n, Max: maxDestination}
		}
	}
	return nil
}

// appendContainer writes what stands before the resource. A size that doesn't
// fit is found by Encode.
func appendContainer(out []byte, f *policy.File, expanded int, compressed bool) []byte {
	out = little.AppendUint32(out, uid1)
	out = little.AppendUint32(out, f.UID2)
	out = little.AppendUint32(out, f.UID3)
	out = little.AppendUint32(out, uidChecksum(out))
	out = append(out, bit(f.NoUID3, flagNoUID3))
	out = little.AppendUint16(out, uint16(expanded))
	return append(out, bit(compressed, bitCompressed))
}

func bit(set bool, mask byte) byte {
	if set {
		return mask
	}
	return 0
}

// text is a string that isn't empty, in the plain layout.
type text struct {
	start int // just after its length byte, before the padding if there is any
	units policy.Text
}

// layOut returns the plain layout of the resource, and its strings in order.
func layOut(f *policy.File) ([]byte, []text) {
	out := make([]byte, 0, sizeBound(f))
	out = little.AppendUint16(out, f.Version)
	out = little.AppendUint32(out, f.Reserved)
	if f.Header != nil {
		out = appendHeader(out, f.Header)
	}
	out = little.AppendUint16(out, uint16(len(f.Policies)))
	strings := make([]text, 0, len(f.Policies))
	for i := range f.Policies {
		p := &f.Policies[i]
		out = appendBeforeText(out, p)
		if len(p.Destination) > 0 {
			strings = append(strings, text{len(out), p.Destination})
			out = appendUnits(out, p.Destination)
		}
		out = appendAfterText(out, p)
	}
	return out, strings
}

// sizeBound is the size of the plain layout as if every string were padded.
func sizeBound(f *policy.File) int {
	size := headerlessSize + headerSize + len(f.Policies)*(policySize+1)
	for i := range f.Policies {
		size += 4*len(f.Policies[i].SIDs) + 2*len(f.Policies[i].Destination)
	}
	return size
}

func appendHeader(out []byte, h *policy.Header) []byte {
	out = little.AppendUint16(out, h.MajorVersion)
	out = little.AppendUint16(out, h.MinorVersion)
	out = append(out, byte(h.AuthorisationPolicy))
	out = little.AppendUint32(out, h.PolicyEvaluator)
	return little.AppendUint32(out, h.DialogCreator)
}

func appendBeforeText(out []byte, p *policy.Policy) []byte {
	out = little.AppendUint32(out, uint32(p.SIDClasses))
	out = little.AppendUint16(out, uint16(len(p.SIDs)))
	for _, sid := range p.SIDs {
		out = little.AppendUint32(out, sid)
	}
	return append(out, byte(p.Security), byte(len(p.Destination)))
}

// appendUnits writes a string at an even offset of the resource.
func appendUnits(out []byte, units []uint16) []byte {
	if len(out)%2 != 0 {
		out = append(out, padding)
	}
	for _, u := range units {
		out = little.AppendUint16(out, u)
	}
	return out
}

func appendAfterText(out []byte, p *policy.Policy) []byte {
	out = little.AppendUint32(out, uint32(p.Options))
	out = little.AppendUint32(out, p.PolicyEvaluator)
	out = little.AppendUint32(out, p.DialogCreator)
	out = little.AppendUint16(out, p.Flags)
	out = little.AppendUint16(out, p.ReservedWord)
	return little.AppendUint32(out, p.ReservedLink)
}
