package delivery

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// private is the folder of policies on a drive.
const private = `\private\10283558\policies\`

// sis returns the package file of the SIS file. It is a partial upgrade: it
// may replace what an earlier one installed, and leaves in place what it doesn't
// have. "$" is the system drive.
func (p *Package) sis() ([]byte, error) {
	var b strings.Builder
	b.WriteString("; Policies of the User Prompt Service for the system drive, where they eclipse\n" +
		"; those of the ROM. Made by ups package.\n")
	if err := p.head(&b, p.Version, "PU"); err != nil {
		return nil, err
	}
	for _, in := range p.Policies {
		fmt.Fprintf(&b, "\"policies\\%s\" - \"$:%s%[1]s\"\n", in.name(), private)
	}
	return []byte(b.String()), nil
}

// stub returns the package file of the stub, which makesis -s takes: what it
// lists can be eclipsed by upgrades. Its files are in the ROM, and have no source.
func (p *Package) stub() ([]byte, error) {
	var b strings.Builder
	b.WriteString("; The stub of the User Prompt Service in the ROM, for makesis -s: all that may be\n" +
		"; eclipsed later. Made by ups package.\n")
	if err := p.head(&b, p.ROMVersion, "SA"); err != nil {
		return nil, err
	}
	b.WriteString("\"\" - \"z:\\sys\\bin\\upsserver.exe\"\n")
	policies, _ := p.inROM()
	for _, in := range policies {
		fmt.Fprintf(&b, "\"\" - \"z:%s%s\"\n", private, in.name())
	}
	return []byte(b.String()), nil
}

// head writes what each package file begins with.
func (p *Package) head(b *strings.Builder, v Version, kind string) error {
	name, err := quote("name", p.Name)
	if err != nil {
		return err
	}
	vendor, err := quote("vendor", p.Vendor)
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "&%s\n#{%s}, (0x%08X), %d, %d, %d, TYPE=%s\n%%{%s}\n:%[8]s\n", p.Language, name, p.UID, v[0], v[1], v[2], kind, vendor)
	return nil
}

// maxText is how long a name may be, in UTF-16 units. makesis states no limit;
// longer than a line of an installer is a mistake.
const maxText = 255

// quote writes a string as package files have it: in quotes, between which there
// is no escape, with other characters than ASCII as codes outside of them.
func quote(what, s string) (string, error) {
	switch {
	case strings.TrimSpace(s) == "":
		return "", fmt.Errorf("the %s of a package can't be empty", what)
	case !utf8.ValidString(s):
		return "", fmt.Errorf("the %s of the package isn't UTF-8", what)
	case utf8.RuneCountInString(s) > maxText:
		return "", fmt.Errorf("the %s of the package is longer than %d characters", what, maxText)
	}
	out := `"`
	for _, r := range s {
		switch {
		case r > 0xFFFF || !unicode.IsPrint(r):
			return "", fmt.Errorf("the %s of the package has the character U+%04X, which a package file can't have", what, r)
		case r == '"' || r > unicode.MaxASCII:
			out += fmt.Sprintf(`"<0x%04X>"`, r)
		default:
			out += string(r)
		}
	}
	return out + `"`, nil
}

var language = regexp.MustCompile(`^[A-Z]{2}$`)

func isLanguage(s string) bool { return language.MatchString(s) }
