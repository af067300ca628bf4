package scenario

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ups/compiler"
	"ups/grammar"
	"ups/internal/rsc"
	"ups/policy"
)

// policyFile is a policy file as a device gets it.
type policyFile struct {
	origin string // path of the source, or of the compiled file
	id     policy.Service
	bytes  []byte
	file   *policy.File // with places if it has a source; nil if it can't be decoded
}

// builder makes the policy files of a scenario file, each once.
type builder struct {
	dir     string
	grammar func(source string) (grammar.Options, error)
	include []string               // of the scenario file
	made    map[string]*policyFile // by path
	reads   []string               // files that were looked at, there or not
	folders []string               // that were listed
}

func newBuilder(f *File, opt func(string) (grammar.Options, error)) *builder {
	b := &builder{dir: filepath.Dir(f.Path), grammar: opt, made: map[string]*policyFile{}}
	for _, dir := range f.include {
		b.include = append(b.include, b.path(dir))
	}
	b.folders = slices.Clone(b.include)
	return b
}

// path returns a path of the scenario file as seen from here.
func (b *builder) path(p string) string {
	p = filepath.FromSlash(p)
	if filepath.IsAbs(p) {
		return filepath.Clean(p)
	}
	return filepath.Join(b.dir, p)
}

// drive makes the policy files of one drive. Two for one service are an error:
// a folder can't have both.
func (b *builder) drive(places []named) ([]*policyFile, error) {
	var files []*policyFile
	byService := map[policy.Service]*policyFile{}
	for _, at := range places {
		paths, err := b.expand(at)
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			f, err := b.build(at, path)
			if err != nil {
				return nil, err
			}
			if other := byService[f.id]; other != nil && other != f {
				return nil, &Error{Pos: at.pos, Message: fmt.Sprintf("%s and %s are for the same service", other.origin, f.origin)}
			}
			byService[f.id] = f
			files = append(files, f)
		}
	}
	return files, nil
}

// expand returns the files that a path of a store stands for: itself, or the
// policy files directly in a folder.
func (b *builder) expand(at named) ([]string, error) {
	path := b.path(at.path)
	info, err := os.Stat(path)
	if err != nil {
		b.reads = append(b.reads, path)
		return nil, at.cannot(err)
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	b.folders = append(b.folders, path)
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, at.cannot(err)
	}
	var paths []string
	for _, e := range entries {
		if _, ok := serviceOf(e.Name()); ok && !e.IsDir() && !besideSource(path, e.Name(), entries) {
			paths = append(paths, filepath.Join(path, e.Name()))
		}
	}
	if len(paths) == 0 {
		return nil, &Error{Pos: at.pos, Message: path + ": no policy file in this folder",
			Hint: "they are called as in ups_101f7f1f_1000a00a.rss; for a store without any write rom: []"}
	}
	return paths, nil
}

// besideSource reports whether a file is the compiled form of a source in the
// same folder: the source counts.
func besideSource(dir, name string, entries []fs.DirEntry) bool {
	ext := filepath.Ext(name)
	source := strings.TrimSuffix(name, ext) + ".rss"
	return strings.EqualFold(ext, ".rsc") && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return strings.EqualFold(e.Name(), source) })
}

// serviceOf reads which service a policy source, or a compiled one, is for.
func serviceOf(name string) (policy.Service, bool) {
	id, ext, ok := policy.ParseFileName(name)
	return id, ok && (ext == policy.SourceExt || ext == policy.CompiledExt)
}

// cannot says that a path that the scenario file names is of no use.
func (at named) cannot(err error) error {
	message, hint := err.Error(), ""
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		message = e.Path + ": " + e.Err.Error()
	}
	if errors.Is(err, fs.ErrNotExist) {
		hint = "paths are seen from the folder of the scenario file"
	}
	return &Error{Pos: at.pos, Message: message, Hint: hint}
}

// build makes one policy file. A compiled one is taken as it is, sound or not.
func (b *builder) build(at named, path string) (*policyFile, error) {
	if f := b.made[path]; f != nil {
		return f, nil
	}
	b.reads = append(b.reads, path)
	text, err := grammar.Disk{}.ReadFile(path, grammar.MaxSource)
	if err != nil {
		return nil, at.cannot(err)
	}
	id, ok := serviceOf(filepath.Base(path))
	if !ok {
		return nil, &Error{Pos: at.pos, Message: path + ": a policy file is named after its system server and service",
			Hint: "call it after their ids, as in ups_101f7f1f_1000a00a.rss"}
	}
	f := &policyFile{origin: filepath.ToSlash(path), id: id, bytes: text}
	if strings.EqualFold(filepath.Ext(path), ".rss") {
		err = b.compile(f, path, text)
	} else if f.file, err = rsc.Decode(text); err != nil {
		f.file, err = nil, nil // for the device to judge
	}
	b.made[path] = f
	return f, err
}

// compile makes the device's form of a source.
func (b *builder) compile(f *policyFile, path string, text []byte) error {
	var opt compiler.Options
	if b.grammar != nil {
		var err error
		if opt.Options, err = b.grammar(path); err != nil {
			return err
		}
	}
	opt.IncludeDirs = slices.Concat(opt.IncludeDirs, b.include)
	b.folders = append(b.folders, opt.IncludeDirs...)
	r := compiler.Compile(filepath.ToSlash(path), text, opt)
	texts := map[string][]byte{}
	for _, s := range r.Tree.Sources {
		if texts[s.Name] = s.Text; !s.Builtin && s.Name != filepath.ToSlash(path) {
			b.reads = append(b.reads, s.Name)
		}
	}
	if r.Failed() {
		return &SourceError{r.Diagnostics, texts}
	}
	f.bytes, f.file = r.Bytes, r.File
	return nil
}

// store is the policy files that a scenario begins with.
type store struct{ rom, system []*policyFile }

// prepare makes all policy files that a scenario file names, for its store and
// for its steps, so that nothing but behaviour is left to fail.
func (b *builder) prepare(f *File) (s store, err error) {
	if s.rom, err = b.drive(f.rom); err != nil {
		return s, err
	}
	if s.system, err = b.drive(f.system); err != nil {
		return s, err
	}
	for _, sc := range f.scenarios {
		for _, st := range sc.steps {
			if install, ok := st.(*installStep); ok {
				if install.built, err = b.drive(install.files); err != nil {
					return s, err
				}
			}
		}
	}
	return s, b.unserved(f)
}
