package compiler

import (
	"fmt"

	"ups/diag"
	"ups/policy"
)

// Check reports what a device refuses about a policy file, and an authorisation
// policy that there isn't: a device would never ask then. All are errors.
func Check(f *policy.File) *diag.List {
	var found diag.List
	if h := f.Header; h != nil && h.AuthorisationPolicy > policy.NeverCheck {
		found.Add(diag.Diagnostic{
			Code: "authorisationpolicy", Severity: diag.Error,
			Message: fmt.Sprintf("authorisationpolicy is 0 to 4, and this is %d, which would never ask", h.AuthorisationPolicy),
			Hint:    authorisationFamily.hint(),
		}.At(h.Places.Field("authorisationpolicy")))
	}
	for _, v := range f.Violations() {
		found.Add(violation(v))
	}
	return &found
}

// violation makes the diagnostic of a violation. In a file without a source the
// number of the policy stands for the place.
func violation(v policy.Violation) diag.Diagnostic {
	message, hint := required(v)
	place := v.Places.Field(v.Field)
	if v.Policy > 0 && !place.Span.IsValid() {
		message = fmt.Sprintf("policy %d: %s", v.Policy, message)
	}
	return diag.Diagnostic{Code: v.Code, Severity: diag.Error, Message: message, Hint: hint}.At(place)
}

// required says what a device requires in the place of a violation, and what to
// write.
func required(v policy.Violation) (message, hint string) {
	const header = "header = POLICY_HEADER { dialogcreator = 0x…; };"
	given := v.Places.Has(v.Field)
	switch v.Code {
	case "uid2":
		message, hint = "no UID2: the device would not take this for a policy file", "UID2 "+fileFamily.names[0]
		if given {
			message = fmt.Sprintf("UID2 must be %s, 0x%08X, and this is 0x%08X", fileFamily.names[0], policy.ResourceFileUID, v.Value)
		}
	case "version":
		message = fmt.Sprintf("the format version must be %d, and this is %d", policy.FormatVersion, v.Value)
		hint = "leave version out; your own is majorversion, in the header"
	case "header-missing":
		message, hint = "no header: a policy file must name its dialog creator", header
	case "dialogcreator":
		message, hint = "no dialogcreator: it is the one field that a header must give", header
		if given {
			message, hint = "dialogcreator must not be 0", "give the implementation UID of a dialog creator"
		}
	case "systemserversecurity":
		message, hint = fmt.Sprintf("systemserversecurity is 0, 1 or 2, and this is %d", v.Value), securityFamily.hint()
	case "options":
		message = fmt.Sprintf("no option has the bits %#x: all six together are %#x", v.Value&^uint32(policy.AllOptions), uint32(policy.AllOptions))
		hint = optionFamily.hint()
	default:
		message = v.Message
	}
	return message, hint
}
