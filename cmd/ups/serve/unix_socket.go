package serve

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"time"

	"ups/cmd/ups/serve/config"
)

// What may be in the place of a socket, and what to do about it.
var (
	errNoSocket = errors.New("there is a file that is no socket")
	errListened = errors.New("another process listens on it")
)

const (
	socketHint   = "remove it, or listen on another path"
	listenedHint = "end that process, which may be a server already, or listen on another path"
	portHint     = "another process has the port: end it, or choose another port"
)

// socketFile is the file of a Unix socket that the server made.
type socketFile struct {
	path string
	info fs.FileInfo
}

// remove removes the file, unless another process has made its own in its place.
func (f *socketFile) remove() error {
	now, err := os.Lstat(f.path)
	if err != nil || !os.SameFile(now, f.info) {
		return nil
	}
	return os.Remove(f.path)
}

// bindUnix makes a Unix socket. Nobody can connect before it has its owner and mode.
func bindUnix(l config.Listener) (net.Listener, *socketFile, error) {
	if err := vacate(l.Unix); err != nil {
		return nil, nil, err
	}
	var n *net.UnixListener
	err := forNobody(func() (err error) {
		n, err = net.ListenUnix("unix", &net.UnixAddr{Name: l.Unix, Net: "unix"})
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	n.SetUnlinkOnClose(false) // socketFile does, if it is still the same
	file, err := admit(l)
	if err != nil {
		return nil, nil, errors.Join(err, n.Close(), os.Remove(l.Unix))
	}
	return n, file, nil
}

// admit gives a socket its owner, group and mode.
func admit(l config.Listener) (*socketFile, error) {
	if l.Owner >= 0 || l.Group >= 0 {
		if err := os.Lchown(l.Unix, l.Owner, l.Group); err != nil {
			return nil, err
		}
	}
	if err := os.Chmod(l.Unix, fs.FileMode(l.Mode)); err != nil {
		return nil, err
	}
	info, err := os.Lstat(l.Unix)
	return &socketFile{l.Unix, info}, err
}

// vacate removes a socket that a server has left behind. A socket on which somebody
// listens is refused, and so is anything else than a socket.
func vacate(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.Mode().Type() != fs.ModeSocket:
		return errNoSocket
	}
	c, err := net.DialTimeout("unix", path, time.Second)
	if err == nil {
		return errors.Join(errListened, c.Close())
	}
	if !refused(err) {
		return fmt.Errorf("another process may listen on it: %w", err)
	}
	return os.Remove(path)
}
