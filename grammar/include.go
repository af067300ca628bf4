package grammar

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"ups/diag"
)

// include carries out #include.
func (p *preprocessor) include(in *input, word Token, rest []Token) {
	if len(rest) > 0 && rest[0].Kind == Name {
		rest = p.expandAll(word, rest)
	}
	rest, extra := cutHeaderName(rest)
	name, quoted, ok := headerName(rest)
	if !ok {
		p.fail(word, "include-name", "", `#include needs a file: "name" or <name>`)
		return
	}
	p.warnExtra(word, extra)
	at := rest[0]
	at.end = rest[len(rest)-1].end
	if len(p.inputs) > MaxIncludeDepth {
		p.abandon()
		p.fail(at, "include-depth", "a file that includes itself needs a guard: #ifndef NAME, #define NAME, … #endif",
			"files include one another more than %d deep", MaxIncludeDepth)
		return
	}
	if p.lookups++; p.lookups > MaxIncludes {
		p.stop(at, fmt.Sprintf("files are included more than %d times", MaxIncludes))
		return
	}
	if s := p.find(in, at, name, quoted); s != nil && !p.takeHeaders(s, at.start) {
		p.open(s, at.start)
	}
}

// cutHeaderName cuts a line after "name" or <name>.
func cutHeaderName(tokens []Token) (name, extra []Token) {
	n := min(1, len(tokens))
	if n > 0 && tokens[0].Is("<") {
		n = 1 + slices.IndexFunc(tokens, func(t Token) bool { return t.Is(">") })
	}
	return tokens[:n], tokens[n:]
}

// warnExtra warns of what stands after a directive that is complete.
func (p *preprocessor) warnExtra(word Token, extra []Token) {
	if len(extra) == 0 {
		return
	}
	at := extra[0]
	at.end = extra[len(extra)-1].end
	p.tree.add(at, diag.Diagnostic{
		Code:     "directive-extra",
		Severity: diag.Warning,
		Message:  fmt.Sprintf("#%s ends before this: it is ignored", word.Text),
	})
}

// headerName reads "name" or <name>.
func headerName(tokens []Token) (name string, quoted, ok bool) {
	if len(tokens) == 1 && tokens[0].Kind == String && closed(tokens[0].Text) {
		name, quoted = unquote(tokens[0].Text), true
	} else if n := len(tokens); n > 2 && tokens[0].Is("<") && tokens[n-1].Is(">") {
		name = spell(tokens[1 : n-1])
	}
	name = strings.ReplaceAll(name, `\`, "/")
	return name, quoted, name != ""
}

// find looks for a file: next to the one that includes it, if the name is
// quoted, then along the include folders, then among the headers that come
// with the tool.
func (p *preprocessor) find(in *input, at Token, name string, quoted bool) *Source {
	candidates := make([]string, 0, len(p.opt.IncludeDirs)+1)
	if filepath.IsAbs(name) {
		candidates = append(candidates, name)
	} else {
		if quoted {
			candidates = append(candidates, p.below(filepath.Dir(in.reading.source.Name), name))
		}
		for _, dir := range p.opt.IncludeDirs {
			candidates = append(candidates, p.below(dir, name))
		}
	}
	for _, c := range candidates {
		if s, found := p.load(at, c); found {
			return s
		}
	}
	if s := headerSources()[name]; s != nil {
		return p.list(s)
	}
	p.tree.Incomplete = true
	p.fail(at, "include-missing", cmp.Or(diag.DidYouMean(name, headerNames), lookedIn(candidates)),
		"no such file: %s", name)
	return nil
}

// below returns the path of a name as seen from a folder, as short as it can be
// written. After a link to a folder ".." is the folder above what it leads to,
// as cpp takes it, and so it can't be left out together with the link.
func (p *preprocessor) below(dir, name string) string {
	short, asNamed := filepath.Join(dir, name), dir+"/"+name
	files, linked := p.opt.Files.(linkedFiles)
	if linked && slices.Contains(strings.Split(name, "/"), "..") && !files.Same(asNamed, short) {
		return asNamed
	}
	return short
}

func lookedIn(candidates []string) string {
	if len(candidates) == 0 {
		return "name its folder with -I; only ups/policies.rh and ups/ups.hrh are built in"
	}
	return "looked for " + strings.Join(candidates, ", ")
}

// load reads a file, unless it isn't there.
func (p *preprocessor) load(at Token, name string) (s *Source, found bool) {
	if s := p.sources[name]; s != nil {
		return s, true
	}
	text, err := p.opt.Files.ReadFile(name, MaxSource)
	if isAbsent(err) {
		return nil, false
	}
	if err != nil {
		p.tree.Incomplete = true
		p.fail(at, "include-unreadable", "", "can't read the file: %v", err)
		return nil, true
	}
	return p.list(newSource(name, text)), true
}

// isAbsent reports whether an error says that there is no such file.
func isAbsent(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// predefine opens what is defined for a source from outside. Each definition is
// a source of its own: nothing in one, such as a comment that isn't closed or a
// backslash at its end, reaches the next.
func (p *preprocessor) predefine(defines []Define) {
	defines = append([]Define{{Name: "_UNICODE"}}, defines...)
	for _, d := range slices.Backward(defines) { // the last that is opened is read first
		text := d.directive()
		line, more, _ := strings.Cut(text, "\n")
		s := newSource("<command line>", []byte(line))
		s.Builtin = true
		p.read -= int64(len(line)) // only what is in files counts
		p.open(s, 0)
		if more != "" {
			at := p.inputs[len(p.inputs)-1].reading.base
			p.fail(Token{start: at, end: at + location(len(line))}, "define-name", "", "a macro that is defined from outside must be one line")
		}
	}
}

// directive writes a definition as a source would.
func (d Define) directive() string {
	switch {
	case d.Undef:
		return "#undef " + d.Name
	case d.Value == "":
		return "#define " + d.Name + " 1"
	}
	return "#define " + d.Name + " " + d.Value
}
