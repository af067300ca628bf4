//go:build race

package lsp

// slow says that the race detector is on.
const slow = true
