package lsp

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ups/cmd/ups/lsp/protocol"
)

func (c *client) rename(d *document, marked, name string) protocol.RenameParams {
	c.t.Helper()
	return protocol.RenameParams{TextDocumentPositionParams: c.at(d, marked), NewName: name}
}

func TestRename(t *testing.T) {
	c := start(t, withHeader)
	d := c.open("ups_10000001_10000002.rss")
	var prepared protocol.PrepareRenameResult
	c.call("textDocument/prepareRename", c.at(d, "{KG^ame}"), &prepared)
	if prepared.Placeholder != "KGame" {
		t.Errorf("%+v", prepared)
	}
	var edit protocol.WorkspaceEdit
	c.call("textDocument/rename", c.rename(d, "{KG^ame}", "KChess"), &edit)
	c.apply(&edit)
	if now := c.now(d).String(); now != strings.ReplaceAll(d.String(), "KGame", "KChess") || !strings.Contains(now, "{KChess}") {
		t.Errorf("%s", now)
	}
	for name, want := range map[string]string{
		"common/sids.rh":                "#define KCalendar 0x10000011\n#define KChess 0x90000012\n",
		"sub/ups_10000001_10000003.rss": "sid_list = {KChess};",
	} {
		b, err := os.ReadFile(filepath.Join(c.dir, name))
		if err != nil || !strings.Contains(string(b), want) {
			t.Errorf("%s: %s, %v", name, b, err)
		}
	}
	c.notify("workspace/didChangeWatchedFiles", struct{}{})
	c.found(d)
}

func TestRenameRefuses(t *testing.T) {
	c := start(t, withHeader+"-- paste.rss --\n"+`#include <ups/policies.rh>
#define KOne 1
#define PASTE(x) K##x
UID2 KUidUpsPolicyResourceFile
UID3 PASTE(One)
RESOURCE POLICIES p { header = POLICY_HEADER { dialogcreator = 1; }; policies = { POLICY { options = KNo; } }; }
`)
	d, paste := c.open("ups_10000001_10000002.rss"), c.open("paste.rss")
	c.found(paste)
	for _, tt := range []struct {
		d            *document
		marked, name string
		why          string
	}{
		{d, "{KG^ame}", "KCalendar", "KCalendar is a name in"},
		{d, "{KG^ame}", "RESOURCE", "no keyword"},
		{d, "{KG^ame}", "1st", "can't be a name"},
		{d, "{KG^ame}", "options", "options is a name in"},
		{d, "KY^es;", "Yes", "header of the platform"},
		{d, "opt^ions", "x", "a name of the platform's"},
		{d, "UID3 0x^1", "x", "there is no name here"},
		{paste, "KO^ne 1", "KTwo", "would not compile to the same file"},
	} {
		if why := c.refused("textDocument/rename", c.rename(tt.d, tt.marked, tt.name)); !strings.Contains(why, tt.why) {
			t.Errorf("%s to %s: %s", tt.marked, tt.name, why)
		}
	}
}

func TestReferences(t *testing.T) {
	c := start(t, withHeader+"-- apart/ups_10000001_10000004.rss --\n#define KGame 1\nRESOURCE POLICIES p { policies = { POLICY { sid_list = {KGame}; } }; }\n")
	d := c.open("ups_10000001_10000002.rss")
	for _, declarations := range []bool{true, false} {
		p := protocol.ReferenceParams{TextDocumentPositionParams: c.at(d, "{KG^ame}")}
		p.Context.IncludeDeclaration = declarations
		var found []protocol.Location
		c.call("textDocument/references", p, &found)
		var got []string
		for _, l := range found {
			name, _ := filepath.Rel(c.dir, l.URI.Path())
			got = append(got, filepath.ToSlash(name)+placeText(l.Range.Start))
		}
		want := []string{"common/sids.rh:2:9", "sub/ups_10000001_10000003.rss:8:36", "ups_10000001_10000002.rss:11:24"}
		if !declarations {
			want = want[1:]
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("-want +got:\n%s", d)
		}
	}
	var marks []protocol.DocumentHighlight
	c.call("textDocument/documentHighlight", c.at(d, "opt^ions = KYes;"), &marks)
	if len(marks) != 3 {
		t.Errorf("%+v", marks)
	}
}

