package lists

import (
	"encoding/json"
	"strings"
	"testing"

	"ups/cmd/ups/internal/answer"
	"ups/compiler"
	"ups/policy"
)

const source = `#include <ups/policies.rh>
UID2 KUidUpsPolicyResourceFile
UID3 0x20030001
RESOURCE POLICIES p
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { destination = "112"; options = KYes; },
		POLICY { sid_classes = KProtectedSids; options = KYes|KNo; }
		};
	}
`

func compiled(t *testing.T) []byte {
	t.Helper()
	r := compiler.Compile("a.rss", []byte(source), compiler.Options{})
	if r.Failed() {
		t.Fatal(r.Diagnostics)
	}
	return r.Bytes
}

func ask(sid uint32, destination string) answer.Request {
	return answer.Request{Request: policy.Request{SID: sid, Destination: policy.NewText(destination)}}
}

func TestAnswer(t *testing.T) {
	var l Lists
	if err := l.Load(4, "a.rsc", compiled(t)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		sid         uint32
		destination string
		policy      int // 0 for the default policy
		earlier     int
		why         string // of the last of them
	}{
		{0x20000001, "112", 1, 0, ""},
		{0x20000001, "110", 2, 1, `destination: "112" can follow "11", but not the "0" after it`},
		{0x90000001, "\x00<&>", 0, 2, "SID: class 9 of 0x90000001 isn't in sid_classes 0x00ff"},
	} {
		b, err := l.Answer(4, ask(c.sid, c.destination), 10)
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Answer struct {
				SchemaVersion int
				File          string
				Policy        int
				Earlier       []struct{ Why string }
			}
			Lines []struct{ Name, Text string }
		}
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatalf("%v: %s", err, b)
		}
		a := got.Answer
		if a.Policy != c.policy || a.SchemaVersion != 1 || a.File != "a.rsc" || len(got.Lines) != 9 || len(a.Earlier) != c.earlier {
			t.Errorf("%q: %+v", c.destination, got)
		}
		if n := len(a.Earlier); n > 0 && a.Earlier[n-1].Why != c.why {
			t.Errorf("%q: %s, want %s", c.destination, a.Earlier[n-1].Why, c.why)
		}
	}
}

func TestRefused(t *testing.T) {
	var l Lists
	for name, b := range map[string][]byte{"empty": nil, "text": []byte(source), "cut": compiled(t)[:40]} {
		if err := l.Load(0, "a.rsc", b); err == nil || !strings.HasPrefix(err.Error(), "a.rsc: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	refused := &policy.File{UID2: policy.ResourceFileUID, UID3: 1, Version: policy.FormatVersion, Header: &policy.Header{}}
	if err := l.Put(0, "a.rss", refused); err == nil || !strings.Contains(err.Error(), "dialog creator is 0") {
		t.Errorf("no creator: %v", err)
	}
	if _, err := l.Answer(0, ask(1, ""), 10); err == nil {
		t.Error("a list that isn't there answers")
	}
	if err := l.Load(0, "a.rsc", compiled(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Answer(0, ask(1, strings.Repeat("a", answer.MaxDestination+1)), 10); err == nil {
		t.Error("a destination that is too long is taken")
	}
}
