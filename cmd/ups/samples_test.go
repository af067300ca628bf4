package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The samples in the documentation are run as a reader would, page by page, each
// page in an empty folder of its own. HTML comments say what the text around a
// sample says:
//
//	<!-- file: NAME -->             the next block is the content of a file
//	<!-- copy: NAME from PATH -->   a file of the repository
//	<!-- edit: NAME: OLD => NEW --> a change to a file that the text describes
//	<!-- silent: COMMAND -->        a command that must print nothing
//	<!-- not run: REASON -->        the next block isn't run
//	<!-- example: FUNC in FILE -->  the next block is the body of an example, which go test runs
//
// A console block is commands after "$ " and what they print. A JSON block must
// be JSON. Pages of rules are generated, and package lint tests them.

// The number of blocks that are run or compared, and of those that aren't.
const (
	samplesRun    = 59
	samplesNotRun = 44
)

var directive = regexp.MustCompile(`^<!-- ([a-z ]+): (.*) -->$`)

func TestSamples(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	count := map[bool]int{}
	for _, pattern := range []string{"README.md", "docs/*.md", "examples/*/README.md"} {
		pages, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(pages) == 0 {
			t.Fatalf("%s: %d pages, error %v", pattern, len(pages), err)
		}
		for _, path := range pages {
			t.Run(strings.TrimPrefix(path, root+"/"), func(t *testing.T) {
				p := &page{T: t, root: root, dir: filepath.Join(t.TempDir(), "page"), count: count}
				if err := os.Mkdir(p.dir, 0o777); err != nil {
					t.Fatal(err)
				}
				p.run(read(t, path))
			})
		}
	}
	if count[true] != samplesRun || count[false] != samplesNotRun {
		t.Errorf("%d blocks are run and %d are not, want %d and %d", count[true], count[false], samplesRun, samplesNotRun)
	}
}

// The first scenario in the documentation is for the policies in the README.
func TestDocumentedScenarioOnDocumentedPolicies(t *testing.T) {
	dir := t.TempDir()
	policies := firstBlock(t, "../../README.md", "```c\n")
	scenario := firstBlock(t, "../../docs/scenarios.md", "```yaml\n")
	writeSource(t, filepath.Join(dir, "ups_20020001_20020011.rss"), policies)
	writeSource(t, filepath.Join(dir, "dial.scenario.yaml"), scenario)
	if got := ups(t, dir, "", "test", "dial.scenario.yaml"); got.status != 0 || got.stdout != "3 scenarios in 1 file: all passed\n" {
		t.Errorf("%+v", got)
	}
}

func firstBlock(t *testing.T, path, fence string) string {
	t.Helper()
	_, rest, _ := strings.Cut(read(t, path), fence)
	block, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatalf("%s has no block %q", path, fence)
	}
	return block
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// page is a page of which the samples are run.
type page struct {
	*testing.T
	root, dir string
	file      string // that the next block is the content of
	not       bool   // the next block isn't run
	example   string // that the next block is the body of
	// ups runs a command line of ups; nil runs it in this process.
	ups   func(args []string) string
	count map[bool]int
}

func (p *page) run(text string) {
	lines := strings.SplitAfter(text, "\n")
	for i := 0; i < len(lines); i++ {
		line := strings.TrimRight(lines[i], "\n")
		if m := directive.FindStringSubmatch(line); m != nil {
			p.comment(m[1], m[2])
		}
		kind, fenced := strings.CutPrefix(line, "```")
		if !fenced {
			continue
		}
		first := i + 1
		for i = first; strings.TrimRight(lines[i], "\n") != "```"; i++ {
		}
		p.block(kind, strings.Join(lines[first:i], ""), first+1)
	}
}

