// Command genwasm compiles the WebAssembly modules of the pages, which are kept
// in the repository so that a clone builds with nothing but Go. With -check it
// says whether they are of the sources as they are.
package main

import (
	"flag"
	"fmt"
	"os"
)

// folder has the modules, and a program for each below it.
const folder = "cmd/ups/page/wasm"

// modules are the programs.
var modules = []string{"decide", "play"}

func main() {
	check := flag.Bool("check", false, "write nothing; fail if the modules are of other sources")
	flag.Parse()
	run := build
	if *check {
		run = verify
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "genwasm:", err)
		os.Exit(1)
	}
}
