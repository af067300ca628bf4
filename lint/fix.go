package lint

import (
	"bytes"
	"cmp"
	"slices"

	"ups/diag"
	"ups/lint/analysis"
	"ups/policy"
)

// Fixed is a source after its fixes.
type Fixed struct {
	Text    []byte // with all that were applied
	Applied []Finding
	Refused []Refusal
}

// Refusal is a fix that was not applied.
type Refusal struct {
	Finding
	Why string
}

// Fix applies the fixes that findings in a source carry, as long as they keep
// every decision for regular destinations: after each the source is compiled
// again, by compile, and the two lists are compared. What can't be proved
// isn't applied.
func Fix(in *Input, cfg *Config, compile func(text []byte) *Input) Fixed {
	in.prepare(&Config{})
	fx := &fixer{cfg: cfg, compile: compile, original: in.File, now: in, refused: map[string]bool{}}
	if cfg != nil {
		fx.budget = cfg.Budget
	}
	fx.out.Text = in.sourceText()
	if in.File == nil || in.Tree == nil {
		return fx.out
	}
	if isConditional(in.Tree) {
		fx.refuseAll(conditionalRefused)
		return fx.out
	}
	for fx.round() {
	}
	return fx.out
}

const conditionalRefused = "the source has parts that depend on #if, and the proof would be of one of its forms only"

// FixOne returns the source with the first fix of one finding, under the same
// conditions; or else why it isn't applied.
func FixOne(in *Input, cfg *Config, f Finding, compile func(text []byte) *Input) (text []byte, why string) {
	switch {
	case in.File == nil || in.Tree == nil || len(f.Fixes) == 0 || len(f.Fixes[0].Edits) == 0:
		return nil, notPlain
	case isConditional(in.Tree):
		return nil, conditionalRefused
	}
	fx := &fixer{cfg: cfg, compile: compile, original: in.File, now: in.again()}
	fx.out.Text = in.sourceText()
	if cfg != nil {
		fx.budget = cfg.Budget
	}
	if why := fx.try([]Finding{f}); why != "" {
		return nil, why
	}
	return fx.out.Text, ""
}

const notPlain = "it comes out of a macro or an included file, or is not written plainly"

// fixer goes round after round, since each fix may make others possible, and
// others wrong.
type fixer struct {
	cfg      *Config
	budget   int
	compile  func([]byte) *Input
	original *policy.File
	now      *Input
	refused  map[string]bool // by fingerprint
	out      Fixed
}

// round applies what it can at once. It returns false when nothing is left.
func (fx *fixer) round() bool {
	batch := fx.candidates()
	for len(batch) > 0 {
		why := fx.try(batch)
		if why == "" {
			return true
		}
		if len(batch) == 1 {
			fx.refuse(batch[0], why)
			return true
		}
		batch = batch[:len(batch)/2]
	}
	return false
}

// refuseAll refuses all fixes for one reason.
func (fx *fixer) refuseAll(why string) {
	for batch := fx.candidates(); len(batch) > 0; batch = fx.candidates() {
		for _, f := range batch {
			fx.refuse(f, why)
		}
	}
}

// candidates returns findings with fixes that don't touch each other.
func (fx *fixer) candidates() []Finding {
	var batch []Finding
	for _, f := range Run(fx.now.again(), fx.cfg) {
		switch {
		case fx.refused[f.Fingerprint]:
		case len(f.Fixes) == 0:
		case len(f.Fixes[0].Edits) == 0:
			fx.refuse(f, notPlain)
		case !slices.ContainsFunc(batch, func(g Finding) bool { return touch(f.Fixes[0], g.Fixes[0]) }):
			batch = append(batch, f)
		}
	}
	return batch
}

// again returns the input as it was before the rules ran.
func (in *Input) again() *Input {
	return &Input{Path: in.Path, File: in.File, Tree: in.Tree, Diagnostics: in.Diagnostics}
}

func (fx *fixer) refuse(f Finding, why string) {
	fx.refused[f.Fingerprint] = true
	fx.out.Refused = append(fx.out.Refused, Refusal{f, why})
}

// try applies fixes, or says why not.
func (fx *fixer) try(batch []Finding) string {
	var edits []diag.Edit
	for _, f := range batch {
		edits = append(edits, f.Fixes[0].Edits...)
	}
	text, ok := apply(fx.out.Text, fx.now.Path, edits)
	if !ok {
		return "the fix is not for this file"
	}
	next := fx.compile(text)
	switch {
	case next.File == nil:
		return "the source would not compile"
	case len(next.File.Policies) == 0 && len(fx.original.Policies) > 0:
		return "no policy would be left"
	case !sameHead(fx.original, next.File):
		return "it would change more than the policies"
	case analysis.Compare(fx.original, next.File, analysis.Options{Budget: fx.budget}).Changed != analysis.No:
		return "it is not proved to keep every decision"
	}
	fx.now, fx.out.Text = next, text
	fx.now.prepare(&Config{})
	fx.out.Applied = append(fx.out.Applied, batch...)
	return ""
}

// apply returns the text after edits, if all are in it and apart.
func apply(text []byte, path string, edits []diag.Edit) ([]byte, bool) {
	edits = slices.Clone(edits)
	slices.SortFunc(edits, func(a, b diag.Edit) int { return cmp.Compare(a.Span.Start.Offset, b.Span.Start.Offset) })
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		from, to := e.Span.Start.Offset, e.Span.End.Offset
		if e.Span.Start.Filename != path || from < at || to < from || to > len(text) {
			return nil, false
		}
		out.Write(text[at:from])
		out.WriteString(e.New)
		at = to
	}
	out.Write(text[at:])
	return out.Bytes(), true
}

// touch reports whether two fixes have edits at the same place.
func touch(a, b diag.Fix) bool {
	for _, x := range a.Edits {
		for _, y := range b.Edits {
			if x.Span.Start.Offset <= y.Span.End.Offset && y.Span.Start.Offset <= x.Span.End.Offset {
				return true
			}
		}
	}
	return false
}

// sameHead reports whether all but the policies of two files is the same.
func sameHead(f, g *policy.File) bool {
	h, k := f.HeaderOrZero(), g.HeaderOrZero()
	return f.UID2 == g.UID2 && f.UID3 == g.UID3 && f.NoUID3 == g.NoUID3 &&
		f.Version == g.Version && f.Reserved == g.Reserved && (f.Header == nil) == (g.Header == nil) &&
		h.MajorVersion == k.MajorVersion && h.MinorVersion == k.MinorVersion &&
		h.AuthorisationPolicy == k.AuthorisationPolicy &&
		h.PolicyEvaluator == k.PolicyEvaluator && h.DialogCreator == k.DialogCreator
}
