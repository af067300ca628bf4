package compiler

import "ups/diag"

// textExplanations is about the text of a source: its signs, words, directives and macros.
func textExplanations() []*Explanation {
	return []*Explanation{
		{
			Code: "brace-extra", Name: "A } too many",
			Summary: "A } closes a list or block that goes on, or closes nothing.",
			Reason:  "What follows would belong to another struct than the one it is written in.",
			Bad:     example(`POLICY { options = KYes; } }, POLICY { options = KNo; }`),
			Good:    example(`POLICY { options = KYes; }, POLICY { options = KNo; }`),
		},
		{
			Code: "brace-missing", Name: "A brace is missing",
			Summary: "A block or list is not closed, or a struct is not opened.",
			Reason:  "Without it nothing tells where a policy ends, and which fields are its own.",
			Bad:     example(`POLICY { sid_list = { 0x10000001; options = KYes; }`),
			Good:    example(`POLICY { sid_list = { 0x10000001 }; options = KYes; }`),
		},
		{
			Code: "character", Name: "More or less than one character",
			Summary: "What stands between single quotes is not one character.",
			Reason:  "A character is a number, its code; a string stands between double quotes.",
			Bad:     example(`POLICY { flags = 'AB'; }`),
			Good:    example(`POLICY { flags = 'A'; }`),
		},
		{
			Code: "character-unknown", Name: "A sign that the language has not",
			Summary: "A sign stands outside strings that means nothing there.",
			Reason:  "Word processors put typographic quotes and dashes in the place of plain ones, and other languages have more operators.",
			Bad:     example(`POLICY { destination = “112”; }`),
			Good:    example(`POLICY { destination = "112"; }`),
		},
		{
			Code: "character-unterminated", Name: "A character without its second quote",
			Summary: "A character does not end on its line.",
			Reason:  "The rest of the line would be read as part of it.",
			Bad:     example(`POLICY { flags = 'A; }`),
			Good:    example(`POLICY { flags = 'A'; }`),
		},
		{
			Code: "comma-missing", Name: "A comma is missing",
			Summary: "Two values of a list stand side by side without a comma.",
			Reason:  "A comma that is lost may hide a value that is lost.",
			Bad:     example(`POLICY { options = KYes; } POLICY { options = KNo; }`),
			Good:    example(`POLICY { options = KYes; }, POLICY { options = KNo; }`),
		},
		{
			Code: "comma-trailing", Name: "A comma after the last",
			Summary: "A comma stands after the last value of a list.",
			Reason:  "The device's own compiler refuses it too: a policy may have been lost behind it.",
			Bad:     example(`POLICY { options = KYes; },`),
			Good:    example(`POLICY { options = KYes; }`),
		},
		{
			Code: "comment-unterminated", Name: "A comment without its end",
			Summary: "A comment that /* begins has no */.",
			Reason:  "All policies behind it would be lost.",
			Bad:     example(`POLICY { options = KYes; } /* the last one`),
			Good:    example(`POLICY { options = KYes; } /* the last one */`),
		},
		{
			Code: "condition", Name: "A condition that can't be worked out",
			Summary: "What stands behind #if or #elif is not a whole-number expression, or #ifdef has no name.",
			Reason:  "Which policies are compiled depends on it.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#if 1 +
#endif

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
			Good: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#if 1 + 1
#endif

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
		},
		{
			Code: "define-name", Name: "A directive without its name",
			Summary: "#define or #undef has no name behind it.",
			Reason:  `A name begins with a letter or _, and can't be "defined".`,
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#define 112

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
			Good: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#define KEmergency 112

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
		},
		{
			Code: "define-parameters", Name: "Parameters that can't be",
			Summary: "The parameters of a macro are not different names between commas, closed by ).",
			Reason:  "No use of the macro could be expanded.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#define OURS(a, a) a

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
			Good: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#define OURS(a, b) a

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
		},
		{
			Code: "directive-extra", Name: "Text behind a directive", Severity: diag.Warning,
			Summary: "Something stands behind a directive that is complete.",
			Reason:  "It is ignored, and may have been meant to count.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#undef KOne KTwo

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
			Good: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#undef KOne
#undef KTwo

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
		},
		{
			Code: "directive-unknown", Name: "Not a directive",
			Summary: "A line begins with # and a word that is no directive.",
			Reason:  "What the directive was to do is not done.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#defin KOne 1

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
			Good: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#define KOne 1

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
		},
		{
			Code: "else-last", Name: "A group after #else",
			Summary: "#elif or a second #else stands behind #else.",
			Reason:  "It could never be read.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#if 0
#else
#elif 1
#endif

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
			Good: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#if 0
#elif 1
#else
#endif

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
		},
		{
			Code: "endif-missing", Name: "A conditional without its end",
			Summary: "#if, #ifdef or #ifndef has no #endif in its file.",
			Reason:  "Policies that should always be there would depend on the condition.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#ifdef KExtra

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
			Good: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#ifdef KExtra
#endif

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
		},
		{
			Code: "error-directive", Name: "#error",
			Summary: "The source says by #error that it should not be compiled.",
			Reason:  "The text of the line says why.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#ifndef KSite
#error define KSite, the site that this is for
#endif

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
			Good: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#define KSite 1
#ifndef KSite
#error define KSite, the site that this is for
#endif

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
		},
		{
			Code: "if-missing", Name: "No conditional is open",
			Summary: "#else, #elif or #endif stands without an #if.",
			Reason:  "An #if may have been lost, and with it what should not be compiled.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#endif

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
			Good: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#if 1
#endif

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
		},
		{
			Code: "include-depth", Name: "Files that include one another without end",
			Summary: "Files include one another more than 200 deep, which is nearly always a file that includes itself.",
			Reason:  "A guard lets each file be read once.",
			Bad: `-- ups_20020001_20020011.rss --
#include "own.rh"
-- own.rh --
#include "own.rh"
`,
			Good: `-- ups_20020001_20020011.rss --
#include "own.rh"
#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
-- own.rh --
#ifndef OWN_RH
#define OWN_RH
#include "own.rh"
#endif
`,
		},
		{
			Code: "include-missing", Name: "A file is not found",
			Summary: "A file that is included is nowhere.",
			Reason:  "A name in quotes is looked for beside the file that includes it, then in the folders that -I names; one in < > in those folders alone. What else seems wrong may be all right with the file, and is not reported.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#include "own.rh"

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
			Good: `-- ups_20020001_20020011.rss --
#include "own.rh"
#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
-- own.rh --
#define KOwn 1
`,
		},
		{
			Code: "include-name", Name: "#include without a file",
			Summary: "#include has no name of a file behind it.",
			Reason:  "A name stands between quotes or < and >.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#include own.rh

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
			Good: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#include <ups/ups.hrh>

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
		},
		{
			Code: "include-unreadable", Name: "A file that can't be read",
			Summary: "A file that is included is there, but can't be read.",
			Reason:  "It is a folder or device, is over 16 MiB, or may not be read. The message has the cause.",
		},
		{
			Code: "line-mark", Name: "A line mark out of range",
			Summary: "A line mark, as preprocessors write them, has a line number that no file has.",
			Reason:  "All places that are reported would be wrong.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

# 99999999999 "own.rss"

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
			Good: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

# 99 "own.rss"

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
		},
		{
			Code: "lone-cr", Name: "A carriage return alone", Severity: diag.Warning,
			Summary: "A carriage return stands within a line, or ends all lines of the file.",
			Reason:  "Editors show a new line where the language has none, so that a comment may hide what seems to follow it. It is an error where it ends all lines.",
			Bad:     "#include <ups/policies.rh>\n\nUID2 KUidUpsPolicyResourceFile\nUID3 0x20030001\n\n// a comment\r#define KHidden 1\n\nRESOURCE POLICIES list\n\t{\n\theader = POLICY_HEADER { dialogcreator = 0x20012001; };\n\tpolicies =\n\t\t{\n\t\tPOLICY { options = KYes|KNo; }\n\t\t};\n\t}\n",
			Good: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

// a comment
#define KSeen 1

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
		},
		{
			Code: "macro-arguments", Name: "Arguments that don't fit",
			Summary: "A macro is used with another number of arguments than it has parameters, or they are not closed.",
			Reason:  "What it would expand to is not defined.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#define TEN(x) (10*(x))

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { flags = TEN(1, 2); }
		};
	}
`,
			Good: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#define TEN(x) (10*(x))

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { flags = TEN(1); }
		};
	}
`,
		},
		{
			Code: "macro-paste", Name: "## without two sides",
			Summary: "## begins or ends a macro, or joins what makes no token.",
			Reason:  "It makes one token of the two beside it.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#define OURS ## 1

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
			Good: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#define OURS(x) K##x

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
		},
		{
			Code: "macro-stringize", Name: "# without a parameter",
			Summary: "# in a macro does not stand before one of its parameters.",
			Reason:  "It makes a string of an argument.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#define TEXT(x) #y

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
			Good: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#define TEXT(x) #x

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
		},
		{
			Code: "nesting", Name: "Nested too deep",
			Summary: "Braces or parentheses are more than 256 deep.",
			Reason:  "Nobody writes this: look for a macro that multiplies them.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#define L4 ((((
#define L64 L4 L4 L4 L4 L4 L4 L4 L4 L4 L4 L4 L4 L4 L4 L4 L4

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { flags = L64 L64 L64 L64 L64 1; }
		};
	}
