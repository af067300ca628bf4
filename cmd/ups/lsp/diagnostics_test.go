package lsp

import (
	"strings"
	"testing"

	"ups/cmd/ups/lsp/protocol"
)

// list is a source of a few policies.
const list = `#include <ups/policies.rh>
UID2 KUidUpsPolicyResourceFile
UID3 0x10000001
RESOURCE POLICIES p
	{
	header = POLICY_HEADER { authorisationpolicy = EAlwaysCheck; dialogcreator = 0x10000002; };
	policies =
		{
		POLICY { destination = "+44*"; options = KYes|KNo; },
		POLICY { destination = "+4490*"; options = KNo; },
		POLICY { options = KYes|KNo|KAlways; }
		};
	}
`

func TestDiagnostics(t *testing.T) {
	c := start(t, "-- ups_10000001_10000002.rss --\n"+list)
	d := c.open("ups_10000001_10000002.rss")
	ds := c.found(d, "unreachable")
	if got := ds[0]; got.Source != "ups" || got.Severity != protocol.SeverityError || got.Range.Start.Line != 9 || len(got.Tags) != 1 || len(got.RelatedInformation) == 0 {
		t.Errorf("%+v", got)
	}
	c.replace(d, "+4490*", "+4990*")
	c.found(d)
	c.replace(d, "KNo|KAlways", "KNo|KAlway")
	ds = c.found(d, "constant-unknown")
	if !strings.Contains(ds[0].Message, "did you mean KAlways?") {
		t.Errorf("%+v", ds)
	}
	c.replace(d, "KAlway", "KAlways")
	c.found(d)
	c.notify("textDocument/didClose", protocol.DocumentParams{TextDocument: protocol.TextDocumentIdentifier{URI: d.uri}})
	c.wait(d.uri, func(p protocol.PublishDiagnosticsParams) bool { return p.Version == nil && len(p.Diagnostics) == 0 })
}

const withHeader = `
-- .ups.yaml --
include: [common]
-- common/sids.rh --
#define KCalendar 0x10000011
#define KGame 0x90000012
-- ups_10000001_10000002.rss --
#include <ups/policies.rh>
#include <sids.rh>
UID2 KUidUpsPolicyResourceFile
UID3 0x10000001
RESOURCE POLICIES p
	{
	header = POLICY_HEADER { authorisationpolicy = EAlwaysCheck; dialogcreator = 0x10000002; };
	policies =
		{
		POLICY { sid_list = {KCalendar}; options = KYes; },
		POLICY { sid_list = {KGame}; options = KNo; },
		POLICY { options = KYes|KNo; }
		};
	}
-- sub/ups_10000001_10000003.rss --
#include <ups/policies.rh>
#include "../common/sids.rh"
UID2 KUidUpsPolicyResourceFile
UID3 0x10000002
RESOURCE POLICIES q
	{
	header = POLICY_HEADER { authorisationpolicy = EAlwaysCheck; dialogcreator = 0x10000002; };
	policies = { POLICY { sid_list = {KGame}; options = KNo; }, POLICY { options = KYes|KNo; } };
	}
`

// TestHeaders has a header that isn't saved checked by the sources that read it,
// those that aren't open too.
func TestHeaders(t *testing.T) {
	c := start(t, withHeader)
	d := c.open("ups_10000001_10000002.rss")
	c.found(d)
	h := c.open("common/sids.rh")
	c.replace(h, "KGame 0x90000012", "KGames 0x90000012")
	c.found(d, "constant-unknown")
	other := c.uri("sub/ups_10000001_10000003.rss")
	c.wait(other, func(p protocol.PublishDiagnosticsParams) bool {
		return len(p.Diagnostics) == 1 && p.Diagnostics[0].Code == "constant-unknown" && p.Version == nil
	})
	c.replace(h, "KGames 0x90000012", "KGame 0x10000011")
	c.found(d, "unreachable")
	c.wait(other, func(p protocol.PublishDiagnosticsParams) bool { return len(p.Diagnostics) == 0 })
	c.replace(h, "#define KGame 0x10000011", "#define KGame (0x10000011")
	c.found(d, "unexpected") // where the macro is used
	c.replace(h, "(0x10000011", "0x100000011")
	if ds := c.found(d, "out-of-range"); len(ds[0].RelatedInformation) == 0 || ds[0].RelatedInformation[0].Location.URI.Path() != h.path {
		t.Errorf("it isn't said where the macro is defined: %+v", ds)
	}
	c.notify("textDocument/didClose", protocol.DocumentParams{TextDocument: protocol.TextDocumentIdentifier{URI: h.uri}})
	c.found(d) // what is on the disk counts again
}

// TestConfiguration has the configuration count that isn't saved.
func TestConfiguration(t *testing.T) {
	c := start(t, "-- .ups.yaml --\nlint:\n  rules:\n    unreachable: off\n-- ups_10000001_10000002.rss --\n"+list)
	d := c.open("ups_10000001_10000002.rss")
	c.found(d)
	y := c.open(".ups.yaml")
	c.replace(y, "off", "warning")
	if ds := c.found(d, "unreachable"); ds[0].Severity != protocol.SeverityWarning {
		t.Errorf("%+v", ds)
	}
	c.replace(y, "warning", "loud")
	c.found(y, "config-invalid")
	c.notify("textDocument/didClose", c.document(y)) // what is on the disk is right
	c.wait(y.uri, func(p protocol.PublishDiagnosticsParams) bool { return p.Version == nil && len(p.Diagnostics) == 0 })
	y = c.open(".ups.yaml")
	c.replace(y, "off", "loud")
	if ds := c.found(y, "config-invalid"); ds[0].Range.Start.Line != 2 {
		t.Errorf("%+v", ds)
	}
	c.found(d, "config-invalid")
	c.replace(y, "loud", "off")
	c.found(y)
	c.found(d)
}

// TestOtherFiles leaves alone what is no policy source.
func TestOtherFiles(t *testing.T) {
	c := start(t, "-- other.rss --\nRESOURCE DIALOG r { flags = 1; }\n-- a.rss --\nRESOURCE POLICIES p { }\n")
	other := c.open("other.rss")
	a := c.open("a.rss")
	c.wait(a.uri, func(p protocol.PublishDiagnosticsParams) bool { return len(p.Diagnostics) > 0 })
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.published[other.uri]) > 0 {
		t.Errorf("%+v", c.published[other.uri])
	}
}
