package sqlite

import (
	"encoding/binary"
	"hash/crc32"
)

// checksumSize is the number of bytes that SQLite reserves at the end of each
// page, and that hold its checksum: the CRC-32C of the rest of the page and of
// the page's number, little-endian. With the number in it, a page that was
// written to another's place doesn't match. The checksum of a page of zeros
// isn't zero.
const checksumSize = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(page []byte, number uint32) uint32 {
	sum := crc32.Checksum(page[:len(page)-checksumSize], castagnoli)
	return crc32.Update(sum, castagnoli, binary.LittleEndian.AppendUint32(nil, number))
}

func setChecksum(page []byte, number uint32) {
	binary.LittleEndian.PutUint32(page[len(page)-checksumSize:], checksum(page, number))
}

func matchesChecksum(page []byte, number uint32) bool {
	return binary.LittleEndian.Uint32(page[len(page)-checksumSize:]) == checksum(page, number)
}
