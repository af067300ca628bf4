package runtime_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"ups/policy"
	"ups/runtime"
)

const rom = "../examples/embed/policies/rom"

func Example() {
	store, err := runtime.Open(rom, "", runtime.StoreOptions{})
	if err != nil {
		log.Fatal(err)
	}
	list, err := store.List(0x101F7F1F, 0x1000A00A)
	if err != nil {
		log.Fatal(err)
	}
	for _, destination := range []string{"112", "+44 791", "elsewhere"} {
		place, err := list.Decide(0x20001234, false, destination)
		if err != nil {
			log.Fatal(err)
		}
		options := list.Policy(place).Policy.Options
		if options.Prompts() {
			fmt.Println(destination, "asks with", options)
		} else {
			fmt.Println(destination, "is", options.SilentDecision())
		}
	}
	// Output:
	// 112 is yes
	// +44 791 asks with KYes|KNo|KAlways|KNever
	// elsewhere asks with KYes|KNo
}

func ExampleLoad() {
	b, err := os.ReadFile(rom + "/ups_101f7f1f_1000a00a.rsc")
	if err != nil {
		log.Fatal(err)
	}
	list, err := runtime.Load(b)
	if err != nil {
		log.Fatal(err)
	}
	header := list.File().Header
	fmt.Printf("%d policies, %s\n", len(list.File().Policies), header.AuthorisationPolicy)
	// Output: 3 policies, ECheckIfFailed
}

func ExampleServiceConfig_Ask() {
	config := runtime.ServiceConfig{HasPolicyFile: true, AuthorisationPolicy: policy.CheckPostManufacture}
	client := runtime.Client{SID: 0x20001234, Drive: 'z'}
	fmt.Println(config.Ask(client, true))
	client.Drive = 'c' // installed later
	fmt.Println(config.Ask(client, true))
	// Output:
	// allow
	// ask
}

func ExampleStore_Reload() {
	store, err := runtime.Open(rom, "", runtime.StoreOptions{})
	if err != nil {
		log.Fatal(err)
	}
	defer store.Subscribe(func(changes []runtime.Change, _ *runtime.Snapshot) {
		for _, c := range changes {
			fmt.Println(c.Kind, c.Service.FileName(policy.CompiledExt))
		}
	})()
	before, _ := store.List(0x101F7F1F, 0x1000A00A)
	if err := store.Reload(); err != nil {
		log.Fatal(err)
	}
	after, _ := store.List(0x101F7F1F, 0x1000A00A)
	fmt.Println(before == after) // what hasn't changed isn't loaded again
	// Output: true
}

func ExampleStore_Watch() {
	store, err := runtime.Open(rom, "", runtime.StoreOptions{Settle: time.Second})
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done, err := store.Watch(ctx)
	if err != nil {
		log.Fatal(err)
	}
	// Here the program serves; files may come and go.
	cancel()
	<-done
}