func TestFormatting(t *testing.T) {
	c := start(t, "")
	d := c.openText("ups_10000001_10000002.rss", strings.Replace(list, "policies =\n\t\t{", "policies={", 1))
	var edits []protocol.TextEdit
	c.call("textDocument/formatting", protocol.DocumentParams{TextDocument: protocol.TextDocumentIdentifier{URI: d.uri}}, &edits)
	got := appliedTo(t, d.text, edits)
	if got == d.String() || len(edits) != 1 || edits[0].Range.Start.Line < 3 || got != list {
		t.Errorf("%+v\n%s", edits, got)
	}
	again := c.openText("ups_10000001_10000003.rss", got)
	c.call("textDocument/formatting", protocol.DocumentParams{TextDocument: protocol.TextDocumentIdentifier{URI: again.uri}}, &edits)
	if len(edits) != 0 {
		t.Errorf("laid out again: %+v", edits)
	}
	broken := c.openText("ups_10000001_10000004.rss", "RESOURCE POLICIES p { x = \"")
	if why := c.refused("textDocument/formatting", protocol.DocumentParams{TextDocument: protocol.TextDocumentIdentifier{URI: broken.uri}}); !strings.Contains(why, "not closed") {
		t.Error(why)
	}
}

// actions returns what is offered at a place, by title.
func (c *client) actions(d *document, marked string, only ...string) map[string]protocol.CodeAction {
	c.t.Helper()
	at := c.at(d, marked)
	p := protocol.CodeActionParams{TextDocument: at.TextDocument, Range: protocol.Range{Start: at.Position, End: at.Position}}
	p.Context.Only = only
	var list []protocol.CodeAction
	c.call("textDocument/codeAction", p, &list)
	out := map[string]protocol.CodeAction{}
	for _, a := range list {
		out[a.Title] = a
	}
	return out
}

func TestQuickFixes(t *testing.T) {
	c := start(t, "")
	d := c.openText("ups_10000001_10000002.rss", strings.Replace(list, "{ destination = \"+44*", "{ sid_list = {1, 2}; sid_classes = KAllSids; destination = \"+44*", 1))
	ds := c.found(d, "classes-ignored")
	got := c.actions(d, "sid_cl^asses")
	fix, ok := got["Remove sid_classes (proved to keep every decision)"]
	if !ok || !fix.IsPreferred || len(fix.Diagnostics) != 1 || !cmp.Equal(fix.Diagnostics[0], ds[0]) {
		t.Fatalf("%+v", got)
	}
	c.apply(fix.Edit)
	c.found(d)
	if now := c.now(d).String(); strings.Contains(now, "sid_classes") || !strings.Contains(now, "sid_list = {1, 2};") {
		t.Error(now)
	}
	c.replace(d, "sid_list = {1, 2}; ", "")
	c.found(d, "unreachable")

	ignore, ok := c.actions(d, "+4^490*")["Ignore unreachable here: write the reason after it"]
	if !ok {
		t.Fatalf("%+v", c.actions(d, "+4^490*"))
	}
	c.apply(ignore.Edit)
	c.found(d, "ignore-reason", "unreachable")
	c.replace(d, "ups:ignore unreachable ", "ups:ignore unreachable kept for the next release")
	c.found(d)

	c.replace(d, "dialogcreator", "dialogcretor")
	c.found(d, "field-unknown")
	meant, ok := c.actions(d, "dialogcre^tor")["Write dialogcreator"]
	if !ok {
		t.Fatalf("%+v", c.actions(d, "dialogcre^tor"))
	}
	c.apply(meant.Edit)
	c.found(d)
	if only := c.actions(d, "+4^490*", "refactor"); len(only) > 0 {
		t.Errorf("%+v", only)
	}
}

