// Gendocs draws the pictures of the documentation, from decisions.
//
//	go run ./internal/gendocs docs/pictures
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gendocs DIR")
		os.Exit(2)
	}
	for _, p := range pictures {
		svg, err := p.draw()
		if err == nil {
			err = os.WriteFile(filepath.Join(os.Args[1], p.name+".svg"), []byte(svg), 0o666)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
