package walk_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"ups/internal/walk"
)

func TestFolder(t *testing.T) {
	root := t.TempDir()
	in := func(name string) string { return filepath.Join(root, name) }
	err := errors.Join(
		os.MkdirAll(in("z/deep"), 0o777), os.Mkdir(in("out"), 0o777), os.Mkdir(in("t"), 0o777),
		os.WriteFile(in("z/deep/f"), nil, 0o666), os.WriteFile(in("out/g"), nil, 0o666), os.WriteFile(in("t/h"), nil, 0o666),
		os.Symlink("../out", in("t/linked")), os.Symlink("../out", in("t/twice")), os.Symlink("..", in("t/loop")),
		os.Symlink("h", in("t/alias")), os.Symlink("nowhere", in("t/dangling")), syscall.Mkfifo(in("t/pipe"), 0o666),
		os.Symlink("z", in("a")),
	)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ folder, files, folders string }{
		{"t", "alias h linked/g loop/z/deep/f", ". linked loop loop/z loop/z/deep"},
		{"a", "deep/f", ". deep"}, // the folder itself is a link
		{".", "out/g t/alias t/h z/deep/f", ". out t z z/deep"},
	}
	for _, tt := range tests {
		tree := walk.Folder(in(tt.folder))
		if got := below(in(tt.folder), tree.Files); got != tt.files || len(tree.Errors) > 0 {
			t.Errorf("%s: files %s, want %s; %v", tt.folder, got, tt.files, tree.Errors)
		}
		if got := below(in(tt.folder), tree.Folders); got != tt.folders {
			t.Errorf("%s: folders %s, want %s", tt.folder, got, tt.folders)
		}
	}
	if got := below(in("t"), walk.Folder(in("t")).Special); got != "dangling pipe" {
		t.Errorf("special: %s", got)
	}
	if tree := walk.Folder(in("nosuch")); len(tree.Errors) != 1 || len(tree.Files) > 0 {
		t.Errorf("a folder that isn't there: %+v", tree)
	}
}

func below(root string, paths []string) string {
	var out []string
	for _, p := range paths {
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err.Error()
		}
		out = append(out, rel)
	}
	return strings.Join(out, " ")
}
