package packaging

import "ups/internal/delivery"

// version is a flag with the version of a package.
type version delivery.Version

func (v *version) Type() string { return "VERSION" }

func (v *version) String() string { return delivery.Version(*v).String() }

// Set takes MAJOR.MINOR.BUILD.
func (v *version) Set(s string) error {
	parsed, err := delivery.ParseVersion(s)
	if err == nil {
		*v = version(parsed)
	}
	return err
}
