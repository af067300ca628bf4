package service_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"ups/internal/rsc"
	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/plugin/destination"
	"ups/runtime/service"
)

// person is a dialog creator whose user always says Always, for the kind of
// destination.
type person struct{ prompt *service.Prompt }

func (p *person) Prepare(_ context.Context, prompt *service.Prompt) error {
	p.prompt = prompt
	return nil
}

func (p *person) Display(context.Context, uint32) (service.Choice, error) {
	fmt.Printf("may 0x%08X send to %q? always, for %s\n",
		p.prompt.Client.SID, p.prompt.Destination, p.prompt.Fingerprints[1].Description)
	return service.Choice{Option: policy.Always, Fingerprint: 1}, nil
}

// A message server asks before it sends. The first answer is the user's; the
// second is stored.
func ExampleServer() {
	const messageServer, sendMessage = 0x10204040, 43
	rom := policyFolder(messageServer, sendMessage)
	defer os.RemoveAll(rom)

	store, err := runtime.Open(rom, "", runtime.StoreOptions{})
	if err != nil {
		log.Fatal(err)
	}
	ups, err := service.New(service.Options{
		Store: store,
		DB:    decision.NewMemory(), // sqlite.Open in a program
		PlugIns: service.Registry{
			Evaluators:     map[uint32]service.EvaluatorFactory{0x10283698: destination.New(destination.Evaluator{})},
			DialogCreators: map[uint32]service.DialogCreatorFactory{0x10283694: func(uint32) (service.DialogCreator, error) { return &person{}, nil }},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer ups.Close()

	// The system server, once.
	session, err := ups.Connect(context.Background(), service.Caller{SID: messageServer, Capabilities: service.ProtServ})
	if err != nil {
		log.Fatal(err)
	}
	defer session.Close()

	// For each connection of a client.
	client, err := session.Open(service.Client{SID: 0x80000001, Drive: 'C'})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	for _, to := range []string{"+44 20 7946 0001", "+44 20 7946 0002"} {
		const checkPassed = true // the server's own check, of capabilities
		answer, err := client.Authorise(context.Background(), service.Query{
			Service: sendMessage, Destination: to, Passed: checkPassed,
		})
		fmt.Println(answer.Decision, answer.Source, err)
	}

	// Output:
	// may 0x80000001 send to "+44 20 7946 0001"? always, for numbers that begin with +44207
	// yes prompt <nil>
	// yes stored <nil>
}

// policyFolder makes a folder with the compiled policies of a service, as the
// compiler does.
func policyFolder(server, service uint32) string {
	folder, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	b, err := rsc.Encode(&policy.File{
		UID2: policy.ResourceFileUID, UID3: 1, Version: policy.FormatVersion,
		Header: &policy.Header{
			AuthorisationPolicy: policy.CheckPostManufacture, PolicyEvaluator: 0x10283698, DialogCreator: 0x10283694,
		},
		Policies: []policy.Policy{{
			SIDClasses: policy.AllSIDs, Destination: policy.NewText("*"),
			Options: policy.Yes | policy.No | policy.Always | policy.Never,
		}},
	})
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, policy.Service{Server: server, Service: service}.FileName(policy.CompiledExt)), b, 0o600)
	}
	if err != nil {
		log.Fatal(err)
	}
	return folder
}
