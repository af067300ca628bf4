package destination

import (
	"net/url"
	"strings"
)

// telephone returns a telephone number without what people put between the
// digits, or false if s isn't one.
func telephone(s string) (number string, ok bool) {
	s = strings.TrimPrefix(s, "tel:")
	var b strings.Builder
	digits := 0
	for i, c := range []byte(s) {
		switch {
		case '0' <= c && c <= '9', c == '*', c == '#':
			b.WriteByte(c)
			digits++
		case c == '+' && b.Len() == 0:
			b.WriteByte(c)
		case strings.IndexByte(" -.()/", c) < 0 || i == 0 && c != '(':
			return "", false
		}
	}
	return b.String(), digits > 0
}

// prefixOf returns the kind of a telephone number, or "".
func (e Evaluator) prefixOf(number string) string {
	n := e.Prefix
	if n <= 0 {
		n = defaultPrefix
	}
	if strings.HasPrefix(number, "+") {
		n++
	}
	if len(number) <= n+tooShort || strings.ContainsAny(number, "*#") {
		return "" // *# are service codes, which act on the network
	}
	return number[:n]
}

// domain returns the host of a destination, in lower case: of a URL, a mail or
// SIP address, or of a host with or without a port. It is "" if there is none,
// or if that is in doubt. Domains are not made of it: where the part that one
// owner has ends, a list of public suffixes would have to say.
func domain(s string) string {
	host := s
	switch scheme, rest, found := strings.Cut(s, ":"); {
	case strings.Contains(s, "://"):
		u, err := url.Parse(s)
		if err != nil {
			return ""
		}
		host = u.Host
	case found && isAddress(scheme):
		host = address(rest)
	case strings.Contains(s, "@"):
		host = address(s)
	}
	return hostName(host)
}

func isAddress(scheme string) bool {
	switch strings.ToLower(scheme) {
	case "mailto", "sip", "sips", "smsto", "mmsto", "sms", "mms":
		return true
	}
	return false
}

// address returns what stands after the @, up to parameters.
func address(s string) string {
	if i := strings.IndexAny(s, "?;"); i >= 0 {
		s = s[:i]
	}
	user, host, found := strings.Cut(s, "@")
	if !found || user == "" || strings.Contains(host, "@") {
		return ""
	}
	return host
}

// hostName returns a host without its port and final dot, in lower case, or ""
// if it isn't one. A name has a dot in it, so that no word is taken for one.
func hostName(s string) string {
	if strings.HasPrefix(s, "[") {
		return "" // an address of IPv6 can be written in many ways
	}
	if host, port, found := strings.Cut(s, ":"); found {
		if port == "" || strings.Trim(port, "0123456789") != "" {
			return ""
		}
		s = host
	}
	s = strings.TrimSuffix(strings.ToLower(s), ".")
	if len(s) > 253 || !strings.Contains(s, ".") {
		return ""
	}
	for label := range strings.SplitSeq(s, ".") {
		if !isLabel(label) {
			return ""
		}
	}
	return s
}

// isLabel reports whether s can stand between the dots of a host name. Names
// in other scripts are taken in their ASCII form (xn--) alone: two that look
// alike can be two.
func isLabel(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for _, c := range []byte(s) {
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return true
}
