package rsc

import (
	"errors"
	"reflect"
	"slices"
	"testing"
)

// checkDecode holds the properties of Decode for any bytes: an *Error with a
// sentinel, or a File that is written and read as the same again.
func checkDecode(tb testing.TB, b []byte) {
	tb.Helper()
	f, err := Decode(b)
	if err != nil {
		var at *Error
		if f != nil || !errors.As(err, &at) || at.Field == "" || at.Offset < 0 || !at.Expanded && at.Offset > len(b) {
			tb.Fatalf("no clear error: %v\n%x", err, b)
		}
		if !errors.Is(err, ErrFormat) && !errors.Is(err, ErrTruncated) {
			tb.Fatalf("no sentinel: %v", err)
		}
		return
	}
	again, err := Encode(f)
	if errors.Is(err, ErrTooBig) && len(b) > maxOffset/2 {
		return // the file was compressed better than by the rules
	}
	if err != nil {
		tb.Fatalf("accepted, but not written: %v\n%x", err, b)
	}
	if got, err := Decode(again); err != nil || !reflect.DeepEqual(f, got) {
		tb.Fatalf("written again, it's read as something else: %v\n%x", err, b)
	}
}

// damaged are the files that are damaged at every place: with and without
// runs, from the reference compiler and our own.
var damaged = []string{"seed-example", "string-255", "string-surrogate-half", "sid-wide", "resource-empty", "r00001"}

func damagedFiles(t *testing.T) [][]byte {
	t.Helper()
	all := corpus(t)
	files := [][]byte{encoded(t, sample())}
	for _, name := range damaged {
		if all[name] == nil {
			t.Fatalf("no file %s", name)
		}
		files = append(files, all[name])
	}
	return files
}

func TestTruncated(t *testing.T) {
	for _, file := range damagedFiles(t) {
		for n := range file {
			if _, err := Decode(file[:n]); err == nil {
				t.Errorf("accepted %d bytes of %d", n, len(file))
			}
			checkDecode(t, file[:n])
		}
	}
}

func TestCorrupted(t *testing.T) {
	for _, file := range damagedFiles(t) {
		for i := range file {
			for _, value := range []byte{0, 0xFF, file[i] + 1, file[i] ^ 0x80} {
				b := slices.Clone(file)
				b[i] = value
				checkDecode(t, b)
			}
		}
	}
}

func TestUIDChecksumFindsEveryFlippedBit(t *testing.T) {
	file := encoded(t, sample())
	for bit := range 8 * offsetFlags {
		b := slices.Clone(file)
		b[bit/8] ^= 1 << (bit % 8)
		if _, err := Decode(b); !errors.Is(err, ErrFormat) {
			t.Errorf("bit %d: %v", bit, err)
		}
	}
}

func TestUIDChecksum(t *testing.T) {
	uids := little.AppendUint32(nil, uid1)
	uids = little.AppendUint32(uids, 0x102836B3)
	uids = little.AppendUint32(uids, 0x01100001)
	if got := uidChecksum(uids); got != 0xB07A9973 {
		t.Errorf("0x%08X, want 0xB07A9973", got)
	}
	// The check value of CRC-16/XMODEM.
	crc := uint16(0)
	for _, b := range []byte("123456789") {
		crc = crc16(crc, b)
	}
	if crc != 0x31C3 {
		t.Errorf("CRC 0x%04X, want 0x31C3", crc)
	}
}
