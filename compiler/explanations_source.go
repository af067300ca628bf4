package compiler

// sourceExplanations is about what a source means, and what a device takes.
func sourceExplanations() []*Explanation {
	return []*Explanation{
		{
			Code: "authorisationpolicy", Name: "authorisationpolicy out of range",
			Summary: "authorisationpolicy is above 4.",
			Reason:  "A device takes such a value for ENeverCheck: the service is not asked, and the system server's own check decides alone.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { authorisationpolicy = 5; dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
			Good: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { authorisationpolicy = ECheckPostManufacture; dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
		},
		{
			Code: "charset", Name: "A byte that the character set has not",
			Summary: "A byte in a string stands for no character.",
			Reason:  "CHARACTER_SET says what the bytes of a source are; without it they are CP1252.",
			Bad:     example("POLICY { destination = \"\x81\"; }"),
			Good:    example(`POLICY { destination = "a"; }`),
		},
		{
			Code: "charset-unknown", Name: "A character set that is not supported",
			Summary: "CHARACTER_SET names a character set that is not supported.",
			Reason:  "UTF8, CP1252, ISOLATIN1 and ASCII are.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

CHARACTER_SET SHIFTJIS

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

CHARACTER_SET UTF8

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
			Code: "code-point", Name: "No such character",
			Summary: "A code in a string is above 0x10FFFF.",
			Reason:  "The last character of Unicode has that code.",
			Bad:     example(`POLICY { destination = <0x110000>; }`),
			Good:    example(`POLICY { destination = <0x10FFFF>; }`),
		},
		{
			Code: "compiled-file", Name: "A compiled file in the place of a source",
			Summary: "What should be a source is a compiled policy file.",
			Reason:  "ups dump shows it as a source again.",
		},
		{
			Code: "constant-twice", Name: "A constant defined twice",
			Summary: "An enumeration defines a constant that there is already.",
			Reason:  "One of the values would be lost.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

enum { EOne, EOne }

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

enum { EOne, ETwo }

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
			Code: "constant-unknown", Name: "A name that is not defined",
			Summary: "A name stands for a number, and no header or enumeration defines it.",
			Reason:  "Names are case-sensitive. Those of the platform come with #include <ups/policies.rh>.",
			Bad:     example(`POLICY { options = KYse; }`),
			Good:    example(`POLICY { options = KYes; }`),
		},
		{
			Code: "dialogcreator", Name: "No dialog creator",
			Summary: "The header names no dialog creator, or 0.",
			Reason:  "A device refuses the file: it could never ask its user.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { policyevaluator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
			Good: example(`POLICY { options = KYes|KNo; }`),
		},
		{
			Code: "divide-by-zero", Name: "Division by zero",
			Summary: "An expression divides by zero.",
			Reason:  "It has no value.",
			Bad:     example(`POLICY { flags = 1/0; }`),
			Good:    example(`POLICY { flags = 1/1; }`),
		},
		{
			Code: "escape-unknown", Name: "A backslash before what it means nothing before",
			Summary: "A backslash in a string stands before a character that it gives no meaning.",
			Reason:  "The device's own matcher knows no escapes: * and ? are always wildcards.",
			Bad:     example(`POLICY { destination = "a\*b"; }`),
			Good:    example(`POLICY { destination = "a\\b"; }`),
		},
		{
			Code: "field-unknown", Name: "A field that the struct has not",
			Summary: "A struct is given a field that it has not.",
			Reason:  "Each struct has its own: majorversion is one of POLICY_HEADER, options of POLICY.",
			Bad:     example(`POLICY { majorversion = 1; }`),
			Good: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { majorversion = 1; dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
		},
		{
			Code: "file-too-big", Name: "No room in the compiled file",
			Summary: "The compiled file would be over 65,535 bytes.",
			Reason:  "Its offsets have 16 bits. Put the SIDs of like policies into one sid_list, and like destinations under one wildcard.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#define TEN(x) x,x,x,x,x,x,x,x,x,x

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { sid_list = { TEN(TEN(TEN(TEN(0x10000001)))), TEN(TEN(TEN(TEN(0x10000001)))) }; }
		};
	}
`,
			Good: example(`POLICY { sid_list = { 0x10000001 }; }`),
		},
		{
			Code: "header-missing", Name: "No header",
			Summary: "The resource has no header.",
			Reason:  "A device refuses the file: it names no dialog creator.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

RESOURCE POLICIES list
	{
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
			Good: example(`POLICY { options = KYes|KNo; }`),
		},
		{
			Code: "hex-upper-x", Name: "0X for 0x",
			Summary: "A hexadecimal number begins with 0X.",
			Reason:  "The device's own compiler knows 0x alone.",
			Bad:     example(`POLICY { flags = 0X1F; }`),
			Good:    example(`POLICY { flags = 0x1F; }`),
		},
		{
			Code: "list-wanted", Name: "A list is wanted",
			Summary: "A field that holds a list is given a single value.",
			Reason:  "A list stands between braces, even if it has one value.",
			Bad:     example(`POLICY { sid_list = 0x10000001; }`),
			Good:    example(`POLICY { sid_list = { 0x10000001 }; }`),
		},
		{
			Code: "name-late", Name: "NAME behind the resource",
			Summary: "NAME stands behind the resource whose id begins with it.",
			Reason:  "A link to the resource would have been given another id.",
			Bad: `#include <ups/policies.rh>

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
NAME ABCD
`,
			Good: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

NAME ABCD

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
			Code: "name-letters", Name: "NAME of other than letters",
			Summary: "NAME has more than four letters, or digits or _.",
			Reason:  "It is a number to the base of 27, in 20 bits.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

NAME UPS_1

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

NAME UPS

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
			Code: "number", Name: "Not a number",
			Summary: "What begins with a digit is not a number.",
			Reason:  "Numbers are decimal digits, or 0x and hexadecimal digits.",
			Bad:     example(`POLICY { sid_list = { 1000a00a }; }`),
			Good:    example(`POLICY { sid_list = { 0x1000a00a }; }`),
		},
		{
			Code: "options", Name: "Bits that are no options",
			Summary: "options has bits that no button of a prompt has.",
			Reason:  "A device refuses the file.",
			Bad:     example(`POLICY { options = 0x40; }`),
			Good:    example(`POLICY { options = KYes|KNo; }`),
		},
		{
			Code: "out-of-range", Name: "A number without room",
			Summary: "A number, or a step on the way to it, does not fit its field or 32 bits.",
			Reason:  "The device's own compiler writes another number, or 0, in its place and says nothing.",
			Bad:     example(`POLICY { flags = 0x10000; }`),
			Good:    example(`POLICY { flags = 0xFFFF; }`),
		},
		{
			Code: "resource-missing", Name: "No policy resource",
			Summary: "The source has no RESOURCE POLICIES.",
			Reason:  "There is nothing to compile.",
			Bad: `#include <ups/policies.rh>
`,
			Good: example(`POLICY { options = KYes|KNo; }`),
		},
		{
			Code: "resource-struct", Name: "A resource of another struct",
			Summary: "A resource is of another struct than POLICIES.",
			Reason:  "A policy file has one resource, the policy list.",
			Bad: `#include <ups/policies.rh>

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
RESOURCE POLICY one { }
`,
			Good: example(`POLICY { options = KYes|KNo; }`),
		},
		{
			Code: "resource-twice", Name: "Two policy resources",
			Summary: "The source has a second RESOURCE POLICIES.",
			Reason:  "A device reads the first alone, and the policies of the other would be lost.",
			Bad: `#include <ups/policies.rh>

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
RESOURCE POLICIES more { }
`,
			Good: example(`POLICY { options = KYes|KNo; }`),
		},
		{
			Code: "rsc-invalid", Name: "Not a compiled policy file",
			Summary: "What should be a compiled policy file can't be read as one.",
			Reason:  "The message says at which byte, and why. A device refuses the file.",
		},
		{
			Code: "string-too-long", Name: "A string without room",
			Summary: "A string has more than 255 UTF-16 units.",
			Reason:  "Its length is one byte. A character above U+FFFF counts as two.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

#define TEN(x) x x x x x x x x x x

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { destination = TEN(TEN("abc")); }
		};
	}
`,
			Good: example(`POLICY { destination = "abc*"; }`),
		},
		{
			Code: "struct-layout", Name: "Another layout than the device reads",
			Summary: "A STRUCT of a policy file is declared otherwise than a device reads it.",
			Reason:  "A device has its layout built in. A header of one's own may choose other defaults, and nothing else.",
			Bad: `STRUCT POLICY_HEADER { LONG majorversion = 0; }

UID2 0x102836B3
UID3 0x20030001
`,
			Good: example(`POLICY { options = KYes|KNo; }`),
		},
		{
			Code: "struct-twice", Name: "A STRUCT declared twice",
			Summary: "A STRUCT is declared that there is already.",
			Reason:  "A header that is included twice needs a guard.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

STRUCT OURS { WORD one; }
STRUCT OURS { WORD one; }

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

STRUCT OURS { WORD one; }

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
			Code: "struct-unknown", Name: "A STRUCT that is not declared",
			Summary: "A struct or resource is of a STRUCT that is not declared.",
			Reason:  "Those of a policy file are declared in <ups/policies.rh>.",
			Bad:     example(`Policy { options = KYes; }`),
			Good:    example(`POLICY { options = KYes; }`),
		},
		{
			Code: "struct-wanted", Name: "A struct is wanted",
			Summary: "A field that holds a struct is given something else.",
			Reason:  "The struct stands with its name: POLICY_HEADER { … }.",
			Bad:     example(`KYes`),
			Good:    example(`POLICY { options = KYes|KNo; }`),
		},
		{
			Code: "struct-wrong", Name: "Another struct than the field holds",
			Summary: "A field is given a struct of another kind.",
			Reason:  "header is a POLICY_HEADER, and policies are of POLICY.",
			Bad:     example(`POLICY_HEADER { }`),
			Good:    example(`POLICY { }`),
		},
		{
			Code: "systemserversecurity", Name: "systemserversecurity out of range",
			Summary: "systemserversecurity is above 2.",
			Reason:  "A device refuses the file.",
			Bad:     example(`POLICY { systemserversecurity = 3; }`),
			Good:    example(`POLICY { systemserversecurity = ESystemServerSecurityPassed; }`),
		},
		{
			Code: "uid2", Name: "Not the UID2 of a policy file",
			Summary: "UID2 is missing, or is not that of policy files.",
			Reason:  "A device does not take the file for one.",
			Bad: `#include <ups/policies.rh>

UID2 0x10000001
UID3 0x20030001

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
			Good: example(`POLICY { options = KYes|KNo; }`),
		},
		{
			Code: "uid3-zero", Name: "UID3 of 0",
			Summary: "UID3 is 0.",
			Reason:  "It is the identity of the file, which was allocated for it.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
			Good: example(`POLICY { options = KYes|KNo; }`),
		},
		{
			Code: "uids-differ", Name: "UIDs of the command line and of the source",
			Summary: "The UIDs that the command line of ups rcomp gives are not those of the source.",
			Reason:  "rcomp takes those of the command line and says nothing, so that the file has another identity than its source says.",
		},
		{
			Code: "version", Name: "Not the format version",
			Summary: "version of POLICIES is not 1.",
			Reason:  "It is the version of the format, and devices know one. Your own is majorversion, in the header.",
			Bad: `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

RESOURCE POLICIES list
	{
	version = 2;
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

RESOURCE POLICIES list
	{
	version = 1;
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { options = KYes|KNo; }
		};
	}
`,
		},
		{
			Code: "whole-number", Name: "Not a whole number",
			Summary: "A number has a decimal point.",
			Reason:  "All fields hold whole numbers.",
			Bad:     example(`POLICY { flags = 1.5; }`),
			Good:    example(`POLICY { flags = 1; }`),
		},
		{
			Code: "wrong-kind", Name: "A value of another kind",
			Summary: "A string stands where a number is wanted, or the other way round.",
			Reason:  "The device's own compiler takes it, and writes something that nobody meant.",
			Bad:     example(`POLICY { destination = 112; }`),
			Good:    example(`POLICY { destination = "112"; }`),
		},
	}
}
