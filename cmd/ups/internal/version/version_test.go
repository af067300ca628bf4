package version

import (
	"runtime/debug"
	"strings"
	"testing"
)

func TestVersionText(t *testing.T) {
	settings := func(modified string) []debug.BuildSetting {
		return []debug.BuildSetting{
			{Key: "vcs.revision", Value: "abc123"},
			{Key: "vcs.time", Value: "2026-01-02T03:04:05Z"},
			{Key: "vcs.modified", Value: modified},
		}
	}
	tests := []struct {
		info *debug.BuildInfo
		want string
	}{
		{nil, "ups without a version (not built from a release)\nbuilt with "},
		{&debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}, "ups without a version"},
		{&debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}}, "ups v1.2.3\nbuilt with "},
		{&debug.BuildInfo{Settings: settings("false")}, "\ncommit abc123 of 2026-01-02T03:04:05Z\n"},
		{&debug.BuildInfo{Settings: settings("true")}, "\ncommit abc123 of 2026-01-02T03:04:05Z, with changes\n"},
	}
	for _, tt := range tests {
		if got := Text(tt.info); !strings.Contains(got, tt.want) {
			t.Errorf("%+v: got %q, want %q", tt.info, got, tt.want)
		}
	}
}

func TestSemanticVersion(t *testing.T) {
	tests := []struct {
		info *debug.BuildInfo
		want string
	}{
		{nil, "0.0.0-devel"},
		{&debug.BuildInfo{}, "0.0.0-devel"},
		{&debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}, "0.0.0-devel"},
		{&debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}}, "1.2.3"},
		{&debug.BuildInfo{Main: debug.Module{Version: "v0.0.0-20260102030405-abc123def456+dirty"}}, "0.0.0-20260102030405-abc123def456+dirty"},
	}
	for _, tt := range tests {
		if got := Semantic(tt.info); got != tt.want {
			t.Errorf("%+v: got %q, want %q", tt.info, got, tt.want)
		}
	}
}
