package main

import "testing"

func TestIDsOf(t *testing.T) {
	tests := map[string]bool{
		"ups_101f7f1f_1000a00a.rss": true, "a/UPS_101F7F1F_1000A00A.RSS": true, "ups_101f7f1f_1000a00a.rpp": true,
		"ups_101f7f1f_1000a00a": false, "ups_101f7f1f_1000a00a.rsc": false, "ups_101f7f1f.rss": false,
		"ups_101f7f1f_1000a00.rss": false, "ups_101f7f1f_1000a00ab.rss": false, "ups_101f7f1g_1000a00a.rss": false,
		"ups_101f7f1f_1000a00a_1.rss": false, "ups_+01f7f1f_1000a00a.rss": false, "payments.rss": false, "-": false,
	}
	for name, want := range tests {
		server, service, ok := idsOf(name)
		if ok != want || ok && (server != 0x101f7f1f || service != 0x1000a00a) {
			t.Errorf("%s: %x, %x, %v", name, server, service, ok)
		}
	}
	if got := compiledName(0x101F7F1F, 0xA); got != "ups_101f7f1f_0000000a.rsc" {
		t.Error(got)
	}
}
