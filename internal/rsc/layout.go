// Package rsc is the compiled policy file, ups_<sid>_<uid>.rsc: its reader
// and its writer. docs/compiled-format.md is the definition; sections of it are named where
// they are followed.
//
// A file is a container of one resource. The resource is a plain layout of
// fields, or a chain of runs in which strings are compressed and which
// expands to that layout. So there are three steps each way: file, runs,
// policies.
package rsc

// The container (docs/compiled-format.md, Container). All integers are little-endian.
const (
	uid1 = 0x101F4A6B // a resource file

	offsetUID2     = 4
	offsetUID3     = 8
	offsetChecksum = 12
	offsetFlags    = 16
	offsetLargest  = 17
	offsetBits     = 19
	offsetResource = 20 // one bit for one resource takes one byte

	indexSize   = 4 // two offsets: of the resource, and of the index itself
	maxOffset   = 0xFFFF
	maxExpanded = 0xFFFF // largest resource, a WORD

	flagNoUID3    = 1 << 0
	bitCompressed = 1 << 0 // of the first and only resource
)

// The resource (docs/compiled-format.md, The resource). Sizes are
// without what varies: SIDs, destination and its padding.
const (
	headerlessSize = 2 + 4 + 2 // version, reserved, number of policies
	headerSize     = 2 + 2 + 1 + 4 + 4
	policySize     = 4 + 2 + 1 + 1 + 4 + 4 + 4 + 2 + 2 + 4

	maxCount       = 0xFFFF // policies in a file, SIDs in a policy
	maxDestination = 0xFF   // UTF-16 units

	padding = 0xAB // before a string that would start at an odd offset
)
