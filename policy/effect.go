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

// FillIn makes a policy what it is in effect in the file: the header's evaluator
// and dialog creator stand in for its own that are 0. A dialog creator of 0 is
// left only in a file that a device refuses; an evaluator of 0 is the built-in
// one.
func (f *File) FillIn(p *Policy) {
	if f.Header == nil {
		return
	}
	if p.PolicyEvaluator == 0 {
		p.PolicyEvaluator = f.Header.PolicyEvaluator
	}
	if p.DialogCreator == 0 {
		p.DialogCreator = f.Header.DialogCreator
	}
}
