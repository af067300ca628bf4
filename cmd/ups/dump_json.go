package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"ups/cmd/ups/internal/jsontext"
	"ups/policy"
)

// dumpVersion is the version of the schema that docs/dump-json.md describes.
const dumpVersion = 1

// dumpJSON returns a file as JSON, with the fields named and ordered as in a
// source.
func dumpJSON(f *policy.File) ([]byte, error) {
	doc := fileJSON{
		SchemaVersion: dumpVersion,
		UID2:          hex(f.UID2),
		Version:       f.Version,
		Reserved:      hex(f.Reserved),
		Policies:      make([]policyJSON, len(f.Policies)),
	}
	switch {
	case !f.NoUID3:
		doc.UID3 = new(hex(f.UID3))
	case f.UID3 != 0:
		doc.NameOffset = &f.UID3
	}
	if f.Header != nil {
		doc.Header = newHeaderJSON(f.Header)
	}
	for i := range f.Policies {
		doc.Policies[i] = newPolicyJSON(&f.Policies[i])
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(doc)
	return b.Bytes(), err
}

type fileJSON struct {
	SchemaVersion int          `json:"schemaVersion"`
	UID2          hex          `json:"UID2"`
	UID3          *hex         `json:"UID3"`
	NameOffset    *uint32      `json:"NAME"`
	Version       uint16       `json:"version"`
	Reserved      hex          `json:"reserved"`
	Header        *headerJSON  `json:"header"`
	Policies      []policyJSON `json:"policies"`
}

type headerJSON struct {
	MajorVersion        uint16                     `json:"majorversion"`
	MinorVersion        uint16                     `json:"minorversion"`
	AuthorisationPolicy policy.AuthorisationPolicy `json:"authorisationpolicy"`
	PolicyEvaluator     hex                        `json:"policyevaluator"`
	DialogCreator       hex                        `json:"dialogcreator"`
}

func newHeaderJSON(h *policy.Header) *headerJSON {
	return &headerJSON{
		h.MajorVersion, h.MinorVersion, h.AuthorisationPolicy, hex(h.PolicyEvaluator), hex(h.DialogCreator),
	}
}

type policyJSON struct {
	SIDClasses      hex             `json:"sid_classes"`
	SIDs            []hex           `json:"sid_list"`
	Security        policy.Security `json:"systemserversecurity"`
	Destination     jsontext.Units  `json:"destination"`
	Options         hex             `json:"options"`
	PolicyEvaluator hex             `json:"policyevaluator"`
	DialogCreator   hex             `json:"dialogcreator"`
	Flags           uint16          `json:"flags"`
	ReservedWord    uint16          `json:"reservedWord"`
	ReservedLink    hex             `json:"reservedLink"`
}

func newPolicyJSON(p *policy.Policy) policyJSON {
	sids := make([]hex, len(p.SIDs))
	for i, sid := range p.SIDs {
		sids[i] = hex(sid)
	}
	return policyJSON{
		hex(p.SIDClasses), sids, p.Security, jsontext.Units(p.Destination), hex(p.Options),
		hex(p.PolicyEvaluator), hex(p.DialogCreator), p.Flags, p.ReservedWord, hex(p.ReservedLink),
	}
}

// hex is a number that people write in hexadecimal: a string of 0x and eight
// digits.
type hex uint32

// MarshalJSON writes the digits in lower case.
func (h hex) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, `"0x%08x"`, uint32(h)), nil }
