package runtime

import (
	"errors"
	"strings"
	"testing"
)

func TestFileNamesInAnyCase(t *testing.T) {
	name := FileName(0x101F7F1F, 0x1000A00A)
	if name != "ups_101f7f1f_1000a00a.rsc" {
		t.Fatal(name)
	}
	for _, n := range []string{name, strings.ToUpper(name), "Ups_101f7F1f_1000A00a.rSc"} {
		if server, service, err := ParseFileName(n); err != nil || server != 0x101F7F1F || service != 0x1000A00A {
			t.Errorf("%s: %#x %#x %v", n, server, service, err)
		}
	}
}

func TestOtherFileNamesAreRefused(t *testing.T) {
	for _, n := range []string{
		"", "x", ".rsc", "ups_.rsc", "ups__.rsc",
		"ups_101f7f1f_1000a00a", "ups_101f7f1f_1000a00a.rss", "ups_101f7f1f_1000a00a.rsc~", "ups_101f7f1f_1000a00a.rsc.tmp",
		"xups_101f7f1f_1000a00a.rsc", "upt_101f7f1f_1000a00a.rsc", "ups-101f7f1f-1000a00a.rsc", "ups_101f7f1f-1000a00a.rsc",
		"ups_101f7f1_1000a00a.rsc", "ups_101f7f1f_1000a00.rsc", "ups_101f7f1f_1000a00a0.rsc", "ups_101f7f1f1_000a00a.rsc",
		"ups_101f7f1g_1000a00a.rsc", "ups_0x1f7f1f_1000a00a.rsc", "ups_+01f7f1f_1000a00a.rsc", "ups_101f7f1f_1000_00a.rsc",
		"ups_ 01f7f1f_1000a00a.rsc", "ups_101f7f1f_1000a00a.rſc", "ups_101f7f1f_1000a0é.rsc",
	} {
		if server, service, err := ParseFileName(n); !errors.Is(err, ErrInvalidPolicyFileName) {
			t.Errorf("%q: %#x %#x %v", n, server, service, err)
		}
	}
}
