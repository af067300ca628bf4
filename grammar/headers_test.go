package grammar

import (
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
)

// include is a folder with one header of a name that a built-in one has.
type include map[string]string

func (files include) ReadFile(name string, _ int64) ([]byte, error) {
	if text, ok := files[name]; ok {
		return []byte(text), nil
	}
	return nil, os.ErrNotExist
}

// TestHeadersAsIfReadHere compares trees with the headers as they were parsed
// before to trees for which they are parsed again, in all that trees hold.
func TestHeadersAsIfReadHere(t *testing.T) {
	const use = "#include <ups/policies.rh>\nUID2 KUidUpsPolicyResourceFile\nRESOURCE POLICIES { policies = { POLICY { options = KYes|KNo; } }; }\n"
	for name, tt := range map[string]struct {
		src   string
		opt   Options
		taken bool
	}{
		"first":              {src: use, taken: true},
		"quoted":             {src: "#include \"ups/policies.rh\"\nUID2 KYes", taken: true},
		"after a comment":    {src: "// KYes\n#pragma x\n#define Mine 1\n" + use, taken: true},
		"in a conditional":   {src: "#if !defined(X) && 1\n" + use + "#endif\n", taken: true},
		"before a semicolon": {src: "#include <ups/policies.rh>\n;", taken: true},
		"twice":              {src: use + use, taken: true},
		"without a guard":    {src: use + "#undef UPS_POLICIES_RH\n#undef UPS_UPS_HRH\n" + use, taken: true},
		"redefined":          {src: "#include <ups/policies.rh>\n#define KYes KNo\nUID2 KYes\nUID3 KNope", taken: true},
		"other define":       {src: use, opt: Options{Defines: []Define{{Name: "Mine"}}}, taken: true},
		"other folder":       {src: use, opt: Options{IncludeDirs: []string{"i"}}, taken: true},
		"after a statement":  {src: "NAME ABCD\n" + use},
		"constants alone":    {src: "#include <ups/ups.hrh>\n" + use},
		"constant defined":   {src: "#define KYes 5\n" + use},
		"keyword defined":    {src: use, opt: Options{Defines: []Define{{Name: "LONG", Value: "WORD"}}}},
		"enumerator defined": {src: "#define EAlwaysCheck EMine\n" + use},
		"guard defined":      {src: "#define UPS_UPS_HRH\n" + use},
		"guarded before":     {src: "#define UPS_POLICIES_RH\n#include <ups/policies.rh>\n#undef UPS_POLICIES_RH\n" + use},
		"in arguments":       {src: "#define F(x) x\nF(\n" + use + ")"},
		"after a macro":      {src: "#define Empty\nEmpty\n" + use},
		"own constants":      {src: use, opt: Options{IncludeDirs: []string{"i"}, Files: include{"i/ups/ups.hrh": "#define KAllSids 1"}}},
		"own structs":        {src: use, opt: Options{IncludeDirs: []string{"i"}, Files: include{"i/ups/policies.rh": "STRUCT POLICY { }"}}},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.opt.Files == nil {
				tt.opt.Files = include{}
			}
			again, _ := parse("a.rss", []byte(tt.src), tt.opt, nil)
			tree, _ := parse("a.rss", []byte(tt.src), tt.opt, parsedHeaders())
			if !reflect.DeepEqual(tree, again) {
				t.Errorf("%+v\nparsed again: %+v", tree, again)
			}
			shared := len(tree.Statements) > 0 && tree.Statements[0] == parsedHeaders().tree.Statements[0]
			if shared != tt.taken {
				t.Errorf("taken from before: %v, want %v", shared, tt.taken)
			}
		})
	}
}

// TestHeadersStayAsTheyAre parses several sources at once, and then compares
// what they share to the headers parsed again.
func TestHeadersStayAsTheyAre(t *testing.T) {
	paths, err := filepath.Glob("../compiler/testdata/conformance/accept/*.rss")
	if err != nil || len(paths) == 0 {
		t.Fatal(len(paths), err)
	}
	var group sync.WaitGroup
	for _, path := range paths {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		group.Go(func() {
			tree, _ := parse(path, src, Options{}, parsedHeaders())
			again, _ := parse(path, src, Options{}, nil)
			if !reflect.DeepEqual(tree, again) {
				t.Errorf("%s is read in two ways", path)
			}
		})
	}
	group.Wait()
	again, _ := parse("", []byte("#include <ups/policies.rh>\n"), Options{}, nil)
	if h := parsedHeaders(); !reflect.DeepEqual(h.tree, again) {
		t.Errorf("%+v\nparsed again: %+v", h.tree, again)
	}
}
