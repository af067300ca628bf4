package rsc

import "ups/policy"

// reader reads the plain layout. After its first error it returns zeros.
type reader struct {
	b      []byte
	pos    int
	policy int // number of the policy in work, from 1; 0 outside of the policies
	err    *Error

	// All SIDs and all units of a file stand in two slices, so that a file
	// takes few allocations.
	sids  []uint32
	units []uint16
}

func (r *reader) fail(err *Error) {
	if r.err == nil {
		err.Policy = r.policy
		r.err = err
	}
}

// located returns the error with its offset as users can find it: in the file,
// unless the resource had to be expanded.
func (r *reader) located(expanded bool) error {
	if !expanded {
		r.err.Offset += offsetResource
	}
	r.err.Expanded = expanded
	return r.err
}

// take returns the next n bytes, or nil if they aren't there.
func (r *reader) take(n int, field string) []byte {
	if r.err != nil {
		return nil
	}
	if n > len(r.b)-r.pos {
		r.fail(truncated(r.pos, field))
		return nil
	}
	r.pos += n
	return r.b[r.pos-n : r.pos]
}

func (r *reader) byte(field string) byte {
	if b := r.take(1, field); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) word(field string) uint16 {
	if b := r.take(2, field); b != nil {
		return little.Uint16(b)
	}
	return 0
}

func (r *reader) long(field string) uint32 {
	if b := r.take(4, field); b != nil {
		return little.Uint32(b)
	}
	return 0
}

// file reads the whole resource (docs/compiled-format.md,
// The resource).
func (r *reader) file(f *policy.File) {
	f.Version = r.word("version")
	f.Reserved = r.long("reserved")
	f.Header = r.header()
	f.Policies = r.policies()
	if left := len(r.b) - r.pos; left > 0 {
		r.policy = 0
		r.fail(formatError(r.pos, "end of the resource", "%d bytes too many", left))
	}
}

func (r *reader) header() *policy.Header {
	return &policy.Header{
		MajorVersion:        r.word("header.majorversion"),
		MinorVersion:        r.word("header.minorversion"),
		AuthorisationPolicy: policy.AuthorisationPolicy(r.byte("header.authorisationpolicy")),
		PolicyEvaluator:     r.long("header.policyevaluator"),
		DialogCreator:       r.long("header.dialogcreator"),
	}
}

func (r *reader) policies() []policy.Policy {
	count := int(r.word("number of policies"))
	slack := len(r.b) - r.pos - count*policySize
	if slack < 0 {
		r.fail(truncated(r.pos, "policies"))
	}
	if count == 0 || r.err != nil {
		return nil
	}
	// What policies have beyond their fixed size is SIDs and destinations.
	r.sids = make([]uint32, 0, slack/4)
	r.units = make([]uint16, 0, slack/2)
	list := make([]policy.Policy, count)
	for i := range list {
		r.policy = i + 1
		r.readPolicy(&list[i])
		if r.err != nil {
			return nil
		}
	}
	return list
}

func (r *reader) readPolicy(p *policy.Policy) {
	p.SIDClasses = policy.SIDClasses(r.long("sid_classes"))
	p.SIDs = r.sidList()
	p.Security = policy.Security(r.byte("systemserversecurity"))
	p.Destination = r.destination()
	p.Options = policy.Options(r.long("options"))
	p.PolicyEvaluator = r.long("policyevaluator")
	p.DialogCreator = r.long("dialogcreator")
	p.Flags = r.word("flags")
	p.ReservedWord = r.word("reservedWord")
	p.ReservedLink = r.long("reservedLink")
}

func (r *reader) sidList() []uint32 {
	count := int(r.word("number of SIDs"))
	b := r.take(4*count, "sid_list")
	if len(b) == 0 {
		return nil
	}
	from := len(r.sids)
	for ; len(b) > 0; b = b[4:] {
		r.sids = append(r.sids, little.Uint32(b))
	}
	return r.sids[from:len(r.sids):len(r.sids)]
}

func (r *reader) destination() policy.Text {
	count := int(r.byte("length of destination"))
	if count == 0 {
		return nil
	}
	r.padding()
	b := r.take(2*count, "destination")
	if b == nil {
		return nil
	}
	from := len(r.units)
	for ; len(b) > 0; b = b[2:] {
		r.units = append(r.units, little.Uint16(b))
	}
	return r.units[from:len(r.units):len(r.units)]
}

// padding reads what stands before a string that would start at an odd
// offset.
func (r *reader) padding() {
	if r.pos%2 == 0 {
		return
	}
	at := r.pos
	if b := r.byte("padding of destination"); b != padding {
		r.fail(formatError(at, "padding of destination", "0x%02X, and it is 0x%02X", b, padding))
	}
}
