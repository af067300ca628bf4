package flags

import (
	"testing"
)

func TestUIDFlag(t *testing.T) {
	tests := map[string]uint32{
		"0x101f7f1f": 0x101f7f1f, "0xFFFFFFFF": 0xffffffff, "0x1": 1,
		"": 0, "0x": 0, "0x0": 0, "10283695": 0, "101f7f1f": 0, "0X1": 0, "0x100000000": 0, "-0x1": 0, "0x-1": 0, "0x+1": 0, "0x1_0": 0,
	}
	for in, want := range tests {
		var u UID
		if err := u.Set(in); (err == nil) != (want != 0) || u.Value != want || u.Given != (want != 0) {
			t.Errorf("%q: %v, %v", in, u, err)
		}
	}
}
