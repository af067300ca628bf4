// Package wasm has the WebAssembly modules of the pages, compressed by gzip, and
// the script that runs them. README.md says where they come from.
package wasm

import _ "embed"

var (
	// Decide answers requests from compiled files.
	//
	//go:embed decide.wasm.gz
	Decide []byte

	// Play compiles sources, looks at them and answers requests.
	//
	//go:embed play.wasm.gz
	Play []byte

	// Script is wasm_exec.js of the Go version that compiled the modules.
	//
	//go:embed wasm_exec.js
	Script string
)
