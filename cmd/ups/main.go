// Command ups compiles, checks and serves policies of the User Prompt Service.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"ups/cmd/ups/internal/console"
)

func main() {
	// With this a write to a pipe that nobody reads is an error like others,
	// and temporary files are cleared away before the command ends.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends it at once
	os.Exit(run(ctx, console.Process(), os.Args[1:]))
}
