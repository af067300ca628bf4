package lint

import (
	"slices"

	"ups/diag"
)

// Run looks at one list with all rules, and returns what isn't ignored, sorted.
// A nil cfg is the default one. It fills in what of in isn't set but can be
// worked out.
func Run(in *Input, cfg *Config) []Finding {
	return Finish([]*Checked{Check(in, cfg)})
}

// Checked is one list with what the rules about it alone have found. It keeps
// neither the tree nor the analysis, so that a thousand of them don't fill the
// memory.
type Checked struct {
	input    *Input // Path and File alone
	cfg      *Config
	against  bool // there was an older version to compare with
	findings []Finding
	ignores  []ignore
	prints   fingerprints
}

// Check looks at one list with the rules about it alone. It may run for many
// inputs at the same time.
func Check(in *Input, cfg *Config) *Checked {
	if cfg == nil {
		cfg = &Config{}
	}
	in.prepare(cfg)
	c := &Checked{
		input: &Input{Path: in.Path, File: in.File}, cfg: cfg,
		against: in.Against != nil, prints: fingerprints{},
	}
	rules := Rules()
	for _, r := range rules {
		if in.File != nil && r.Run != nil && c.runs(r) {
			r.Run(&Pass{Rule: r, Input: in, checked: c, Report: func(f Finding) { c.report(r, in, f) }})
		}
	}
	c.passOn(in, rules)
	c.readIgnores(in)
	return c
}

// runs reports whether a rule is to look at the list.
func (c *Checked) runs(r *Rule) bool {
	return !c.cfg.off(r.ID) && (c.against || !r.Against)
}

// shows reports whether findings of the rule's category are shown.
func (c *Checked) shows(r *Rule) bool {
	_, shown := c.cfg.severity(r.ID, r.Category)
	return shown
}

// passOn takes over the compiler's diagnostics that no rule is about; all of
// them, if there is no list for a rule to look at.
func (c *Checked) passOn(in *Input, rules []*Rule) {
	for _, d := range in.Diagnostics {
		i := slices.IndexFunc(rules, func(r *Rule) bool { return r.ID == d.Code })
		switch {
		case i < 0:
			c.add(in, Finding{Diagnostic: d, Policy: in.policyAt(d.Span)}, d.Severity)
		case in.File == nil && c.runs(rules[i]):
			c.report(rules[i], in, Finding{Diagnostic: d})
		}
	}
}

// report keeps what a rule has found.
func (c *Checked) report(r *Rule, in *Input, f Finding) {
	f.Code = r.ID
	if f.Category == 0 {
		f.Category = r.Category
	}
	if severity, shown := c.cfg.severity(r.ID, f.Category); shown {
		c.add(in, f, severity)
	}
}

func (c *Checked) add(in *Input, f Finding, severity diag.Severity) {
	f.Path = in.Path
	if f.Span.Start.Filename == "" {
		f.Span.Start.Filename = in.Path
	}
	if f.Policy > 0 && !f.Span.IsValid() {
		f.Message = PolicyName(f.Policy) + ": " + f.Message
	}
	f.Fingerprint = c.prints.of(in, f)
	f.Severity = severity
	c.findings = append(c.findings, f)
}

// Finish runs the rules that look at all lists of a run, drops what is
// ignored, and returns the findings of all lists, sorted.
func Finish(lists []*Checked) []Finding {
	for _, r := range Rules() {
		if r.RunAll != nil {
			runAll(r, lists)
		}
	}
	var out []Finding
	for _, c := range lists {
		out = append(out, c.finish()...)
	}
	slices.SortStableFunc(out, compareFindings)
	return out
}

func runAll(r *Rule, lists []*Checked) {
	byInput := map[*Input]*Checked{}
	p := &ProjectPass{Rule: r, Report: func(in *Input, f Finding) { byInput[in].report(r, in, f) }}
	for _, c := range lists {
		if c.input.File != nil && c.runs(r) {
			byInput[c.input] = c
			p.Inputs = append(p.Inputs, c.input)
		}
	}
	r.RunAll(p)
}
