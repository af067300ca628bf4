package lint

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"ups/policy"
)

// fingerprints counts the findings of one list that are alike.
type fingerprints map[string]int

// of returns the fingerprint of a finding: of its rule, of its category, and of what its policy
// says or, for one about the file, of the line that it is at. The category is
// in it so that what is known to a baseline as a suspicion doesn't hide the
// defect that it becomes; what is configured isn't. Numbers of lines and policies aren't in it, nor is the
// message, which may hold some.
func (p fingerprints) of(in *Input, f Finding) string {
	subject := in.lineAt(f)
	if in.File != nil && f.Policy > 0 && f.Policy <= len(in.File.Policies) {
		subject = content(&in.File.Policies[f.Policy-1])
	}
	sum := sha256.Sum256([]byte(f.Code + "\x00" + f.Category.String() + "\x00" + subject))
	print := hex.EncodeToString(sum[:8])
	p[print]++
	if n := p[print]; n > 1 {
		return fmt.Sprintf("%s-%d", print, n)
	}
	return print
}

// content returns what a policy says, as one string. Baselines hold it: how
// values print must not change it.
func content(p *policy.Policy) string {
	sids := slices.Sorted(slices.Values(p.SIDs))
	classes := p.SIDClasses
	if len(sids) > 0 {
		classes = 0
	}
	return fmt.Sprint(uint32(classes), sids, uint8(p.Security), p.Destination.String(), uint32(p.Options), p.PolicyEvaluator, p.DialogCreator, p.Flags)
}

// lineReach is how many bytes of a line are looked at to each side of a finding:
// a thousand findings in a line of 16 MiB must not read it a thousand times.
const lineReach = 4096

// lineAt returns the line of the source that a finding is at, white space made
// equal; "" where there is none.
func (in *Input) lineAt(f Finding) string {
	at := f.Span.Start
	if in.Tree == nil || !at.IsValid() {
		return ""
	}
	for _, s := range in.Tree.Sources {
		if s.Name != at.Filename || at.Offset > len(s.Text) {
			continue
		}
		from, to := max(0, at.Offset-lineReach), min(len(s.Text), at.Offset+lineReach)
		begin := from + bytes.LastIndexByte(s.Text[from:at.Offset], '\n') + 1
		line, _, _ := bytes.Cut(s.Text[begin:to], []byte("\n"))
		return string(bytes.Join(bytes.Fields(line), []byte(" ")))
	}
	return ""
}
