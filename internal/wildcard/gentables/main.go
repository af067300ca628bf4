// Command gentables writes tables_gen.go of package wildcard: what the
// device's matcher knows of each character, by the recipe of docs/matching.md.
package main

import (
	"log"
	"os"
)

func main() {
	source, err := generate()
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("tables_gen.go", source, 0o644); err != nil {
		log.Fatal(err)
	}
}
