package browser

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed node_modules/axe-core/axe.min.js
var axe string

// accessible runs axe-core over the page, which must find nothing. Nobody has to
// scroll the page sideways.
func (p *tab) accessible() {
	p.Helper()
	if over := evaluate[float64](p, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
		p.Errorf("the page is %v pixels wider than its window", over)
	}
	evaluate[any](p, axe+"; void 0")
	found := evaluate[[]string](p, `axe.run({resultTypes: ["violations"]}).then(({violations}) =>
		violations.flatMap(({id, help, nodes}) => nodes.map(({html, failureSummary}) => id + ": " + help + "\n" + html + "\n" + failureSummary)))`)
	if len(found) > 0 {
		p.Errorf("axe-core finds %d:\n%s", len(found), strings.Join(found[:min(8, len(found))], "\n\n"))
	}
	if passes := evaluate[int](p, `axe.run().then(({passes}) => passes.length)`); passes < 10 {
		p.Errorf("axe-core has looked at %s", fmt.Sprint(passes))
	}
}
