package lint

import (
	"slices"
	"strings"

	"ups/diag"
	"ups/internal/wildcard"
)

// sourceRules are about how a source is written, which the compiler warns of. Some
// of it can be seen in a compiled file too.
var sourceRules = []*Rule{
	{
		ID:       "charset-missing",
		Name:     "UTF-8 without CHARACTER_SET",
		Category: Suspicion,
		Summary:  "A string has bytes of UTF-8, but the source doesn't say so.",
		Rationale: `Without CHARACTER_SET UTF8 the bytes are read as CP1252: ü becomes two other characters, and the policy
never matches what it names (docs/language.md, Tokens).`,
		Bad:  example(`POLICY { destination = "*.zürich.example"; options = KYes|KNo; }`),
		Good: "CHARACTER_SET UTF8\n" + example(`POLICY { destination = "*.zürich.example"; options = KYes|KNo; }`),
		Run:  fromCompiler,
	},
	{
		ID:       "enum-foreign",
		Name:     "Constant of another field",
		Category: Defect,
		Summary:  "A field is given a constant that is meant for another.",
		Rationale: `The value is taken all the same: KYes as the authorisationpolicy is 1, which is ECheckPostManufacture, and as
sid_classes the class of SIDs that begin with 0.`,
		Bad:  exampleWith("authorisationpolicy = KYes;", `POLICY { options = KYes|KNo; }`),
		Good: exampleWith("authorisationpolicy = ECheckPostManufacture;", `POLICY { options = KYes|KNo; }`),
		Run:  fromCompiler,
	},
	{
		ID:        "field-twice",
		Name:      "Field twice",
		Category:  Suspicion,
		Fixable:   true,
		Summary:   "A field of a struct is given twice.",
		Rationale: `The last counts, and the others are dropped without a word.`,
		Bad:       example(`POLICY { destination = "a*"; destination = "b*"; options = KYes|KNo; }`),
		Good:      example(`POLICY { destination = "b*"; options = KYes|KNo; }`),
		Run:       withFix(fixFieldTwice),
	},
	{
		ID:       "id-digits",
		Name:     "Id of other than eight digits",
		Category: Suspicion,
		Summary:  "An id is written in hexadecimal with other than eight digits.",
		Rationale: `SIDs and UIDs have eight digits, so that one which was lost or doubled shows: 0x100003 may have been meant as
0x10000003, and as a SID it is that of no application. A number in decimal, or in a constant of the headers, is not looked at.`,
		Bad:  example(`POLICY { sid_list = { 0x100003 }; options = KYes|KNo; }`),
		Good: example(`POLICY { sid_list = { 0x10000003 }; options = KYes|KNo; }`),
		Run:  fromCompiler,
	},
	{
		ID:        "leading-zero",
		Name:      "Number with a leading zero",
		Category:  Suspicion,
		Fixable:   true,
		Summary:   "A decimal number begins with 0.",
		Rationale: `It is not octal: 010 is ten (docs/language.md, Tokens). Whoever reads it as C does sees eight.`,
		Bad:       example(`POLICY { flags = 010; options = KYes|KNo; }`),
		Good:      example(`POLICY { flags = 10; options = KYes|KNo; }`),
		Run:       withFix(fixLeadingZero),
	},
	{
		ID:       "macro-redefined",
		Name:     "Macro defined anew",
		Category: Suspicion,
		Summary:  "A macro is defined a second time, as something else.",
		Rationale: `What the name means depends on the place from there on. KAllSids and the KSidClass constants are macros
too, so that a redefinition may change what policies say.`,
		Bad:  "#define LOCAL_NET \"10.*\"\n#define LOCAL_NET \"192.168.*\"\n" + example(`POLICY { destination = LOCAL_NET; options = KYes|KNo; }`),
		Good: "#define LOCAL_NET \"10.*\"\n#undef LOCAL_NET\n#define LOCAL_NET \"192.168.*\"\n" + example(`POLICY { destination = LOCAL_NET; options = KYes|KNo; }`),
		Run:  fromCompiler,
	},
	{
		ID:       "or-precedence",
		Name:     "| beside another operator",
		Category: Suspicion,
		Summary:  "An expression has | beside + - * or / without parentheses.",
		Rationale: `In a resource script | binds tighter than the others; in C, looser. 2*3|4 is 14 here and 6 there
(docs/language.md, Statements).`,
		Bad:  example(`POLICY { options = KYes+KNo|KSessionYes; }`),
		Good: example(`POLICY { options = KYes|KNo|KSessionYes; }`),
		Run:  fromCompiler,
	},
	{
		ID:       "policies-missing",
		Name:     "No policies",
		Category: Suspicion,
		Summary:  "A policy file has no policies.",
		Rationale: `Every request falls to the default policy, which asks with Yes and No. A file without policies also
eclipses the one in the ROM (docs/service.md, Policy files).`,
		Bad:  strings.Replace(example(""), "policies =\n\t\t{\n\t\t\n\t\t};", "", 1),
		Good: example(`POLICY { options = KYes|KNo; }`),
		Run:  runPoliciesMissing,
	},
	{
		ID:        "reserved-set",
		Name:      "Reserved field set",
		Category:  Suspicion,
		Summary:   "A reserved field isn't zero.",
		Rationale: `reserved, reservedWord and reservedLink have no meaning yet; a later service may give them one.`,
		Bad:       example(`POLICY { reservedWord = 1; options = KYes|KNo; }`),
		Good:      example(`POLICY { options = KYes|KNo; }`),
		Run:       orCompiled(findReservedSet),
	},
	{
		ID:        "semicolon-unneeded",
		Name:      "Semicolon after a statement",
		Category:  Opinion,
		Fixable:   true,
		Summary:   "A semicolon stands after a statement, where none is needed.",
		Rationale: `A statement ends by itself; only a field of a struct ends in a semicolon (docs/language.md, Statements).`,
		Bad:       example(`POLICY { options = KYes|KNo; }`) + ";\n",
		Good:      example(`POLICY { options = KYes|KNo; }`),
		Run:       fromCompiler,
	},
	{
		ID:       "surrogate-half",
		Name:     "Half a surrogate pair",
		Category: Suspicion,
		Summary:  "A destination has half a surrogate pair.",
		Rationale: `It stands for no character. The device drops it, and after the last * it lets anything follow
(docs/matching.md, D5).`,
		Bad:  example(`POLICY { destination = "a" <0xd83d>; options = KYes|KNo; }`),
		Good: example(`POLICY { destination = "a" <0x1f600>; options = KYes|KNo; }`),
		Run:  orCompiled(findSurrogateHalf),
	},
	{
		ID:        "uid-twice",
		Name:      "UID statement twice",
		Category:  Suspicion,
		Summary:   "UID2 or UID3 is given twice.",
		Rationale: `The last counts.`,
		Bad:       "UID3 0x20030002\n" + example(`POLICY { options = KYes|KNo; }`),
		Good:      example(`POLICY { options = KYes|KNo; }`),
		Run:       fromCompiler,
	},
	{
		ID:        "uid3-missing",
		Name:      "No UID3",
		Category:  Opinion,
		Summary:   "A policy file has no UID3.",
		Rationale: `UID3 is the identity of the file; without one it is 0, or made from NAME (docs/compiled-format.md, Container).`,
		Bad:       strings.Replace(example(`POLICY { options = KYes|KNo; }`), "UID3 0x20030001\n", "", 1),
		Good:      example(`POLICY { options = KYes|KNo; }`),
		Run:       orCompiled(findUID3Missing),
	},
	{
		ID:        "warning-directive",
		Name:      "#warning",
		Category:  Suspicion,
		Summary:   "A source says #warning.",
		Rationale: `Somebody left a note for whoever compiles this.`,
		Bad:       "#warning the numbers are out of date\n" + example(`POLICY { options = KYes|KNo; }`),
		Good:      "// the numbers are of 2009\n" + example(`POLICY { options = KYes|KNo; }`),
		Run:       fromCompiler,
	},
}

