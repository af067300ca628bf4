// Package policies holds the policy file of the message server in source, and
// compiles it. A device gets the compiled file from `ups compile`; here the
// program compiles it when it starts, so that there is one thing to change.
package policies

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"ups/compiler"
)

// The plug-ins that the policy file names, by their implementation UIDs.
const (
	Dialog           = 0x20041011
	NumberEvaluator  = 0x20041021
	PremiumEvaluator = 0x20041022
)

//go:embed *.rss
var sources embed.FS

// Compile compiles the policy files into a folder, which then is one that
// runtime.Open takes.
func Compile(folder string) error {
	names, err := fs.Glob(sources, "*.rss")
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := compile(name, folder); err != nil {
			return err
		}
	}
	return nil
}

func compile(name, folder string) error {
	src, err := sources.ReadFile(name)
	if err != nil {
		return err
	}
	result := compiler.Compile(name, src, compiler.Options{})
	if result.Failed() {
		return fmt.Errorf("%s: %s", name, result.Diagnostics[0].Message)
	}
	out := strings.TrimSuffix(name, ".rss") + ".rsc"
	return os.WriteFile(filepath.Join(folder, out), result.Bytes, 0o600)
}
