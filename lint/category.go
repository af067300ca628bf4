package lint

import "ups/diag"

// Category says what a finding means to its reader, and so how severe it is
// unless configured otherwise.
type Category uint8

// The categories. The zero value, in a finding, is the category of its rule.
const (
	_ Category = iota
	// Defect is something that makes a device behave differently from what the
	// list itself says: an error.
	Defect
	// Suspicion is what is probably not meant, and harms nobody if it is: a
	// warning, with a request that shows it where requests are concerned.
	Suspicion
	// Opinion is advice of the platform's documentation, or of style, that a
	// list may have reasons not to follow: information.
	Opinion
)

// String returns "defect", "suspicion" or "opinion".
func (c Category) String() string {
	switch c {
	case Defect:
		return "defect"
	case Suspicion:
		return "suspicion"
	}
	return "opinion"
}

// Why says in a sentence what makes a finding one of the category.
func (c Category) Why() string {
	switch c {
	case Defect:
		return "it changes what a device does, against what the list says of itself"
	case Suspicion:
		return "it is probably not meant, and harms nobody if it is"
	}
	return "a list may have its reasons, so it is shown where the configuration or --profile all asks for it"
}

// Severity returns the severity that findings of the category have.
func (c Category) Severity() diag.Severity {
	switch c {
	case Defect:
		return diag.Error
	case Suspicion:
		return diag.Warning
	}
	return diag.Info
}

// Profile says of which categories findings are shown. The zero value is
// ProfileRecommended.
type Profile uint8

// The profiles, each with what is shown.
const (
	ProfileRecommended Profile = iota // defects and suspicions
	ProfileDefects                    // defects
	ProfileAll                        // opinions too
)

// profileNames has the names of the profiles, by number.
var profileNames = []string{"recommended", "defects", "all"}

// ParseProfile reads the name of a profile.
func ParseProfile(name string) (Profile, bool) {
	for i, n := range profileNames {
		if n == name {
			return Profile(i), true
		}
	}
	return 0, false
}

// ProfileNames returns the names, from the fewest findings to the most.
func ProfileNames() []string { return []string{"defects", "recommended", "all"} }

// shows reports whether findings of a category are shown.
func (p Profile) shows(c Category) bool {
	switch p {
	case ProfileDefects:
		return c <= Defect
	case ProfileAll:
		return true
	}
	return c <= Suspicion
}
