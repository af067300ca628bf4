// Package examples has the policy sources of the examples, for ups play.
package examples

import "embed"

// Files are the sources and their headers.
//
//go:embed */*.rss */*.rh */policies/*.rss
var Files embed.FS
