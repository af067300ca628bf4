package rsc

// uidChecksum returns the checksum of the three UIDs, the first twelve bytes of
// a file: one CRC of the bytes at odd offsets, one of those at even offsets.
func uidChecksum(uids []byte) uint32 {
	var odd, even uint16
	for i, b := range uids {
		if i%2 == 1 {
			odd = crc16(odd, b)
		} else {
			even = crc16(even, b)
		}
	}
	return uint32(odd)<<16 | uint32(even)
}

// crc16 takes one byte into a CRC-16/CCITT: polynomial 0x1021, no reflection,
// no final xor.
func crc16(crc uint16, b byte) uint16 {
	crc ^= uint16(b) << 8
	for range 8 {
		carry := crc >> 15
		crc = crc<<1 ^ carry*0x1021
	}
	return crc
}
