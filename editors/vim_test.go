//go:build editors

package editors

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// groupClasses has the classes of groups. Groups within a string or a comment
// are part of it.
var groupClasses = map[string]class{
	"":                        nothing,
	"upspolicyBuiltin":        constant,
	"upspolicyCharacter":      character,
	"upspolicyComment":        comment,
	"upspolicyComma":          sign,
	"upspolicySemicolon":      sign,
	"upspolicyConditional":    nothing,
	"upspolicyConstant":       constant,
	"upspolicyConstantName":   constant,
	"upspolicyContinuation":   nothing,
	"upspolicyDefault":        sign,
	"upspolicyDefine":         nothing,
	"upspolicyDefineWord":     directive,
	"upspolicyDefined":        constant,
	"upspolicyDefinition":     definition,
	"upspolicyDelimiter":      sign,
	"upspolicyDirectiveError": directive,
	"upspolicyEnum":           sign,
	"upspolicyEnumName":       structName,
	"upspolicyField":          field,
	"upspolicyHash":           directive,
	"upspolicyIgnore":         comment,
	"upspolicyInclude":        nothing,
	"upspolicyIncluded":       text,
	"upspolicyLength":         sign,
	"upspolicyLineMark":       nothing,
	"upspolicyList":           sign,
	"upspolicyMacro":          macro,
	"upspolicyMember":         field,
	"upspolicyMembers":        sign,
	"upspolicyMessage":        nothing,
	"upspolicyNumber":         number,
	"upspolicyNumberError":    number,
	"upspolicyOperator":       sign,
	"upspolicyParameter":      parameter,
	"upspolicyParameters":     sign,
	"upspolicyPaste":          sign,
	"upspolicyPreProc":        directive,
	"upspolicyQuoted":         nothing,
	"upspolicyResourceName":   resource,
	"upspolicyResourceStruct": structName,
	"upspolicyStatement":      keyword,
	"upspolicyString":         text,
	"upspolicyStruct":         structName,
	"upspolicyStructLength":   keyword,
	"upspolicyStructName":     structName,
	"upspolicyTodo":           comment,
	"upspolicyType":           keyword,
}

// neovim runs a script with the files of editors/vim, without any of the user's,
// in a folder; env is variables beside those of the process.
func neovim(t *testing.T, dir, script string, env ...string) {
	t.Helper()
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	cmd := exec.CommandContext(ctx, "nvim", "--headless", "-u", "NONE", "-i", "NONE", "-n",
		"--cmd", "set runtimepath^="+filepath.Join(here, "vim"),
		"--cmd", "filetype plugin on", "--cmd", "syntax on",
		"-c", "luafile "+filepath.Join(here, "testdata", script), "-c", "qall!")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	if err != nil || strings.Contains(string(out), "Error") {
		t.Fatalf("nvim: %v\n%s", err, out)
	}
}

// groups returns the stretches of texts, which Neovim opens by names of its
// file type.
func groups(t *testing.T, texts []string) (all [][]span, took []float64) {
	t.Helper()
	dir := t.TempDir()
	for i, text := range texts {
		name := filepath.Join(dir, "ups_"+strconv.Itoa(i)+".rss")
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	neovim(t, dir, "groups.lua", "COUNT="+strconv.Itoa(len(texts)))
	for i := range texts {
		data, err := os.ReadFile(filepath.Join(dir, strconv.Itoa(i)+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var answer struct {
			Spans []span
			Took  float64
		}
		if err := json.Unmarshal(data, &answer); err != nil {
			t.Fatal(err)
		}
		all, took = append(all, answer.Spans), append(took, answer.Took)
	}
	return all, took
}

// TestVimGroups compares the groups of the whole corpus with what ups reads.
func TestVimGroups(t *testing.T) {
	docs, counts := corpus(t), tally{}
	var texts []string
	for _, d := range docs {
		texts = append(texts, d.text)
	}
	all, _ := groups(t, texts)
	for i, d := range docs {
		compare(t, d, paintGroups(t, d.text, all[i]), counts)
	}
	enough(t, counts)
}

func paintGroups(t *testing.T, text string, spans []span) painted {
	t.Helper()
	return paint(text, spans, func(group string) class {
		c, known := groupClasses[group]
		if !known {
			t.Errorf("a group of no class: %q", group)
		}
		return c
	})
}
