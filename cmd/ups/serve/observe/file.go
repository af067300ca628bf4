package observe

import (
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"sync"
)

// File is where the decision log is written to. A line that can't be written is lost:
// decisions don't fail with a disk.
type File struct {
	path string
	log  *slog.Logger // is told when lines begin to be lost, and when they are not any more
	lost func()       // is called for each of them; may be nil

	mu      sync.Mutex
	w       io.Writer
	torn    bool // the last line isn't whole
	failing bool
}

// Open opens a file for a decision log. A new one is for the process's user alone.
func Open(path string, log *slog.Logger, lost func()) (*File, error) {
	w, err := open(path)
	if err != nil {
		return nil, err
	}
	return &File{path: path, log: log, lost: lost, w: w}, nil
}

// Stream returns a File that writes to what is open already, and stays so.
func Stream(w io.Writer, log *slog.Logger, lost func()) *File {
	return &File{log: log, lost: lost, w: w}
}

func open(path string) (*os.File, error) {
	if err := Suits(path); err != nil {
		return nil, err
	}
	return os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
}

// Suits says what is wrong with what is at the path of a decision log. That nothing is
// there isn't.
func Suits(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil // opening it says more
	case info.IsDir():
		return errors.New("the decision log is a file, and this is a folder")
	case info.Mode().Type()&(fs.ModeNamedPipe|fs.ModeSocket) != 0:
		return errors.New("the decision log is a file: for a pipe or a socket decisions would wait until somebody reads it")
	}
	return nil
}

// Write writes a line. It is io.Writer, for a logger that makes one call for a line.
func (f *File) Write(line []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	text := line
	if f.torn {
		text = append([]byte{'\n'}, line...)
	}
	n, err := f.w.Write(text)
	f.torn = n < len(text) && (n > 0 || f.torn)
	f.note(err)
	return len(line), err
}

// note counts a line that is lost, and logs the first of several.
func (f *File) note(err error) {
	if err != nil && f.lost != nil {
		f.lost()
	}
	switch {
	case err != nil && !f.failing:
		f.log.Error("decisions can't be written to the decision log", "error", err)
	case err == nil && f.failing:
		f.log.Info("decisions are written to the decision log again")
	}
	f.failing = err != nil
}

// Reopen opens the path again, where there may be another file now. If that fails,
// lines are still written to the one before.
func (f *File) Reopen() error {
	if f.path == "" {
		return nil
	}
	w, err := open(f.path)
	if err != nil {
		return err
	}
	f.mu.Lock()
	before := f.w
	f.w, f.torn = w, false
	f.mu.Unlock()
	if err := closed(before); err != nil {
		f.log.Warn("closing the decision log that was written before failed", "error", err)
	}
	return nil
}

// Close closes the file. Lines are lost from then on.
func (f *File) Close() error {
	if f.path == "" {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return closed(f.w)
}

func closed(w io.Writer) error { return w.(*os.File).Close() }
