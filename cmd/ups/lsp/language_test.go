package lsp

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ups/cmd/ups/lsp/protocol"
)

func (c *client) hover(d *document, marked string) string {
	var h *protocol.Hover
	c.call("textDocument/hover", c.at(d, marked), &h)
	if h == nil {
		return ""
	}
	return h.Contents.Value
}

func TestHover(t *testing.T) {
	c := start(t, withHeader)
	d := c.open("ups_10000001_10000002.rss")
	h := c.open("common/sids.rh")
	in := c.openText("ups_10000009_10000002.rss", list)
	tests := []struct {
		d      *document
		marked string
		want   []string // parts of what is shown; none for nothing
	}{
		{d, "opt^ions = KYes;", []string{"**options** of `POLICY`: LONG", "What the prompt offers", "Default: `KYes|KNo`", "`KNever`: an option: no, which is stored"}},
		{d, "dialog^creator", []string{"of `POLICY_HEADER`", "lug-in that asks the user"}},
		{d, "KY^es;", []string{"KYes 0x01", "An option: yes, this time.", "Its value is 1.", "Defined in ups/ups.hrh."}},
		{d, "EAlways^Check", []string{"ll requests are asked about", "Its value is 0."}},
		{d, "KCal^endar", []string{"KCalendar 0x10000011", "0x10000011, 268435473", "Defined in sids.rh."}},
		{h, "KGam^e", []string{"KGame 0x90000012", "0x90000012"}},
		{d, "RESOURCE POLI^CIES", []string{"**POLICIES**", "`header`: what holds for all policies"}},
		{d, "POL^ICY { sid_list = {KGame}", []string{
			"**Policy `2 · * · 0x90000012 · denies`**", "It decides, for example, a request of SID 0x90000012, check passed, destination `\"\"`.",
			"There is no prompt: only noes are offered, so requests are denied.",
		}},
		{d, "POL^ICY { options", []string{
			"3 · * · all · asks yes/no", "Without it every decision would be the same.",
			"The prompt offers Yes, No.", "The dialog creator is 0x10000002, the policy evaluator the built-in one",
		}},
		{d, "RESOU^RCE", nil},
		{d, "UID3 0x^1", nil},
		{in, "POL^ICY { destination = \"+4490", []string{
			"2 · +4490* · all · denies", "It decides nothing: policy 1 (line 9) matches all that it does.",
			"It denies; policy 1 (line 9) does otherwise with a request of SID",
		}},
		{in, "+44^*", []string{"1 · +44* · all · asks yes/no"}},
		{in, "POL^ICY { options", []string{"3 · * · all · asks yes/no/always"}},
	}
	for _, tt := range tests {
		got := c.hover(tt.d, tt.marked)
		if len(tt.want) == 0 && got != "" {
			t.Errorf("%s: %s", tt.marked, got)
		}
		for _, part := range tt.want {
			if !strings.Contains(got, part) {
				t.Errorf("%s: no %q in:\n%s", tt.marked, part, got)
			}
		}
	}
}

func (c *client) completions(d *document, offset int) []protocol.CompletionItem {
	var l protocol.CompletionList
	at := protocol.TextDocumentPositionParams{TextDocument: protocol.TextDocumentIdentifier{URI: d.uri}, Position: d.Position(offset)}
	c.call("textDocument/completion", at, &l)
	return l.Items
}