const unsorted = `#include <ups/policies.rh>
UID2 KUidUpsPolicyResourceFile
UID3 0x10000001
RESOURCE POLICIES p
	{
	header = POLICY_HEADER { authorisationpolicy = EAlwaysCheck; dialogcreator = 0x10000002; };
	policies =
		{
		POLICY { destination = "+44*"; options = KYes|KNo; },
		// the special ones
		POLICY { destination = "+4490*"; options = KYes|KNo; },
		POLICY { options = KYes|KNo|KAlways; }
		};
	}
`

func TestSortAndExplain(t *testing.T) {
	c := start(t, "")
	d := c.openText("ups_10000001_10000002.rss", unsorted)
	sort, ok := c.actions(d, "+44^90*")["Sort the policies, as far as that keeps every decision"]
	if !ok {
		t.Fatal("sort is not offered")
	}
	c.call("workspace/executeCommand", protocol.ExecuteCommandParams{Command: sort.Command.Command, Arguments: sort.Command.Arguments}, nil)
	c.told("1 policy moved; every decision is proved to stay.")
	now := c.now(d).String()
	if special, general := strings.Index(now, "// the special ones"), strings.Index(now, "+44*"); special > general || special < 0 {
		t.Error(now)
	}
	c.call("workspace/executeCommand", protocol.ExecuteCommandParams{Command: sort.Command.Command, Arguments: sort.Command.Arguments}, nil)
	c.told("in order already")

	explain, ok := c.actions(d, "+44^90*")["Explain policy 1"]
	if !ok {
		t.Fatalf("%+v", c.actions(d, "+44^90*"))
	}
	var told string
	c.call("workspace/executeCommand", protocol.ExecuteCommandParams{Command: explain.Command.Command, Arguments: explain.Command.Arguments}, &told)
	if !strings.HasPrefix(told, "**Policy `1 · +4490* · all · asks yes/no`**") {
		t.Error(told)
	}
	for _, bad := range [][]any{{d.uri, 9}, {d.uri}, {}, {7}, {c.uri("none.rss"), 1}} {
		c.refused("workspace/executeCommand", protocol.ExecuteCommandParams{Command: explainCommand, Arguments: bad})
	}
}

func TestWhatWouldChange(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Fatal(err)
	}
	c := start(t, "-- ups_10000001_10000002.rss --\n"+list)
	git := func(args ...string) {
		cmd := exec.Command("git", append([]string{"-c", "user.name=t", "-c", "user.email=t@example.org"}, args...)...)
		cmd.Dir = c.dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s, %v", out, err)
		}
	}
	d := c.open("ups_10000001_10000002.rss")
	ask := protocol.ExecuteCommandParams{Command: diffCommand, Arguments: []any{d.uri}}
	if why := c.refused("workspace/executeCommand", ask); !strings.Contains(why, "not in a git work tree") {
		t.Error(why)
	}
	git("init", "-q")
	git("add", ".")
	git("commit", "-qm", "x")
	c.found(d, "unreachable")
	c.call("workspace/executeCommand", ask, nil)
	c.told("Nothing changes for any request against HEAD")
	c.replace(d, "KYes|KNo|KAlways", "KYes")
	c.found(d, "unreachable", "silent-accept")
	c.call("workspace/executeCommand", ask, nil)
	ds := c.found(d, "unreachable", "", "silent-accept")
	change := ds[slices.IndexFunc(ds, func(d protocol.Diagnostic) bool { return d.Code == "" })]
	if change.Severity != protocol.SeverityInformation || change.Range.Start.Line != 10 ||
		!strings.Contains(change.Message, "Since HEAD: allowed without asking, where the user was asked") || !strings.Contains(change.Message, "example: SID") {
		t.Errorf("%+v", change)
	}
	c.replace(d, "KYes;", "KYes ;")
	c.found(d, "unreachable", "silent-accept")
}
