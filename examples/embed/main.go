// Command embed shows how a program decides by policy files: it opens a store,
// asks what a client library asks first, and finds the policy. The client is a
// program from drive C that failed the system server's own check.
//
//	go run ./examples/embed examples/embed/policies +44791
package main

import (
	"log"
	"os"
	"path/filepath"

	"ups/policy"
	"ups/runtime"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: embed STORE DESTINATION")
	}
	rom, system := filepath.Join(os.Args[1], "rom"), filepath.Join(os.Args[1], "system")
	store, err := runtime.Open(rom, system, runtime.StoreOptions{})
	if err != nil {
		log.Fatal(err)
	}
	const server, service = 0x101F7F1F, 0x1000A00A
	client, passed := runtime.Client{SID: 0x20001234, Drive: 'c'}, false
	if answer := store.ServiceConfig(server, service).Ask(client, passed); answer != policy.Ask {
		log.Printf("%v, without asking the service", answer)
		return
	}
	list, err := store.List(server, service) // it doesn't change while it is held
	if err != nil {
		log.Fatal(err)
	}
	place, err := list.Decide(client.SID, passed, os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	policy := list.Policy(place).Policy // with what the header stands in for
	if options := policy.Options; options.Prompts() {
		log.Printf("%v: ask the user, offer %s", policy.Destination, options)
	} else {
		log.Printf("%v: %v, without asking", policy.Destination, options.SilentDecision())
	}
}
