package compiler

import (
	"bytes"
	"fmt"
	"strings"
)

// Resource is a resource with a name that others can see, and its id.
type Resource struct {
	Name  string
	ID    uint32
	Named bool // the source has NAME, so the id is written in hexadecimal
}

// resourceID returns the id of the policy resource, the first of its source.
func (b *builder) resourceID() uint32 { return b.offset<<12 + 1 }

func (b *builder) resources() []Resource {
	r := b.resource
	if r == nil || r.Name == nil || r.Local {
		return nil
	}
	return []Resource{{Name: r.Name.Text, ID: b.resourceID(), Named: b.offset != 0}}
}

// RSG returns the .rsg header: a #define for each resource (docs/compiled-format.md, The
// .rsg header).
func (r *Result) RSG() []byte {
	var b bytes.Buffer
	for _, resource := range r.Resources {
		format := "#define %-41s %d\n"
		if resource.Named {
			format = "#define %-41s %#x\n"
		}
		fmt.Fprintf(&b, format, strings.ToUpper(resource.Name), resource.ID)
	}
	return b.Bytes()
}
