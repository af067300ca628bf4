//go:build !race

package lsp

const slow = false
