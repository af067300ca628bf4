package policy

import "fmt"

// Violation is a reason for which a device refuses a policy file
// (docs/service.md, Policy files).
type Violation struct {
	Code    string  // of the compiler's diagnostic
	Policy  int     // number of the policy, from 1; 0 for the file and its header
	Field   string  // as in the source
	Places  *Places // of the struct that has the field
	Value   uint32  // of the field
	Message string
}

// Violations returns all reasons for which a device refuses a file: those of
// the file and its header, then those of each policy in turn.
func (f *File) Violations() []Violation {
	all := f.ownViolations()
	for i := range f.Policies {
		for _, v := range f.Policies[i].violations() {
			v.Policy = i + 1
			all = append(all, v)
		}
	}
	return all
}

// ownViolations returns the violations that are of no policy.
func (f *File) ownViolations() (all []Violation) {
	if f.UID2 != ResourceFileUID {
		all = append(all, Violation{
			Code: "uid2", Field: "UID2", Places: &f.Places, Value: f.UID2,
			Message: fmt.Sprintf("UID2 is 0x%08X, and a policy file has 0x%08X", f.UID2, ResourceFileUID),
		})
	}
	if f.Version != FormatVersion {
		all = append(all, Violation{
			Code: "version", Field: "version", Places: &f.Places, Value: uint32(f.Version),
			Message: fmt.Sprintf("format version %d, and %d is the only one", f.Version, FormatVersion),
		})
	}
	switch h := f.Header; {
	case h == nil:
		all = append(all, Violation{Code: "header-missing", Field: "header", Places: &f.Places, Message: "no header"})
	case h.DialogCreator == 0:
		all = append(all, Violation{
			Code: "dialogcreator", Field: "dialogcreator", Places: &h.Places, Message: "the header's dialog creator is 0",
		})
	}
	return all
}

func (p *Policy) violations() (all []Violation) {
	if p.Security > Passed {
		all = append(all, Violation{
			Code: "systemserversecurity", Field: "systemserversecurity", Places: &p.Places, Value: uint32(p.Security),
			Message: fmt.Sprintf("systemserversecurity is %d, and %d is the highest", p.Security, Passed),
		})
	}
	if unknown := p.Options &^ AllOptions; unknown != 0 {
		all = append(all, Violation{
			Code: "options", Field: "options", Places: &p.Places, Value: uint32(p.Options),
			Message: fmt.Sprintf("no option has the bits 0x%X", uint32(unknown)),
		})
	}
	return all
}
