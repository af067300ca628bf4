package answer

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"ups/diag"
	"ups/policy"
)

// placed is a policy with a place in a source.
func placed(p policy.Policy, file string, line, column int) policy.Policy {
	start := diag.Pos{Filename: file, Line: line, Column: column}
	p.Places.Whole.Span = diag.Span{Start: start, End: start}
	return p
}

func answered(t *testing.T, f *policy.File, r Request) Answer {
	t.Helper()
	a, err := Decide(f, r)
	if err != nil {
		t.Fatal(err)
	}
	a.File = `ü "x".rss`
	return a
}

// TestJSON holds every member, to the letter.
func TestJSON(t *testing.T) {
	f := file(
		placed(policy.Policy{SIDs: []uint32{1}, Destination: policy.NewText("x"), Options: policy.No, Flags: 9, DialogCreator: 0xabcdef01}, "a b.rss", 7, 3),
		policy.Policy{SIDClasses: 0xffff, Destination: policy.Text{'"', 0xD800, 0x7f, '*'}, Options: policy.Yes | policy.No},
	)
	ask := func(sid uint32, destination string, drive byte) Request {
		return Request{Request: policy.Request{SID: sid, Passed: true, Destination: policy.NewText(destination)}, Drive: drive}
	}
	first := answered(t, f, ask(1, "x", 'z'))
	none := answered(t, f, ask(0x80000002, "xy", 0))
	none.Explain(f, 2)
	for _, c := range []struct {
		a    Answer
		line int
		want string
	}{
		{first, 0, `{"schemaVersion":1,"policy":1,"policies":2,"file":"ü \"x\".rss","place":{"file":"a b.rss","line":7,"column":3},"destination":"x",` +
			`"options":"0x00000002","prompts":false,"decision":"no","policyevaluator":"0x00000007","dialogcreator":"0xabcdef01","flags":9,` +
			`"majorversion":3,"minorversion":1,"authorisationpolicy":1,"clientLibrary":"allow"}`},
		{none, 12, `{"line":12,"policy":null,"policies":2,"file":"ü \"x\".rss","place":null,"destination":"*",` +
			`"options":"0x00000003","prompts":true,"decision":null,"policyevaluator":"0x00000007","dialogcreator":"0x20012001","flags":0,` +
			`"majorversion":3,"minorversion":1,"authorisationpolicy":1,"clientLibrary":"ask","earlier":[` +
			`{"policy":1,"sid":false,"destination":false,"security":true,"reach":1,"why":"SID: 0x80000002 isn't in sid_list; destination: \"x\" can follow \"x\", but not the \"y\" after it"},` +
			`{"policy":2,"sid":true,"destination":false,"security":true,"reach":null,"why":"destination: \"\\\"�\\x7f*\" isn't matched; one of the two isn't regular text"}]}`},
	} {
		b := c.a.AppendJSON([]byte{}, c.line)
		if string(b) != c.want || !json.Valid(b) {
			t.Errorf("%s\nwant\n%s", b, c.want)
		}
	}
	if got := string(AppendError(nil, 3, fmt.Errorf("no \"x\""))); got != `{"line":3,"error":"no \"x\""}` {
		t.Error(got)
	}
}

// TestLines holds what is said of policies that ask, that don't, and of none.
func TestLines(t *testing.T) {
	f := file(
		placed(policy.Policy{SIDs: []uint32{1}, Options: policy.No, Flags: 9, DialogCreator: 2}, "a.rss", 7, 3),
		policy.Policy{SIDs: []uint32{2}, Destination: policy.NewText("x"), Options: policy.Yes | policy.No},
	)
	f.Header.PolicyEvaluator = 0
	for _, c := range []struct {
		r    Request
		want string
	}{
		{Request{Request: policy.Request{SID: 1, Passed: true}, Drive: 'z'}, "1 of 2, a.rss:7:3|a.rss, version 3.1||KNo|no: the decision is no|0x00000000 (the default evaluator)|0x00000002|0x0009|no, allowed without (ECheckPostManufacture)"},
		{Request{Request: policy.Request{SID: 2, Passed: true, Destination: policy.NewText("x")}}, "2 of 2|a.rss, version 3.1|x|KYes|KNo|yes|0x00000000 (the default evaluator)|0x20012001|0x0000|yes; from drive Z it would be allowed without (ECheckPostManufacture)"},
		{Request{Request: policy.Request{SID: 3}, Drive: 'c'}, "none of 2 matches: the default policy|a.rss, version 3.1|*|KYes|KNo|yes|0x00000000 (the default evaluator)|0x20012001|0x0000|yes (ECheckPostManufacture)"},
	} {
		a := answered(t, f, c.r)
		a.File = "a.rss"
		var texts []string
		for _, l := range a.Lines() {
			texts = append(texts, l.Text)
		}
		if got := strings.Join(texts, "|"); got != c.want {
			t.Errorf("%s\nwant\n%s", got, c.want)
		}
		if a.Explain(f, 2); len(a.EarlierLines()) != len(a.Earlier) || len(a.Earlier) > 0 && a.EarlierLines()[0].Text != "a.rss:7:3: "+a.Why(a.Earlier[0]) {
			t.Errorf("%v", a.EarlierLines())
		}
	}
}
