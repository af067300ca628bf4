package policy_test

import (
	"strings"
	"testing"

	"ups/policy"
)

func TestFileNamesInAnyCase(t *testing.T) {
	want := policy.Service{Server: 0x101F7F1F, Service: 0x1000A00A}
	name := want.FileName(policy.CompiledExt)
	if name != "ups_101f7f1f_1000a00a.rsc" {
		t.Fatal(name)
	}
	for _, n := range []string{name, strings.ToUpper(name), "Ups_101f7F1f_1000A00a.rSc"} {
		if s, ext, ok := policy.ParseFileName(n); s != want || ext != policy.CompiledExt || !ok {
			t.Errorf("%s: %+v %s %t", n, s, ext, ok)
		}
	}
	if name := (policy.Service{Server: 1, Service: 0xA}).FileName(policy.SourceExt); name != "ups_00000001_0000000a.rss" {
		t.Error(name)
	}
}

// The name alone says which file it is; the extension is for the caller to judge.
func TestExtensionsOfFileNames(t *testing.T) {
	for _, ext := range []string{policy.SourceExt, policy.PreprocessedExt, policy.CompiledExt, ".rsc~", ".", ""} {
		if s, got, ok := policy.ParseFileName("UPS_101F7F1F_1000A00A" + strings.ToUpper(ext)); got != ext || !ok || s.Service != 0x1000A00A {
			t.Errorf("%s: %+v %s %t", ext, s, got, ok)
		}
	}
	if _, ext, ok := policy.ParseFileName("payments.RSS"); ext != policy.SourceExt || ok {
		t.Errorf("%s %t", ext, ok)
	}
}

func TestOtherFileNamesAreRefused(t *testing.T) {
	for _, n := range []string{
		"", "x", "-", ".rsc", "ups_.rsc", "ups__.rsc", "payments.rss",
		"ups_101f7f1f_1000a00a.rsc.tmp", "ups_101f7f1f_1000a00a_1.rss", "ups_101f7f1f.rss",
		"xups_101f7f1f_1000a00a.rsc", "upt_101f7f1f_1000a00a.rsc", "ups-101f7f1f-1000a00a.rsc", "ups_101f7f1f-1000a00a.rsc",
		"a/ups_101f7f1f_1000a00a.rsc", "ups_101f7f1f_1000a00a/.rsc",
		"ups_101f7f1_1000a00a.rsc", "ups_101f7f1f_1000a00.rsc", "ups_101f7f1f_1000a00a0.rsc", "ups_101f7f1f1_000a00a.rsc",
		"ups_101f7f1g_1000a00a.rsc", "ups_0x1f7f1f_1000a00a.rsc", "ups_+01f7f1f_1000a00a.rsc", "ups_101f7f1f_1000_00a.rsc",
		"ups_101f7f1f_+000a00a.rsc", "ups_ 01f7f1f_1000a00a.rsc", "ups_101f7f1f_1000a0é.rsc", "upſ_101f7f1f_1000a00.rsc",
	} {
		if s, _, ok := policy.ParseFileName(n); ok || s != (policy.Service{}) {
			t.Errorf("%q: %+v", n, s)
		}
	}
}