// fromCompiler is the run of a rule that takes over the compiler's warnings of
// its code.
func fromCompiler(p *Pass) { p.takeOver(nil) }

// withFix is fromCompiler with fixes.
func withFix(fix func(*Pass, Finding) []diag.Fix) func(*Pass) {
	return func(p *Pass) { p.takeOver(fix) }
}

// orCompiled is fromCompiler for a source, and for a compiled file looks itself.
func orCompiled(look func(*Pass)) func(*Pass) {
	return func(p *Pass) {
		if p.Tree == nil {
			look(p)
		} else {
			fromCompiler(p)
		}
	}
}

func (p *Pass) takeOver(fix func(*Pass, Finding) []diag.Fix) {
	for _, d := range p.Diagnostics {
		if d.Code != p.Rule.ID {
			continue
		}
		f := Finding{Diagnostic: d, Policy: p.policyAt(d.Span)}
		if fix != nil {
			f.Fixes = fix(p, f)
		}
		p.Report(f)
	}
}

// fixFieldTwice removes all but the last of a field.
func fixFieldTwice(p *Pass, f Finding) []diag.Fix {
	n := p.node(f.Policy)
	if n == nil {
		return nil
	}
	for _, field := range n.Fields {
		if p.Tree.Span(field.Name.Node) == f.Span {
			return p.removeEarlier(f.Policy, field.Name.Text)
		}
	}
	return nil
}

func fixLeadingZero(p *Pass, f Finding) []diag.Fix {
	plain := strings.TrimLeft(strings.TrimSpace(p.textOf(f.Span)), "0")
	if plain == "" || len(f.Chain) > 0 {
		return nil
	}
	return []diag.Fix{{Message: "write " + plain, Edits: []diag.Edit{{Span: f.Span, New: plain}}}}
}

func runPoliciesMissing(p *Pass) {
	fromCompiler(p) // where the field isn't given
	places := p.File.Places
	if len(p.File.Policies) == 0 && (p.Tree == nil || places.Has("policies")) {
		p.Report(Finding{Diagnostic: diag.Diagnostic{
			Message: "no policies: every request falls to the default policy",
		}.At(places.Field("policies"))})
	}
}

func findReservedSet(p *Pass) {
	if p.File.Reserved != 0 {
		p.Report(Finding{Diagnostic: diag.Diagnostic{Message: "reserved is reserved: it should be 0"}})
	}
	for i, pol := range p.File.Policies {
		if pol.ReservedWord != 0 {
			p.Report(p.finding(i+1, "reservedWord", "reservedWord is reserved: it should be 0", ""))
		}
		if pol.ReservedLink != 0 {
			p.Report(p.finding(i+1, "reservedLink", "reservedLink is reserved: it should be 0", ""))
		}
	}
}

func findSurrogateHalf(p *Pass) {
	for i, pol := range p.File.Policies {
		isHalf := func(a wildcard.Anomaly) bool { return a.Kind == wildcard.UnpairedSurrogate }
		if slices.ContainsFunc(wildcard.Anomalies(pol.Destination), isHalf) {
			p.Report(p.finding(i+1, "destination", "destination has half a surrogate pair: it stands for no character", ""))
		}
	}
}

func findUID3Missing(p *Pass) {
	if p.File.NoUID3 {
		p.Report(Finding{Diagnostic: diag.Diagnostic{Message: "no UID3: the file has no identity of its own"}})
	}
}
