package lsp

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ups/cmd/ups/lsp/protocol"
)

// TestIndexIsMadeForAll looks at the folders for who can't wait as well: the work is
// not lost, and nobody is held up by it.
func TestIndexIsMadeForAll(t *testing.T) {
	c := start(t, withHeader)
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if _, complete := c.server.indexed(gone); complete {
		t.Error("the folders were looked at in no time")
	}
	c.server.mu.Lock() // what looks at the folders asks for them now
	c.server.folderIndex.forget()
	c.server.mu.Unlock()
	entries, complete := c.server.indexed(context.Background())
	if len(entries) != 2 || !complete {
		t.Errorf("%d entries", len(entries))
	}
	if again, complete := c.server.indexed(gone); len(again) != 2 || !complete {
		t.Error("it is made again though nothing changed")
	}
}

// TestIndexReadsWhatChanged reads a source again if it, or a header of it, changed.
func TestIndexReadsWhatChanged(t *testing.T) {
	c := start(t, withHeader)
	before, _ := c.server.indexed(context.Background())
	write(t, filepath.Join(c.dir, "ups_10000001_10000002.rss"), list)
	if err := os.Remove(filepath.Join(c.dir, "sub/ups_10000001_10000003.rss")); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(c.dir, "new/ups_10000001_10000004.rss"), list)
	if now, _ := c.server.indexed(context.Background()); len(now) != len(before) {
		t.Error("the folders are looked at though nothing was said to have changed")
	}
	c.server.folderIndex.forget()
	after, _ := c.server.indexed(context.Background())
	for name, want := range map[string]int{"ups_10000001_10000002.rss": 3, "new/ups_10000001_10000004.rss": 3, "sub/ups_10000001_10000003.rss": 0} {
		e := after[filepath.Join(c.dir, name)]
		if (e == nil) != (want == 0) || e != nil && len(e.listed) != want {
			t.Errorf("%s: %+v", name, e)
		}
	}
	write(t, filepath.Join(c.dir, "common/sids.rh"), "#define KGame 1")
	c.server.folderIndex.forget()
	same, _ := c.server.indexed(context.Background())
	if path := filepath.Join(c.dir, "new/ups_10000001_10000004.rss"); same[path] != after[path] {
		t.Error("a source is read again whose files are as they were")
	}
	read := func() *entry {
		c.server.folderIndex.forget()
		now, _ := c.server.indexed(context.Background())
		return now[filepath.Join(c.dir, "new/ups_10000001_10000004.rss")]
	}
	write(t, filepath.Join(c.dir, "new/ups_10000001_10000004.rss"), "#include \"later.rh\"\n"+list)
	if e := read(); e.file != nil {
		t.Error("it compiles without its header")
	}
	write(t, filepath.Join(c.dir, "new/later.rh"), "")
	found := read()
	if found.file == nil {
		t.Error("its header isn't found that came later")
	}
	write(t, filepath.Join(c.dir, "new/.ups.yaml"), "define: {KOther: 4}\n")
	if read() == found {
		t.Error("its configuration isn't found that came later")
	}
}

// TestManyDestinations completes by what is written where there are too many.
func TestManyDestinations(t *testing.T) {
	var policies strings.Builder
	for i := range maxInUse + 100 {
		fmt.Fprintf(&policies, "POLICY { destination = \"tel%03d\"; options = KNo; }, ", i)
	}
	c := start(t, "-- ups_10000001_10000003.rss --\n"+strings.Replace(list, "POLICY {", policies.String()+"POLICY {", 1))
	d := c.openText("new.rss", "#include <ups/policies.rh>\nRESOURCE POLICIES p { policies = { POLICY { destination = \"tel59")
	var all protocol.CompletionList
	if !c.eventually(func() bool { _, complete := c.server.indexed(context.Background()); return complete }) {
		t.Fatal("the folders aren't looked at")
	}
	c.call("textDocument/completion", c.at(d, `"^tel59`), &all)
	if !all.IsIncomplete || len(all.Items) != maxInUse {
		t.Errorf("%d items, incomplete: %v", len(all.Items), all.IsIncomplete)
	}
	c.call("textDocument/completion", c.at(d, "tel59^"), &all)
	if len(all.Items) != 10 || all.Items[0].Label != "tel590" || all.Items[0].FilterText != `"tel590"` {
		t.Errorf("%+v", all.Items)
	}
}
