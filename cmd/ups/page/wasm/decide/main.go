//go:build js

// Decide is the module of the pages of ups report: it answers requests from
// compiled files.
package main

import (
	"ups/cmd/ups/page/lists"
	"ups/cmd/ups/page/wasm/internal/bridge"
)

func main() {
	bridge.Serve(bridge.Answering(&lists.Lists{}))
}
