package client_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"path/filepath"

	"ups/internal/rsc"
	"ups/policy"
	"ups/runtime"
	"ups/runtime/client"
	"ups/runtime/decision"
	"ups/runtime/server"
	"ups/runtime/service"
)

const (
	messageServer = 0x10204040
	sendMessage   = 43
	askPeople     = 0x10283694 // the dialog creator
)

// A message server asks ups serve before it sends. The policies allow messages to 112,
// and ask people about others; nobody shows prompts here.
func ExampleDial() {
	socket, end := serving() // ups serve, for the example
	defer end()
	ctx := context.Background()

	// Once in the program.
	ups, err := client.Dial(ctx, client.Options{Address: "unix:" + socket})
	if err != nil {
		log.Fatal(err)
	}
	defer ups.Close()
	session, err := ups.Connect(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer session.Close()

	// For each connection of a client.
	sub, err := session.Open(service.Client{SID: 0x80000001, Drive: 'C'})
	if err != nil {
		log.Fatal(err)
	}
	defer sub.Close()
	for _, to := range []string{"112", "+44 20 7946 0001"} {
		answer, err := sub.Authorise(ctx, service.Query{Service: sendMessage, Destination: to})
		fmt.Println(to, answer.Decision, errors.Is(err, runtime.ErrMissingDialogCreator))
	}

	// Output:
	// 112 yes false
	// +44 20 7946 0001 no true
}

// person is a dialog creator whose user says Yes.
type person struct{ prompt *service.Prompt }

func (p *person) Prepare(_ context.Context, prompt *service.Prompt) error {
	p.prompt = prompt
	return nil
}

// Display has to return when ctx is done: the request was cancelled.
func (p *person) Display(_ context.Context, info uint32) (service.Choice, error) {
	fmt.Printf("may 0x%08X send to %q? yes\n", p.prompt.Client.SID, p.prompt.Destination)
	return service.Choice{Option: policy.Yes, Info: info}, nil
}

// A program is the dialog creator of a server until its context is done.
func ExampleClient_AttachDialogCreator() {
	socket, end := serving() // ups serve, for the example
	defer end()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	attached := func(error) { go func() { ask(socket); stop() }() } // a request, and the end of the example

	ups, err := client.Dial(ctx, client.Options{Address: "unix:" + socket, Attached: attached})
	if err != nil {
		log.Fatal(err)
	}
	defer ups.Close()
	err = ups.AttachDialogCreator(ctx, askPeople, func(uint32) (service.DialogCreator, error) { return &person{}, nil })
	fmt.Println(err)

	// Output:
	// may 0x80000001 send to "+44 20 7946 0001"? yes
	// yes prompt <nil>
	// context canceled
}

// ask asks as a system server.
func ask(socket string) {
	ctx := context.Background()
	ups, err := client.Dial(ctx, client.Options{Address: "unix:" + socket})
	if err != nil {
		log.Fatal(err)
	}
	defer ups.Close()
	session, err := ups.Connect(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer session.Close()
	sub, err := session.Open(service.Client{SID: 0x80000001, Drive: 'C'})
	if err != nil {
		log.Fatal(err)
	}
	answer, err := sub.Authorise(ctx, service.Query{Service: sendMessage, Destination: "+44 20 7946 0001"})
	fmt.Println(answer.Decision, answer.Source, err)
}

// everybody is the message server, and may be its dialog creator.
type everybody struct{}

func (everybody) Identify(server.Peer) (server.Identity, error) {
	return server.Identity{
		Name: "messages", Caller: service.Caller{SID: messageServer, Capabilities: service.ProtServ},
		PlugIns: []server.PlugIn{{Kind: server.DialogCreator, UID: askPeople}},
	}, nil
}

// serving starts what ups serve is, with policies in a folder of its own.
func serving() (socket string, end func()) {
	folder, err := os.MkdirTemp("", "ups") // short, as the path of a socket has to be
	if err != nil {
		log.Fatal(err)
	}
	writePolicies(folder)
	store, err := runtime.Open(folder, "", runtime.StoreOptions{})
	if err != nil {
		log.Fatal(err)
	}
	plugIns := server.NewPlugIns()
	ups, err := service.New(service.Options{Store: store, DB: decision.NewMemory(), PlugIns: plugIns})
	if err != nil {
		log.Fatal(err)
	}
	api, err := server.New(server.Options{Service: ups, Identify: everybody{}, PlugIns: plugIns})
	if err != nil {
		log.Fatal(err)
	}
	socket = filepath.Join(folder, "s")
	l, err := net.Listen("unix", socket)
	if err != nil {
		log.Fatal(err)
	}
	h := api.HTTPServer()
	go h.Serve(l)
	return socket, func() {
		h.Close()
		ups.Close()
		os.RemoveAll(folder)
	}
}

func writePolicies(folder string) {
	b, err := rsc.Encode(&policy.File{
		UID2: policy.ResourceFileUID, UID3: 1, Version: policy.FormatVersion,
		Header: &policy.Header{DialogCreator: askPeople, MajorVersion: 1},
		Policies: []policy.Policy{
			{SIDClasses: policy.AllSIDs, Destination: policy.NewText("112"), Options: policy.Yes},
			{SIDClasses: policy.AllSIDs, Destination: policy.NewText("*"), Options: policy.Yes | policy.No},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	name := policy.Service{Server: messageServer, Service: sendMessage}.FileName(policy.CompiledExt)
	if err := os.WriteFile(filepath.Join(folder, name), b, 0o600); err != nil {
		log.Fatal(err)
	}
}