func (p *page) comment(what, text string) {
	switch what {
	case "file":
		p.file = text
	case "silent":
		if got := p.command(strings.Fields(text)); got != "" {
			p.Errorf("%s prints\n%s", text, got)
		}
	case "not run":
		p.not = true
	case "example":
		name, file, _ := strings.Cut(text, " in ")
		p.example = exampleBody(p.T, filepath.Join(p.root, file), name)
	case "copy":
		name, from, _ := strings.Cut(text, " from ")
		writeSource(p, filepath.Join(p.dir, name), read(p.T, filepath.Join(p.root, from)))
	case "edit":
		name, change, _ := strings.Cut(text, ": ")
		from, to, _ := strings.Cut(change, " => ")
		before := read(p.T, filepath.Join(p.dir, name))
		if strings.Count(before, from) != 1 {
			p.Fatalf("%q is %d times in %s, want once", from, strings.Count(before, from), name)
		}
		writeSource(p, filepath.Join(p.dir, name), strings.Replace(before, from, to, 1))
	default:
		p.Errorf("unknown comment %q", what)
	}
}

// block runs a block that begins at a line of the page.
func (p *page) block(kind, text string, line int) {
	file, not, example := p.file, p.not, p.example
	p.file, p.not, p.example = "", false, ""
	p.count[!not]++
	switch {
	case not:
	case example != "":
		if text != example {
			p.Errorf("line %d shows\n%sand the example is\n%s", line, text, example)
		}
	case file != "":
		writeSource(p, filepath.Join(p.dir, file), text)
	case kind == "console":
		p.console(text, line)
	case kind == "json":
		p.json(text, line)
	default:
		p.Errorf("line %d: a block of kind %q is neither run nor marked", line, kind)
	}
}

func (p *page) json(text string, line int) {
	for d := json.NewDecoder(strings.NewReader(text)); ; {
		var value any
		if err := d.Decode(&value); err == io.EOF {
			return
		} else if err != nil {
			p.Errorf("line %d: %v", line, err)
			return
		}
	}
}

func (p *page) console(text string, line int) {
	var got strings.Builder
	for l := range strings.Lines(text) {
		if command, ok := strings.CutPrefix(l, "$ "); ok {
			got.WriteString(l + p.command(strings.Fields(command)))
		}
	}
	if got.String() != text {
		p.Errorf("line %d shows\n%sand it is\n%s", line, text, got.String())
	}
}

// command runs a command in the folder of the page, and returns what it prints.
func (p *page) command(args []string) string {
	if len(args) > 2 && args[0] == "go" && args[2] == "./cmd/ups" {
		args = append([]string{"ups"}, args[3:]...)
	}
	switch {
	case args[0] == "ups" && p.ups != nil:
		return p.ups(args[1:])
	case args[0] == "ups":
		p.Chdir(p.dir)
		var out bytes.Buffer
		con := testConsole(&out, &out)
		run(context.Background(), con, args[1:])
		return out.String()
	case args[0] == "go" && args[1] == "run":
		return p.program(args[2], args[3:])
	}
	p.Errorf("%q is no command that is run", args)
	return ""
}

// program runs an example as a process.
func (p *page) program(path string, args []string) string {
	exe := filepath.Join(p.TempDir(), "program")
	build := exec.Command("go", "build", "-o", exe, path)
	build.Dir = p.root
	if out, err := build.CombinedOutput(); err != nil {
		p.Fatalf("%v: %s", err, out)
	}
	program := exec.Command(exe, args...)
	program.Dir = p.dir
	out, err := program.CombinedOutput()
	if err != nil {
		p.Error(err)
	}
	return string(out)
}

// exampleBody returns what stands between the braces of a function, one tab less
// deep.
func exampleBody(t *testing.T, file, name string) string {
	t.Helper()
	_, rest, found := strings.Cut(read(t, file), "\nfunc "+name+"() {\n")
	body, _, closed := strings.Cut(rest, "\n}\n")
	if !found || !closed {
		t.Fatalf("%s has no function %s", file, name)
	}
	return strings.ReplaceAll("\n"+body, "\n\t", "\n")[1:] + "\n"
}
