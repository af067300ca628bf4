package delivery

import (
	"archive/zip"
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ManifestName is the file with the SHA-256 of all others, in the form that
// sha256sum -c reads.
const ManifestName = "MANIFEST.sha256"

func byPath(a, b File) int { return cmp.Compare(a.Path, b.Path) }

func manifest(files []File) []byte {
	var b strings.Builder
	for _, f := range slices.SortedFunc(slices.Values(files), byPath) {
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(f.Data), f.Path)
	}
	return []byte(b.String())
}

// Earliest is the first time that an archive can have.
var Earliest = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// latest is the end of what an archive can have.
var latest = time.Date(2108, 1, 1, 0, 0, 0, 0, time.UTC)

// Archive returns a zip archive of files. It depends on nothing but them and the
// time: they are stored as they are, since another version of a compressor may
// write other bytes.
func Archive(files []File, at time.Time) ([]byte, error) {
	if at.Before(Earliest) || !at.Before(latest) {
		return nil, errors.New("a zip archive can't have a time before 1980 or after 2107")
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range slices.SortedFunc(slices.Values(files), byPath) {
		head := &zip.FileHeader{Name: f.Path, Method: zip.Store, Modified: at.UTC()}
		head.SetMode(0o644)
		entry, err := w.CreateHeader(head)
		if err != nil {
			return nil, err
		}
		if _, err := entry.Write(f.Data); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}
