package sqlite

import (
	"encoding/binary"
	"os"
	"testing"
)

// PageSize is for tests that damage files.
const PageSize = pageSize

// SetVersion returns a closed database another version, as if a later version
// of this software had written it.
func SetVersion(t testing.TB, path string, version int) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	binary.BigEndian.PutUint32(data[offUserVersion:], uint32(version))
	setChecksum(data[:pageSize], 1)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// OpenNoFollow is the last check when a file is opened: a name may have become
// a link or a pipe after it was looked at, which no test can time.
var OpenNoFollow = openNoFollow
