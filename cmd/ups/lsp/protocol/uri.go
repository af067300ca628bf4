package protocol

import (
	"net/url"
	"path/filepath"
	"strings"
)

// Path returns the path of a file. What has no path, such as a text that was never
// saved, goes by its URI.
func (uri DocumentURI) Path() string {
	u, err := url.Parse(string(uri))
	if err != nil || u.Scheme != "file" {
		return string(uri)
	}
	path := u.Path
	if hasDrive(strings.TrimPrefix(path, "/")) {
		path = strings.TrimPrefix(path, "/")
	}
	return filepath.Clean(filepath.FromSlash(path))
}

// URIOf returns the URI of a path.
func URIOf(path string) DocumentURI {
	path = filepath.ToSlash(path)
	if hasDrive(path) {
		path = "/" + path
	}
	if !strings.HasPrefix(path, "/") {
		return DocumentURI(path) // it was a URI
	}
	return DocumentURI((&url.URL{Scheme: "file", Path: path}).String())
}

// hasDrive reports whether a path begins with a drive, as on Windows.
func hasDrive(path string) bool {
	return len(path) > 1 && path[1] == ':' && (path[0]|0x20 >= 'a' && path[0]|0x20 <= 'z')
}
