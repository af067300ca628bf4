package diff

import (
	"encoding/json"
	"fmt"

	"ups/cmd/ups/internal/changes"
	"ups/cmd/ups/internal/jsontext"
	"ups/lint/analysis"
	"ups/policy"
)

// These are the shapes of docs/diff-json.md.
type jsonReport struct {
	Version int        `json:"version"`
	Old     string     `json:"old"`
	New     string     `json:"new"`
	Files   []jsonFile `json:"files"`
}

type jsonFile struct {
	Title     string       `json:"title"`
	Server    string       `json:"server,omitempty"`
	Service   string       `json:"service,omitempty"`
	Old       *string      `json:"old"`
	New       *string      `json:"new"`
	Complete  bool         `json:"complete"`
	Changes   []jsonChange `json:"changes"`
	Undecided []jsonBy     `json:"undecided,omitempty"`
	Stored    string       `json:"stored,omitempty"`
	Counts    *counts      `json:"counts,omitempty"`
}

type jsonChange struct {
	Title   string        `json:"title"`
	Kinds   []string      `json:"kinds"`
	Before  []jsonOutcome `json:"before"`
	After   []jsonOutcome `json:"after"`
	By      []jsonBy      `json:"by"`
	Regions []jsonRegion  `json:"regions"`
	Example jsonExample   `json:"example"`
}

type jsonOutcome struct {
	Kind            string `json:"kind"`
	Options         uint32 `json:"options,omitempty"`
	PolicyEvaluator string `json:"policyevaluator,omitempty"`
	DialogCreator   string `json:"dialogcreator,omitempty"`
	Flags           uint16 `json:"flags,omitempty"`
}

// jsonBy are deciders: policies from 1, "default" or "check".
type jsonBy struct {
	Old any `json:"old"`
	New any `json:"new"`
}

type jsonRegion struct {
	Who     []jsonClients    `json:"who"`
	Match   []jsontext.Units `json:"match"`
	Except  []jsontext.Units `json:"except,omitempty"`
	Decided []jsonBy         `json:"decided,omitempty"`
}

type jsonClients struct {
	Classes    []string `json:"classes,omitempty"`
	SIDs       []string `json:"sids,omitempty"`
	ExceptSIDs []string `json:"except_sids,omitempty"`
	Situations []string `json:"situations"`
}

type jsonExample struct {
	SID         string         `json:"sid"`
	Passed      bool           `json:"passed"`
	DriveZ      bool           `json:"drive_z"`
	Destination jsontext.Units `json:"destination"`
	By          jsonBy         `json:"by"`
}

func (r *result) json() ([]byte, error) {
	out := jsonReport{Version: 1, Old: r.old, New: r.new, Files: []jsonFile{}}
	for _, f := range r.files {
		out.Files = append(out.Files, f.json())
	}
	b, err := json.MarshalIndent(out, "", "  ")
	return append(b, '\n'), err
}

func (f *file) json() jsonFile {
	out := jsonFile{Title: f.title, Complete: f.Complete(), Changes: []jsonChange{}, Stored: f.stored(), Counts: f.counts}
	if f.named {
		out.Server, out.Service = hex(f.service.Server), hex(f.service.Service)
	}
	if f.old != nil {
		out.Old = &f.old.name
	}
	if f.new != nil {
		out.New = &f.new.name
	}
	for i := range f.Changes {
		out.Changes = append(out.Changes, jsonOf(&f.Changes[i]))
	}
	out.Undecided = by(f.Undecided)
	return out
}

func jsonOf(c *analysis.Change) jsonChange {
	out := jsonChange{Title: changes.Title(c), Kinds: []string{}, By: by(c.Deciders), Example: jsonExample{
		hex(c.Witness.SID), c.Witness.Passed, c.Witness.FromROM, jsontext.Units(c.Witness.Destination), by([]analysis.Deciders{c.Witness.Deciders})[0],
	}}
	for _, g := range allGates {
		if g.met(c.Effect) {
			out.Kinds = append(out.Kinds, g.name)
		}
	}
	for _, o := range c.Before {
		out.Before = append(out.Before, jsonOutcomeOf(o))
	}
	for _, o := range c.After {
		out.After = append(out.After, jsonOutcomeOf(o))
	}
	for _, r := range c.Regions {
		out.Regions = append(out.Regions, jsonRegionOf(r))
	}
	return out
}

func jsonOutcomeOf(o analysis.Outcome) jsonOutcome {
	kind := map[analysis.Kind]string{analysis.Asks: "asks", analysis.Allows: "allows", analysis.Denies: "denies"}[analysis.KindOf(o)]
	if !o.Prompts {
		return jsonOutcome{Kind: kind}
	}
	return jsonOutcome{kind, uint32(o.Options), hex(o.Evaluator), hex(o.Creator), o.Flags}
}

func jsonRegionOf(r analysis.Region) jsonRegion {
	out := jsonRegion{Match: texts(r.Match), Except: texts(r.Except), Decided: by(r.Decided)}
	for _, c := range r.Who {
		j := jsonClients{SIDs: hexes(c.SIDs), ExceptSIDs: hexes(c.ExceptSIDs)}
		for class := range 16 {
			if c.Classes>>class&1 != 0 {
				j.Classes = append(j.Classes, fmt.Sprintf("%X", class))
			}
		}
		for _, s := range []struct {
			analysis.Situations
			name string
		}{
			{analysis.PassedElsewhere, "passed"}, {analysis.PassedROM, "passed-drive-z"},
			{analysis.FailedElsewhere, "failed"}, {analysis.FailedROM, "failed-drive-z"},
		} {
			if c.Situations&s.Situations != 0 {
				j.Situations = append(j.Situations, s.name)
			}
		}
		out.Who = append(out.Who, j)
	}
	return out
}

func by(list []analysis.Deciders) []jsonBy {
	decider := func(d int) any {
		switch d {
		case analysis.ByDefault:
			return "default"
		case analysis.NotAsked:
			return "check"
		}
		return d + 1
	}
	var out []jsonBy
	for _, d := range list {
		out = append(out, jsonBy{decider(d.Old), decider(d.New)})
	}
	return out
}

func hex(u uint32) string { return fmt.Sprintf("0x%08x", u) }

func hexes(list []uint32) (out []string) {
	for _, u := range list {
		out = append(out, hex(u))
	}
	return out
}

func texts(list []policy.Text) (out []jsontext.Units) {
	for _, t := range list {
		out = append(out, jsontext.Units(t))
	}
	return out
}
