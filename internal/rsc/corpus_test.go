package rsc

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"ups/policy"
)

// corpusSize is how many compiled files of the reference compiler there are.
var corpusSize = map[string]int{"accept": 72, "random": 200, "unchecked": 11}

// undecodable are the files that Decode refuses, and why.
var undecodable = map[string]error{
	// The first policy is read as the header, and what is left is too much.
	"header-missing": ErrFormat,
	// The resource ends before a header could.
	"resource-empty": ErrTruncated,
}

// corpus reads all compiled files of the reference compiler, by name.
func corpus(tb testing.TB) map[string][]byte {
	tb.Helper()
	files := map[string][]byte{}
	for dir, want := range corpusSize {
		paths, err := filepath.Glob(filepath.Join("../../compiler/testdata/conformance", dir, "*.rsc"))
		if err != nil || len(paths) != want {
			tb.Fatalf("%s: %d files, want %d (%v)", dir, len(paths), want, err)
		}
		for _, path := range paths {
			b, err := os.ReadFile(path)
			if err != nil {
				tb.Fatal(err)
			}
			files[strings.TrimSuffix(filepath.Base(path), ".rsc")] = b
		}
	}
	return files
}

func TestCorpusRoundTrip(t *testing.T) {
	read, compressed := 0, 0
	for name, want := range corpus(t) {
		f, err := Decode(want)
		if refusal := undecodable[name]; refusal != nil {
			if !errors.Is(err, refusal) {
				t.Errorf("%s: error %v, want %v", name, err, refusal)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		read++
		compressed += int(want[offsetBits])
		got, err := Encode(f)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: written again: %v\n%s", name, err, cmp.Diff(want, got))
		}
	}
	if read != 281 || compressed < 150 {
		t.Errorf("%d files were read, %d of them compressed; want 281, and at least 150", read, compressed)
	}
}

// The two files that can't be read can be written.
func TestEncodeWithoutHeader(t *testing.T) {
	files := corpus(t)
	all := policy.Policy{SIDClasses: policy.AllSIDs, Destination: policy.NewText("*"), Options: policy.Yes | policy.No}
	for name, policies := range map[string][]policy.Policy{"header-missing": {all}, "resource-empty": nil} {
		f := &policy.File{UID2: policy.ResourceFileUID, UID3: 0x01100001, Version: 1, Policies: policies}
		got, err := Encode(f)
		if err != nil || !bytes.Equal(got, files[name]) {
			t.Errorf("%s: %v\n%s", name, err, cmp.Diff(files[name], got))
		}
	}
}

func TestDecodeFields(t *testing.T) {
	got, err := Decode(corpus(t)["big-1500"])
	if err != nil {
		t.Fatal(err)
	}
	want := policy.Policy{
		SIDClasses:   policy.AllSIDs,
		SIDs:         []uint32{0x100005DB},
		Destination:  policy.NewText("*1499"),
		Options:      policy.Yes | policy.No,
		ReservedWord: 0,
		Flags:        1499,
	}
	if len(got.Policies) != 1500 || got.UID2 != policy.ResourceFileUID || got.UID3 != 0x01100001 || got.NoUID3 {
		t.Fatalf("%d policies, UIDs %#x %#x, NoUID3 %v", len(got.Policies), got.UID2, got.UID3, got.NoUID3)
	}
	if diff := cmp.Diff(want, got.Policies[1499], same); diff != "" {
		t.Error(diff)
	}
	header := policy.Header{AuthorisationPolicy: policy.CheckPostManufacture, DialogCreator: 0x10283694}
	if diff := cmp.Diff(&header, got.Header, same); diff != "" {
		t.Error(diff)
	}
}

// same compares Files as to what they say: an empty list is like none.
var same = cmpopts.EquateEmpty()
