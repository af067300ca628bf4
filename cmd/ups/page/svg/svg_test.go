package svg

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ups/cmd/ups/page/model"
	"ups/internal/natures"
	"ups/lint/analysis"
	"ups/policy"
)

func modelOf(f *policy.File) *model.List { return model.Of(f, analysis.Analyse(f, analysis.Options{})) }

// TestNatures holds that pictures are well-formed, small, and have each policy at
// a place of its own.
func TestNatures(t *testing.T) {
	const elements, size = 2500, 400 << 10
	for _, nature := range natures.All() {
		for _, n := range []int{1, 2, 60, 61, 1500} {
			l := modelOf(nature.List(n))
			picture := Draw(l, Options{Title: nature.Name, ID: "a"})
			if got := countElements(t, picture); got > elements || len(picture) > size {
				t.Errorf("%s, %d policies: %d elements, %d bytes", nature.Name, n, got, len(picture))
			}
			checkColumns(t, newLayout(l))
		}
	}
}

func countElements(t *testing.T, picture string) (n int) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(picture))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return n
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := token.(xml.StartElement); ok {
			n++
		}
	}
}

// checkColumns holds that the columns fill the width, side by side, and that the
// bands have all of them.
func checkColumns(t *testing.T, l *layout) {
	t.Helper()
	x := float64(left)
	for _, c := range l.columns {
		if math.Abs(c.x-x) > 1e-6 || c.w <= 0 {
			t.Fatalf("policy %d is at %v, want %v; its width is %v", c.policy, c.x, x, c.w)
		}
		x += c.w
	}
	if math.Abs(x-(width-l.right)) > 1e-6 {
		t.Errorf("the columns end at %v", x)
	}
	var together []column
	for _, b := range bandsOf(l.columns) {
		together = append(together, b.columns...)
	}
	if !slices.Equal(together, l.columns) {
		t.Error("the bands have other columns")
	}
}

// TestGolden has pictures of a list by heart: UPDATE=1 writes them.
func TestGolden(t *testing.T) {
	f := natures.NewList()
	f.Header.AuthorisationPolicy = policy.CheckUnprotectedSIDs
	f.Policies = []policy.Policy{
		{SIDClasses: policy.AllSIDs, Destination: policy.NewText("112"), Options: policy.Yes},
		{SIDs: []uint32{0x20001234}, Destination: policy.NewText("+44<&*"), Options: policy.No},
		{SIDClasses: policy.AllSIDs, Destination: policy.NewText("+44*"), Options: policy.Yes | policy.No},
		{SIDClasses: policy.AllSIDs, Destination: policy.NewText("+4490*"), Options: policy.No},
	}
	l := modelOf(f)
	for name, o := range map[string]Options{"list.svg": {Title: `a "list" & more`}, "interactive.svg": {Title: "x", ID: "b", Interactive: true}} {
		got := Draw(l, o)
		path := filepath.Join("testdata", name)
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil || got != string(want) {
			t.Errorf("%s isn't what it was (%v)", name, err)
		}
	}
}

// TestLetters reads back what a script reads: who decides in which row.
func TestLetters(t *testing.T) {
	f := natures.NewList()
	f.Policies = []policy.Policy{
		{SIDClasses: policy.ProtectedSIDs, Destination: policy.NewText("*"), Options: policy.Yes},
		{SIDClasses: policy.AllSIDs, Destination: policy.NewText("a*"), Options: policy.No},
	}
	l := modelOf(f)
	d := &drawing{list: l, layout: newLayout(l)}
	var got []string
	for i := range l.Rows {
		got = append(got, l.Rows[i].Who+" "+l.Rows[i].Check+" "+d.letters(&l.Rows[i]))
	}
	want := []string{"protected SIDs passed or failed as.", "unprotected SIDs passed or failed .dq"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestStack holds that what is stacked stays in its row, and fills what it is of.
func TestStack(t *testing.T) {
	paths := make([]strings.Builder, len(classes))
	s := stack{0.25, 0.5, 0, 0.25}
	s.draw(paths, &band{[]column{{1, 10, 1}, {2, 11, 3}}}, 100, 40)
	for i, want := range []string{"M10 100h4v10h-4z", "M10 110h4v20h-4z", "", "M10 130h4v10h-4z", ""} {
		if got := paths[i].String(); got != want {
			t.Errorf("%s: %q, want %q", classes[i], got, want)
		}
	}
}
