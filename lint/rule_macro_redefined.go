package lint

var macroRedefinedRule = &Rule{
	ID:       "macro-redefined",
	Name:     "Macro defined anew",
	Category: Suspicion,
	Summary:  "A macro is defined a second time, as something else.",
	Rationale: `What the name means depends on the place from there on. KAllSids and the KSidClass constants are macros
too, so that a redefinition may change what policies say.`,
	Bad:  "#define LOCAL_NET \"10.*\"\n#define LOCAL_NET \"192.168.*\"\n" + example(`POLICY { destination = LOCAL_NET; options = KYes|KNo; }`),
	Good: "#define LOCAL_NET \"10.*\"\n#undef LOCAL_NET\n#define LOCAL_NET \"192.168.*\"\n" + example(`POLICY { destination = LOCAL_NET; options = KYes|KNo; }`),
	Run:  fromCompiler,
}
