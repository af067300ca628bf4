// Package website shows files to a browser: it serves them on this machine alone,
// or writes them below a folder.
package website

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/flags"
	"ups/cmd/ups/internal/output"
)

// Flags are those of a command that shows a site.
type Flags struct {
	port   flags.Port
	browse bool
	dir    string
}

// Register adds the flags; what is what -d writes.
func (f *Flags) Register(fs *pflag.FlagSet, what string) {
	fs.Var(&f.port, "port", "listen on port `PORT` of 127.0.0.1; 0 is any that is free")
	fs.BoolVar(&f.browse, "open", false, "open the address in the browser")
	fs.StringVarP(&f.dir, "dir", "d", "", "write "+what+" below `DIR` and end")
}

// Run writes the site, or serves it until ctx ends.
func (f *Flags) Run(ctx context.Context, con *console.Console, s *Site) error {
	if f.dir == "" {
		return f.serve(ctx, con, s)
	}
	if f.browse || f.port != 0 {
		return console.UsageError("", "-d writes files, and --port and --open are for serving")
	}
	return f.write(ctx, con, s)
}

func (f *Flags) write(ctx context.Context, con *console.Console, s *Site) error {
	var files []output.File
	for _, name := range slices.Sorted(maps.Keys(s.Files)) {
		path := filepath.Join(f.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		files = append(files, output.File{Name: path, Data: s.Files[name]})
	}
	return output.Write(ctx, con, files)
}

func (f *Flags) serve(ctx context.Context, con *console.Console, s *Site) error {
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", f.port))
	if err != nil {
		return err
	}
	address := "http://" + l.Addr().String() + "/"
	if err := con.Write([]byte(address + "\n")); err != nil {
		return errors.Join(err, l.Close())
	}
	if f.browse {
		if err := browse(address); err != nil {
			con.Warn("no browser was opened: %v", err)
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