`,
			Good: example(`POLICY { flags = ((((1)))); }`),
		},
		{
			Code: "nul-byte", Name: "A NUL byte, or UTF-16",
			Summary: "The source has a NUL byte, as text in UTF-16 has.",
			Reason:  "The device's own compiler ends there, and loses what follows.",
			Bad:     "#include <ups/policies.rh>\n\nUID2 KUidUpsPolicyResourceFile\nUID3 0x20030001\n\n// a\x00b\n\nRESOURCE POLICIES list\n\t{\n\theader = POLICY_HEADER { dialogcreator = 0x20012001; };\n\tpolicies =\n\t\t{\n\t\tPOLICY { options = KYes|KNo; }\n\t\t};\n\t}\n",
			Good: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

// ab

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
		},
		{
			Code: "semicolon-in-list", Name: "A semicolon in a list",
			Summary: "A semicolon stands where a comma separates two values of a list.",
			Reason:  "Fields end in semicolons; the values of lists have commas between.",
			Bad:     example(`POLICY { options = KYes; }; POLICY { options = KNo; }`),
			Good:    example(`POLICY { options = KYes; }, POLICY { options = KNo; }`),
		},
		{
			Code: "semicolon-missing", Name: "A semicolon is missing",
			Summary: "A field does not end in a semicolon.",
			Reason:  "What follows would be read as part of its value.",
			Bad:     example(`POLICY { options = KYes }`),
			Good:    example(`POLICY { options = KYes; }`),
		},
		{
			Code: "source-too-large", Name: "Too large to be a policy source",
			Summary: "A source is over 16 MiB, or its macros and includes make it so.",
			Reason:  "The largest compiled file has room for some 2,000 policies: look for macros or includes that multiply.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#define A(x) x x x x x x x x x x x x x x x x

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		A(A(A(A(A(A(1))))))
		};
	}
`,
			Good: example(`POLICY { options = KYes|KNo; }`),
		},
		{
			Code: "statement-unknown", Name: "No statement begins so",
			Summary: "What stands outside of all statements begins none.",
			Reason:  "Statements begin with RESOURCE, UID2, UID3, NAME, CHARACTER_SET, enum or STRUCT, in just these letters.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

resource POLICIES list { }
`,
			Good: example(`POLICY { options = KYes|KNo; }`),
		},
		{
			Code: "string-unterminated", Name: "A string without its second quote",
			Summary: "A string does not end on its line.",
			Reason:  "Strings that stand side by side are one, so a long one can be written on several lines.",
			Bad:     example(`POLICY { destination = "112; }`),
			Good:    example(`POLICY { destination = "1" "12"; }`),
		},
		{
			Code: "text-unquoted", Name: "Text without quotes",
			Summary: "A string is written without its quotes.",
			Reason:  "Without them + and * are operators, and // begins a comment.",
			Bad:     example(`POLICY { destination = +44*; }`),
			Good:    example(`POLICY { destination = "+44*"; }`),
		},
		{
			Code: "too-many", Name: "More than are shown",
			Summary: "Of errors or warnings there are so many that the last ones are not shown.",
			Reason:  "1,000 of each are kept. Nearly always they have few causes.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#define TEN(x) x,x,x,x,x,x,x,x,x,x

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { sid_list = { TEN(TEN(TEN(KNobody))), KNobody }; }
		};
	}
`,
			Good: example(`POLICY { options = KYes|KNo; }`),
		},
		{
			Code: "unexpected", Name: "Something else should stand here",
			Summary: "A word or sign does not fit where it stands.",
			Reason:  "The hint says what does.",
			Bad:     example(`POLICY { options = KYes, KNo; }`),
			Good:    example(`POLICY { options = KYes|KNo; }`),
		},
	}
}
