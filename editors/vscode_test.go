//go:build editors

package editors

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// tokenized is the answer for one text.
type tokenized struct {
	Tokens  []span
	Slowest float64 // in milliseconds
}

// tokenizer is VS Code's tokenizer with the grammar of the extension.
type tokenizer struct {
	in  io.Writer
	out *bufio.Reader
}

func newTokenizer(t *testing.T) *tokenizer {
	t.Helper()
	cmd := exec.Command("node", "vscode/test/tokenize.mjs")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var complaints strings.Builder
	cmd.Stderr = &complaints
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil || complaints.Len() > 0 {
			t.Errorf("node: %v\n%s", err, &complaints)
		}
	})
	return &tokenizer{in, bufio.NewReader(out)}
}

func (n *tokenizer) tokenize(t *testing.T, text string) (r tokenized) {
	t.Helper()
	line, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintf(n.in, "%s\n", line); err != nil {
		t.Fatal(err)
	}
	answer, err := n.out.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(answer, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// scopeClasses has classes by how a scope begins, those that win first.
var scopeClasses = []struct {
	begins string
	class  class
}{
	{"comment.", comment},
	{"string.", text},
	{"constant.character.escape.line-continuation.", nothing},
	{"constant.character.", character},
	{"constant.numeric.", number},
	{"keyword.control.directive.", directive},
	{"invalid.illegal.directive.", directive},
	{"entity.name.function.preprocessor.", definition},
	{"variable.parameter.preprocessor.", parameter},
	{"keyword.other.statement.", keyword},
	{"storage.type.", keyword},
	{"entity.name.type.", structName},
	{"variable.other.member.", field},
	{"entity.name.section.resource.", resource},
	{"entity.name.function.macro.", macro},
	{"support.constant.", constant},
	{"constant.other.", constant},
	{"keyword.operator.defined.", constant},
	{"keyword.operator.", sign},
	{"punctuation.", sign},
	{"meta.", nothing},
}

func classOfScopes(t *testing.T, scopes []string) class {
	for _, c := range scopeClasses {
		for _, s := range scopes {
			if strings.HasPrefix(s, c.begins) {
				return c.class
			}
		}
	}
	if len(scopes) > 0 {
		t.Errorf("a scope of no class: %q", scopes)
	}
	return nothing
}

func paintScopes(t *testing.T, text string, spans []span) painted {
	t.Helper()
	return paint(text, spans, func(scopes string) class { return classOfScopes(t, strings.Fields(scopes)) })
}

// slowest is how long a line of the corpus may take, in milliseconds, on a machine
// that others use too; most take less than one.
const slowest = 500

// TestVSCodeScopes compares the scopes of the whole corpus with what ups reads.
func TestVSCodeScopes(t *testing.T) {
	n, counts := newTokenizer(t), tally{}
	for _, d := range corpus(t) {
		r := n.tokenize(t, d.text)
		compare(t, d, paintScopes(t, d.text, r.Tokens), counts)
		if r.Slowest > slowest {
			t.Errorf("%s: a line takes %.0f ms", d.name, r.Slowest)
		}
	}
	enough(t, counts)
}

// TestVSCodeLongLines tokenizes lines that make careless patterns slow.
func TestVSCodeLongLines(t *testing.T) {
	n := newTokenizer(t)
	n.tokenize(t, "warm") // compiles the patterns
	for _, unit := range longLines {
		const length = 20_000 // longer lines VS Code doesn't highlight (editor.maxTokenizationLineLength)
		r := n.tokenize(t, strings.Repeat(unit, length/len(unit)))
		if r.Slowest > 2000 {
			t.Errorf("%q, repeated to %d characters, takes %.0f ms", unit, length, r.Slowest)
		}
	}
}
