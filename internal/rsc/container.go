package rsc

// container is a file without the content of its resource.
type container struct {
	uid2, uid3         uint32
	noUID3, compressed bool
	largest            int // size of the resource when uncompressed
	resource           []byte
	index              int // offset
}

// readContainer takes a file apart and checks all of it but the resource.
func readContainer(b []byte) (c container, err error) {
	if err = checkUIDs(b); err != nil {
		return c, err
	}
	if len(b) < offsetResource+indexSize {
		return c, truncated(len(b), "resource index")
	}
	if err = checkFlags(b); err != nil {
		return c, err
	}
	if c.index, err = readIndex(b); err != nil {
		return c, err
	}
	c.uid2 = little.Uint32(b[offsetUID2:])
	c.uid3 = little.Uint32(b[offsetUID3:])
	c.noUID3 = b[offsetFlags]&flagNoUID3 != 0
	c.compressed = b[offsetBits]&bitCompressed != 0
	c.largest = int(little.Uint16(b[offsetLargest:]))
	c.resource = b[offsetResource:c.index]
	return c, nil
}

func checkUIDs(b []byte) error {
	if len(b) < offsetFlags {
		return truncated(len(b), "UIDs")
	}
	if uid := little.Uint32(b); uid != uid1 {
		return formatError(0, "UID1", "0x%08X, and a resource file has 0x%08X", uid, uint32(uid1))
	}
	want := uidChecksum(b[:offsetChecksum])
	if sum := little.Uint32(b[offsetChecksum:]); sum != want {
		return formatError(offsetChecksum, "UID checksum", "0x%08X, and the UIDs have 0x%08X", sum, want)
	}
	return nil
}

// checkFlags refuses bits that mean nothing, since no File can hold them.
func checkFlags(b []byte) error {
	if flags := b[offsetFlags]; flags&^flagNoUID3 != 0 {
		return formatError(offsetFlags, "flags", "unknown bits in 0x%02X", flags)
	}
	if bits := b[offsetBits]; bits&^bitCompressed != 0 {
		return formatError(offsetBits, "compression bits", "0x%02X is for more than one resource", bits)
	}
	return nil
}

// readIndex returns the offset of the index, which must list one resource that
// fills all before it.
func readIndex(b []byte) (int, error) {
	place := len(b) - 2
	index := int(little.Uint16(b[place:]))
	switch size := len(b) - index; {
	case size == indexSize:
	case index < offsetResource || size < indexSize || size%2 != 0:
		return 0, formatError(place, "resource index", "can't start at %d in a file of %d bytes", index, len(b))
	default:
		return 0, formatError(place, "resource index", "%d resources, and a policy file has one", size/2-1)
	}
	if at := little.Uint16(b[index:]); at != offsetResource {
		return 0, formatError(index, "resource index", "the resource can't start at %d", at)
	}
	return index, nil
}
