package policy

// Default returns the policy that decides where none of a file matches
// (docs/service.md, Matching).
func Default() Policy {
	return Policy{SIDClasses: AllSIDs, Destination: Text{'*'}, Options: Yes | No}
}

// HeaderOrZero returns the header, or the zero value of a file without one.
func (f *File) HeaderOrZero() Header {
	if f.Header == nil {
		return Header{}
	}
	return *f.Header
}

// InEffect returns a policy as it takes effect in the file: the header's
// evaluator and dialog creator stand in for its own that are 0. A dialog creator
// of 0 is left only in a file that a device refuses; an evaluator of 0 is the
// built-in one.
func (f *File) InEffect(p Policy) Policy {
	h := f.HeaderOrZero()
	if p.PolicyEvaluator == 0 {
		p.PolicyEvaluator = h.PolicyEvaluator
	}
	if p.DialogCreator == 0 {
		p.DialogCreator = h.DialogCreator
	}
	return p
}
