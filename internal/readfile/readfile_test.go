package readfile_test

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"ups/internal/readfile"
)

// readers are the two ways to read, which agree about regular files.
var readers = map[string]func(string, int64) ([]byte, error){"Named": readfile.Named, "Found": readfile.Found}

func TestRegularFile(t *testing.T) {
	dir := t.TempDir()
	name, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := errors.Join(os.WriteFile(name, []byte("12345"), 0o666), os.Symlink("file", link)); err != nil {
		t.Fatal(err)
	}
	for how, read := range readers {
		for _, path := range []string{name, link} {
			if b, err := read(path, 5); string(b) != "12345" || err != nil {
				t.Errorf("%s of 5 bytes, at most 5: %q, %v", how, b, err)
			}
			if b, err := read(path, 4); b != nil || !errors.Is(err, readfile.ErrTooLarge) {
				t.Errorf("%s of 5 bytes, at most 4: %q, %v", how, b, err)
			}
		}
		if _, err := read(filepath.Join(dir, "absent"), 4); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s of an absent file: %v", how, err)
		}
		if b, err := read(dir, 4); b != nil || err == nil {
			t.Errorf("%s of a directory: %q, %v", how, b, err)
		}
	}
}

// A file whose size isn't known beforehand, as below /proc, has the limit too.
func TestSizeUnknown(t *testing.T) {
	const name = "/proc/self/status"
	for how, read := range readers {
		if b, err := read(name, 4); b != nil || !errors.Is(err, readfile.ErrTooLarge) {
			t.Errorf("%s: %q, %v", how, b, err)
		}
	}
}

// What is found is never a stream. A pipe that nobody writes to would block
// the test for ever.
func TestFoundRefusesStreams(t *testing.T) {
	dir := t.TempDir()
	pipe, link, socket := filepath.Join(dir, "pipe"), filepath.Join(dir, "link"), filepath.Join(dir, "socket")
	if err := errors.Join(unix.Mkfifo(pipe, 0o666), os.Symlink("pipe", link)); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for path, want := range map[string]string{
		pipe: "a pipe", link: "a pipe", socket: "a socket", dir: "a directory", os.DevNull: "a device",
	} {
		_, err := readfile.Found(path, 10)
		if !errors.Is(err, readfile.ErrNotRegular) || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
}

func TestNamedReadsStreams(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := unix.Mkfifo(pipe, 0o666); err != nil {
		t.Fatal(err)
	}
	written := make(chan error, 1)
	go func() { written <- os.WriteFile(pipe, []byte("12345"), 0o666) }()
	if b, err := readfile.Named(pipe, 5); string(b) != "12345" || err != nil {
		t.Errorf("a pipe: %q, %v", b, err)
	}
	if err := <-written; err != nil {
		t.Error(err)
	}
	if b, err := readfile.Named("/dev/zero", 5); b != nil || !errors.Is(err, readfile.ErrTooLarge) {
		t.Errorf("an endless device: %q, %v", b, err)
	}
}
