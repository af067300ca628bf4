package sources

import (
	"bytes"
	"encoding/json"
	"strings"

	"ups/cmd/ups/internal/findings"
	"ups/cmd/ups/page/model"
	"ups/cmd/ups/page/svg"
	"ups/compiler"
	"ups/grammar"
	"ups/lint"
	"ups/lint/report"
	"ups/policy"
)

// Compiled is a source that was compiled.
type Compiled struct {
	result *compiler.Result
	name   string
}

// Compile compiles the source.
func (s *Sources) Compile() *Compiled {
	opt := compiler.Options{Options: grammar.Options{Files: s}}
	return &Compiled{compiler.Compile(s.Name, []byte(s.Files[s.Name]), opt), s.Name}
}

// File returns the policy list, with the places of its policies.
func (c *Compiled) File() (*policy.File, error) {
	if c.result.Failed() {
		return nil, errNotCompiled
	}
	return c.result.File, nil
}

// outcome is what a page is told of sources.
type outcome struct {
	// Found is what docs/lint-json.md describes.
	Found json.RawMessage `json:"found"`
	// Compiled is the compiled file; null if the source has errors.
	Compiled []byte `json:"compiled"`
	// Policies and Picture are what is shown of the list, if there is one.
	Policies []model.Policy `json:"policies,omitempty"`
	Picture  string         `json:"picture,omitempty"`
}

// JSON returns the diagnostics and the compiled file.
func (c *Compiled) JSON() ([]byte, error) {
	return c.json(outcome{}, c.checked())
}

// checked are the compiler's diagnostics, as findings.
func (c *Compiled) checked() []report.Finding {
	out := make([]report.Finding, len(c.result.Diagnostics))
	for i, d := range c.result.Diagnostics {
		out[i] = report.Finding{Diagnostic: d, Path: c.name}
	}
	return out
}

// Budget is how many steps lint may take in a page: what isn't proved by then is
// left out, so that a picture is there before somebody waits for it.
const Budget = 1 << 26

// Look returns what lint finds, in place of the diagnostics, and a picture of the
// list.
func (c *Compiled) Look() ([]byte, error) {
	in := &lint.Input{Path: c.name, File: c.result.File, Tree: c.result.Tree, Diagnostics: c.result.Diagnostics}
	found := lint.Run(in, &lint.Config{Budget: Budget})
	var o outcome
	if f, err := c.File(); err == nil {
		list := model.Of(f, in.Analysis())
		o.Policies = list.Policies
		o.Picture = drawn(list, c.name)
	}
	return c.json(o, findings.Reported(found))
}

// drawn returns a picture without its style, which the page has: its content
// security policy would refuse one that is put in later and differs in a letter.
func drawn(list *model.List, name string) string {
	picture := svg.Draw(list, svg.Options{Title: name, ID: pictureID, Interactive: true})
	return strings.Replace(picture, "<style>"+svg.Style+"</style>", "", 1)
}

// pictureID begins the ids in the picture, of which a page has one.
const pictureID = "picture-"

func (c *Compiled) json(o outcome, found []report.Finding) ([]byte, error) {
	var b bytes.Buffer
	if err := report.FindingsJSON(&b, found); err != nil {
		return nil, err
	}
	o.Found, o.Compiled = b.Bytes(), c.result.Bytes
	return json.Marshal(o)
}
