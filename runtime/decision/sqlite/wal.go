package sqlite

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"ups/runtime/decision"
)

// checkLog looks for damage in the write-ahead log that SQLite would take for
// the end of it. SQLite stops reading at the first frame that doesn't match
// its checksum: rightly so if the system crashed while a transaction was
// being written, but of records that were acknowledged it would lose in
// silence all that follows a flipped bit.
//
// The two can be distinguished. A transaction is synced to disk before the next
// is written, so only the last one can be torn, and it has one frame that
// ends it. Where two or more such frames follow the break, records that were
// acknowledged are lost, and the answer is ErrCorrupt. (Damage in the very
// last transaction looks like a crash.)
//
// Nobody may write the log meanwhile.
func checkLog(path string) error {
	f, err := openPlain(path+walSuffix, os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	log, err := io.ReadAll(f)
	if err != nil || len(log) < walHeaderSize+frameHeaderSize {
		return err
	}
	if n := lostCommits(log); n > 1 {
		return fmt.Errorf("%w: its log is broken before %d transactions", decision.ErrCorrupt, n)
	}
	return nil
}

// lostCommits returns the number of transactions that end in a log after its
// first invalid frame (sqlite.org/fileformat2.html, The WAL File Format).
func lostCommits(log []byte) int {
	header, frames := log[:walHeaderSize], log[walHeaderSize:]
	order := logOrder(header)
	sum := logSum{}.add(order, header[:24])
	salts := header[16:24]
	if !sum.matches(header[24:]) {
		salts, sum = frames[8:16], logSum{invalid: true}
	}
	lost := 0
	for ; len(frames) >= frameHeaderSize+pageSize; frames = frames[frameHeaderSize+pageSize:] {
		head, page := frames[:frameHeaderSize], frames[frameHeaderSize:][:pageSize]
		same := bytes.Equal(head[8:16], salts)
		sum = sum.add(order, head[:8]).add(order, page)
		sum.invalid = sum.invalid || !same || !sum.matches(head[16:])
		if sum.invalid && same && binary.BigEndian.Uint32(head[4:]) != 0 {
			lost++
		}
	}
	return lost
}

// The first words of a log, and the first of the index of one in memory
// (sqlite.org/fileformat2.html, WAL-Index Format). The lowest bit of the magic
// number says the order of bytes of the checksums.
const (
	walMagic   = 0x377f0682
	walVersion = 3007000
)

// isLogHead reports whether a file that begins so is a write-ahead log, or
// nothing yet. Either of two words will do, so that a damaged log is found to
// be damaged and not taken for something else.
func isLogHead(head []byte) bool {
	return isBlank(head) ||
		len(head) >= 4 && binary.BigEndian.Uint32(head)&^1 == walMagic ||
		len(head) >= 8 && binary.BigEndian.Uint32(head[4:]) == walVersion
}

// isIndexHead reports whether a file that begins so is what SQLite keeps of a
// log in shared memory, in the native byte order.
func isIndexHead(head []byte) bool {
	return isBlank(head) || len(head) >= 4 && binary.NativeEndian.Uint32(head) == walVersion
}

func isBlank(head []byte) bool { return len(bytes.Trim(head, "\x00")) == 0 }

// logOrder returns the order of bytes that the checksums of a log are in: the
// lowest bit of its first word says.
func logOrder(header []byte) binary.ByteOrder {
	if header[3]&1 != 0 {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// logSum is the running checksum of a log.
type logSum struct {
	s0, s1  uint32
	invalid bool // it didn't match once, so that nothing after it can
}

func (s logSum) add(order binary.ByteOrder, data []byte) logSum {
	for ; len(data) >= 8 && !s.invalid; data = data[8:] {
		s.s0 += order.Uint32(data) + s.s1
		s.s1 += order.Uint32(data[4:]) + s.s0
	}
	return s
}

// matches compares with a stored checksum, which is big-endian always.
func (s logSum) matches(stored []byte) bool {
	return s.s0 == binary.BigEndian.Uint32(stored) && s.s1 == binary.BigEndian.Uint32(stored[4:])
}
