package gitfiles

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

// kind is what an entry of a folder is.
type kind string

const (
	file      kind = "file"
	folder    kind = "folder"
	link      kind = "symbolic link"
	submodule kind = "submodule"
)

// kinds are by the mode in a tree object.
var kinds = map[string]kind{"40000": folder, "120000": link, "160000": submodule}

// entry is a file or folder of a commit.
type entry struct {
	kind kind
	hash string
}

// objects reads objects of a repository, one at a time, from a git program
// that runs until close.
type objects struct {
	mu      sync.Mutex
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	err     error // why nothing more can be read
	folders map[string]map[string]entry
}

func startObjects(ctx context.Context, dir string) (*objects, error) {
	cmd := command(ctx, dir, "cat-file", "--batch")
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &objects{cmd: cmd, in: in, out: bufio.NewReader(out), folders: map[string]map[string]entry{}}, nil
}

// close ends git. Its exit status is of no interest: all requests have been
// answered.
func (o *objects) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.err = fs.ErrClosed
	_ = errors.Join(o.in.Close(), o.cmd.Wait())
}

// read returns the content of an object, which may have limit bytes.
func (o *objects) read(hash string, limit int64) ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.readLocked(hash, limit)
}

func (o *objects) readLocked(hash string, limit int64) ([]byte, error) {
	if o.err != nil {
		return nil, o.err
	}
	b, tooLarge, err := o.exchange(hash, limit)
	switch {
	case errors.Is(err, errMissing):
		return nil, err
	case err != nil:
		o.err = fmt.Errorf("git cat-file: %w", err)
		return nil, o.err
	case tooLarge:
		return nil, errTooLarge
	}
	return b, nil
}

// errMissing says that the repository is damaged, or a partial clone that
// can't reach where it comes from.
var errMissing = errors.New("the repository doesn't have its content")

// errTooLarge says that an object is larger than what was asked for may be.
var errTooLarge = errors.New("larger than the limit")

// exchange asks for an object and reads the answer whole: after an error the
// two sides disagree about where the next one begins.
func (o *objects) exchange(hash string, limit int64) (b []byte, tooLarge bool, err error) {
	if _, err := io.WriteString(o.in, hash+"\n"); err != nil {
		return nil, false, err
	}
	head, err := o.out.ReadString('\n')
	if err != nil {
		return nil, false, noEOF(err)
	}
	fields := strings.Fields(head)
	if len(fields) == 2 && fields[1] == "missing" {
		return nil, false, errMissing
	}
	if len(fields) != 3 {
		return nil, false, fmt.Errorf("unexpected answer %q", head)
	}
	size, err := strconv.ParseInt(fields[2], 10, 64)
	if err != nil {
		return nil, false, err
	}
	if size > limit {
		_, err = io.CopyN(io.Discard, o.out, size+1)
		return nil, true, noEOF(err)
	}
	b = make([]byte, size+1) // and a line break
	_, err = io.ReadFull(o.out, b)
	return b[:size], false, noEOF(err)
}

// noEOF is for a stream that must not end here.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// maxFolder is how many bytes the entries of one folder may have, some 400,000
// files.
const maxFolder = 16 << 20

// folder returns what a folder has, by name.
func (o *objects) folder(hash string) (map[string]entry, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if entries, ok := o.folders[hash]; ok {
		return entries, nil
	}
	b, err := o.readLocked(hash, maxFolder)
	if err != nil {
		return nil, err
	}
	entries, err := parseTree(b, len(hash)/2)
	if err == nil {
		o.folders[hash] = entries
	}
	return entries, err
}

// parseTree reads a tree object: for each entry the mode, a space, the name, a
// zero byte, and the hash.
func parseTree(b []byte, hashSize int) (map[string]entry, error) {
	entries := map[string]entry{}
	for len(b) > 0 {
		head, rest, ok := bytes.Cut(b, []byte{0})
		mode, name, named := strings.Cut(string(head), " ")
		if !ok || !named || len(rest) < hashSize {
			return nil, errors.New("damaged tree object")
		}
		k, ok := kinds[mode]
		if !ok {
			k = file
		}
		entries[name] = entry{k, hex.EncodeToString(rest[:hashSize])}
		b = rest[hashSize:]
	}
	return entries, nil
}

// command prepares git in a folder; "" is the current one. It asks nobody for a password, and speaks English, so
// that its errors can stand in ours.
func command(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", append([]string{"--no-pager"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), "LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0")
	cmd.WaitDelay = time.Second
	return cmd
}

// ask runs git and returns the line that it writes.
func ask(ctx context.Context, dir string, args ...string) (string, error) {
	out, err := command(ctx, dir, args...).Output()
	return strings.TrimSuffix(string(out), "\n"), err
}

// noRepository returns why git found no work tree.
func noRepository(err error) error {
	if errors.Is(err, exec.ErrNotFound) {
		return ErrNoGit
	}
	return fmt.Errorf("%w: %s", ErrNoRepository, said(err))
}

// noCommit returns why git found no commit. Git writes nothing if there is none.
func noCommit(err error) error {
	if e := (*exec.ExitError)(nil); errors.As(err, &e) && len(e.Stderr) == 0 {
		return ErrNoCommit
	}
	return fmt.Errorf("%w: %s", ErrNoCommit, said(err))
}

// said returns what git wrote about an error, in one line.
func said(err error) string {
	if e := (*exec.ExitError)(nil); errors.As(err, &e) && len(e.Stderr) > 0 {
		return strings.TrimPrefix(strings.Join(strings.Fields(string(e.Stderr)), " "), "fatal: ")
	}
	return err.Error()
}
