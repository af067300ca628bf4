// Package docs is ups docs: the documentation as a web site.
package docs

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/output"
	"ups/cmd/ups/internal/usage"
)

// command are the flags of ups docs.
type command struct {
	port   uint16
	browse bool
	dir    string

	con *console.Console
}

// New returns the command.
func New(con *console.Console) *cobra.Command {
	f := command{con: con}
	cmd := &cobra.Command{
		Use:   "docs",
		Short: "Show the documentation in a browser",
		Long: `Show the documentation in a browser: the pages of docs/, with a search, served on
this machine alone until the command is interrupted. Nothing is fetched from a
network. With -d the site is written as files, for any web server or to be opened
as they are.`,
		Example: `  ups docs --open
  ups docs --port 8080
  ups docs -d site/`,
		Args: usage.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context()) },
	}
	fs := cmd.Flags()
	fs.Uint16Var(&f.port, "port", 0, "listen on this port of 127.0.0.1; 0 is any that is free")
	fs.BoolVar(&f.browse, "open", false, "open the address in the browser")
	fs.StringVarP(&f.dir, "dir", "d", "", "write the site below `DIR` and end")
	return cmd
}

func (f *command) run(ctx context.Context) error {
	s, err := newSite()
	if err != nil {
		return err
	}
	if f.dir != "" {
		if f.browse || f.port != 0 {
			return console.UsageError("", "-d writes files, and --port and --open are for serving")
		}
		return f.write(ctx, s)
	}
	return f.serve(ctx, s)
}

func (f *command) write(ctx context.Context, s *site) error {
	var files []output.File
	for _, name := range s.names() {
		path := filepath.Join(f.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		files = append(files, output.File{Name: path, Data: s.files[name]})
	}
	return output.Write(ctx, f.con, files)
}

// serve serves the site until ctx ends.
func (f *command) serve(ctx context.Context, s *site) error {
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", f.port))
	if err != nil {
		return err
	}
	address := "http://" + l.Addr().String() + "/"
	if err := f.con.Write([]byte(address + "\n")); err != nil {
		return errors.Join(err, l.Close())
	}
	if f.browse {
		if err := browse(address); err != nil {
			f.con.Warn("no browser was opened: %v", err)
		}
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: 5 * time.Second}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// browse opens an address as the system does.
func browse(address string) error {
	switch runtime.GOOS {
	case "darwin":
		return exec.Command("open", address).Start()
	case "windows":
		return exec.Command("rundll32", "url.dll,FileProtocolHandler", address).Start()
	}
	return exec.Command("xdg-open", address).Start()
}
