// Package docs has the pages of the documentation, for ups docs.
package docs

import "embed"

// Files are the pages: README.md has their order.
//
//go:embed *.md rules/*.md *.json pictures/*.svg
var Files embed.FS