// TestCompletion types at a place of a source, and looks at all that is offered, and
// at what comes of the first.
func TestCompletion(t *testing.T) {
	c := start(t, withHeader)
	c.open("ups_10000001_10000002.rss")
	head := "#include <ups/policies.rh>\n#include <sids.rh>\n#define ASK KYes|KNo\nRESOURCE POLICIES p { "
	tests := []struct {
		text string // up to the ^
		want string // labels
		then string // the text with the first
	}{
		{head + "policies = { POLICY { options = KYes|^", "KNo KSessionYes KAlways KNever KSessionNo KSession ASK", "KYes|KNo"},
		{head + "policies = { POLICY { options = KYes|KA^", "KNo KSessionYes KAlways KNever KSessionNo KSession ASK", "KYes|KNo"},
		{head + "policies = { POLICY { systemserversecurity = ^", "ESystemServerSecurityPassedOrFailed ESystemServerSecurityFailed ESystemServerSecurityPassed", "security = ESystemServerSecurityPassedOrFailed"},
		{head + "policies = { POLICY { options = KYes; fl^", "sid_classes sid_list systemserversecurity destination policyevaluator dialogcreator flags reservedWord reservedLink", "KYes; sid_classes = $1;"},
		{head + "policies = { POLICY { sid_list = { 0x1, ^", "KCalendar KGame", "0x1, KCalendar"},
		{"#define KOne 0x10000001\n#define A POLICY\nPOLICY { sid_list = { ^", "0x90000012 0x10000011 KOne", "{ 0x90000012"},
		{head + "policies = { POLICY { dialogcreator = ^", "0x10000002 KCalendar KGame", "dialogcreator = 0x10000002"},
		{head + "policies = { POLICY { destination = \"^\"", "*", "destination = \"*\""},
		{head + "policies = { POLICY { destination = ^;", "*", "destination = \"*\""},
		{head + "policies = { ^", "POLICY", "{ POLICY\n\t{\n\tdestination = \"${1:*}\";"},
		{head + "header = ^", "POLICY_HEADER", "header = POLICY_HEADER\n"},
		{head + "header = POLICY_HEADER { ^ }; policies = { }; }", "majorversion minorversion authorisationpolicy policyevaluator dialogcreator", "{ majorversion = ${1:0}; }"},
		{head + "version = 1; ^ header = POLICY_HEADER { }; }", "reserved policies", "version = 1; reserved = ${1:0};"},
		{"^", "policies RESOURCE POLICIES UID2 UID3 CHARACTER_SET UTF8", "#include <ups/policies.rh>\n\nUID2"},
		{"#^", "include define undef if ifdef ifndef elif else endif error", "#include"},
		{"#include <ups/p^", "ups/policies.rh ups/ups.hrh", "#include <ups/policies.rh>"},
		{"#include \"^\"\n", "sids.rh", "#include \"sids.rh\"\n"},
		{"#include \"si^x.rh\" // which\n", "sids.rh", "#include \"sids.rh\" // which\n"},
		{"#include <ol^d.rh>\n", "ups/policies.rh ups/ups.hrh sids.rh", "#include <ups/policies.rh>\n"},
		{"#include \"../common/^\"\n", "../common/sids.rh", "#include \"../common/sids.rh\"\n"},
		{head + "policies = { POLICY { flags = ^\n#define PREMIUM 0x0001\n", "PREMIUM", "flags = PREMIUM"},
		{"#define A 1\n#ifdef ^", "A", "#ifdef A"},
		{"#define A^", "", "#define A"},
		{"#define A KSessionYes|KN^", "KYes KNo KAlways KNever KSessionNo KSession A", "KSessionYes|KYes"},
		{"// ups:ignore unr^", "", "// ups:ignore"},
		{"// n^othing", "", "// n"},
		{head + "version = ^", "", "version = "},
	}
	for i, tt := range tests {
		name := filepath.Join("new", string(rune('a'+i))+".rss")
		d := c.openText(name, strings.Replace(tt.text, "^", "", 1))
		items := c.completions(d, strings.IndexByte(tt.text, '^'))
		var labels []string
		for _, item := range items {
			labels = append(labels, item.Label)
		}
		if strings.Contains(tt.text, "ups:ignore") {
			if !slices.Contains(labels, "unreachable") || len(labels) < 30 {
				t.Errorf("%s: %q", tt.text, labels)
			}
			continue
		}
		if d := cmp.Diff(tt.want, strings.Join(labels, " ")); d != "" {
			t.Errorf("%s\n-want +got:\n%s", tt.text, d)
		}
		now := d.String()
		if len(items) > 0 {
			now = appliedTo(t, d.text, []protocol.TextEdit{*items[0].TextEdit})
		}
		if !strings.Contains(now, tt.then) {
			t.Errorf("%s\nbecomes\n%s\nwithout %s", tt.text, now, tt.then)
		}
	}
}

func TestDefinition(t *testing.T) {
	c := start(t, withHeader)
	d := c.open("ups_10000001_10000002.rss")
	for marked, want := range map[string]string{
		"KCal^endar":           "common/sids.rh:1:9",
		"<sids^.rh>":           "common/sids.rh:1:1",
		"<ups/pol^icies.rh>":   "policies.rh:1:1",
		"KY^es;":               "ups.hrh:16:9",
		"opt^ions = KYes;":     "policies.rh:23:7",
		"EAlways^Check":        "ups.hrh:50:2",
		"POL^ICY { sid_list":   "policies.rh:17:8",
		"RESOURCE POLICIES ^p": "ups_10000001_10000002.rss:5:19",
		"RESOU^RCE":            "",
	} {
		var found []protocol.Location
		c.call("textDocument/definition", c.at(d, marked), &found)
		got := ""
		for _, l := range found {
			path := l.URI.Path()
			if _, err := os.Stat(path); err != nil {
				t.Error(err)
			}
			name := strings.TrimPrefix(filepath.ToSlash(strings.TrimPrefix(path, c.dir)), "/")
			if i := strings.LastIndex(name, "/ups/headers/ups/"); i >= 0 {
				name = name[i+len("/ups/headers/ups/"):]
			}
			got += name + placeText(l.Range.Start)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", marked, got, want)
		}
	}
}
