package report

import (
	"fmt"
	"strings"

	"ups/cmd/ups/page/model"
	"ups/cmd/ups/page/svg"
)

// rowView is a row of the picture in words.
type rowView struct {
	model.Row
	Decides  []decides
	More     int    // that decide something too
	Shadowed string // policies
	Unasked  string // what becomes of the requests that the service isn't asked about
}

// decides is what part a policy decides of a row.
type decides struct {
	Policy *model.Policy
	Part   string
}

// maxDecides is how many policies a row of the table names.
const maxDecides = 24

func rowOf(m *model.List, row *model.Row) rowView {
	v := rowView{Row: *row}
	if effect, unasked := row.Unasked(); unasked {
		v.Unasked = map[model.Effect]string{model.Allow: "allowed", model.Deny: "denied"}[effect]
	}
	var shadowed []string
	for _, c := range row.Cells {
		switch {
		case c.Reach == model.Decides && len(v.Decides) == maxDecides:
			v.More++
		case c.Reach == model.Decides:
			v.Decides = append(v.Decides, decides{&m.Policies[c.Policy], svg.Percent(c.Requests, row.Requests)})
		case c.Reach == model.Shadowed:
			shadowed = append(shadowed, m.Policies[c.Policy].Name())
		}
	}
	if more := len(shadowed) - maxDecides; more > 1 {
		shadowed = append(shadowed[:maxDecides], fmt.Sprintf("%d more", more))
	}
	v.Shadowed = strings.Join(shadowed, ", ")
	return v
}
