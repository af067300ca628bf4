package protocol

import (
	"testing"
)

// TestURIs has the path of each URI, and from the path a URI of the same file.
func TestURIs(t *testing.T) {
	for _, tt := range []struct{ uri, path, again string }{
		{"file:///a/b.rss", "/a/b.rss", "file:///a/b.rss"},
		{"file:///a%20b/50%25.rss", "/a b/50%.rss", "file:///a%20b/50%25.rss"},
		{"file:///a/../z%C3%BC.rss", "/zü.rss", "file:///z%C3%BC.rss"},
		{"file:///c%3A/b.rss", "c:/b.rss", "file:///c:/b.rss"},
		{"file:///A:/b.rss", "A:/b.rss", "file:///A:/b.rss"},
		{"file:///z:/b.rss", "z:/b.rss", "file:///z:/b.rss"},
		{"file:///%5B:/b.rss", "/[:/b.rss", "file:///%5B:/b.rss"},
		{"untitled:Untitled-1", "untitled:Untitled-1", "untitled:Untitled-1"},
		{"git:/a/b.rss?HEAD", "git:/a/b.rss?HEAD", "git:/a/b.rss?HEAD"},
		{":", ":", ":"},
	} {
		path := DocumentURI(tt.uri).Path()
		if path != tt.path {
			t.Errorf("%s: path %q, want %q", tt.uri, path, tt.path)
		}
		if got := URIOf(path); string(got) != tt.again {
			t.Errorf("%s: again %q, want %q", tt.uri, got, tt.again)
		}
	}
}
