package serve

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"ups/runtime/decision"
	"ups/runtime/service"
)

// ageing is service.Options.Ageing: nil if answers don't age, so that nothing is kept
// of them for it. Then they don't until the server is started again.
func (p *process) ageing() func(decision.Service) service.Ageing {
	if p.config.Answers == nil {
		return nil
	}
	return func(of decision.Service) service.Ageing { return p.answers.Load().Ageing(of) }
}

func (k *checker) answers() {
	bySpecificity := func(a, b decision.Service) int {
		return cmp.Or(cmp.Compare(a.Server, b.Server), cmp.Compare(a.Service, b.Service))
	}
	for _, of := range slices.SortedFunc(maps.Keys(k.cfg.Answers), bySpecificity) {
		k.say("answers %s: %s", whose(of), limitsOf(k.cfg.Answers[of]))
	}
}

func whose(of decision.Service) string {
	switch {
	case of == decision.Service{}:
		return "of all services"
	case of.Service == 0:
		return fmt.Sprintf("of server 0x%08x", of.Server)
	}
	return fmt.Sprintf("of service 0x%08x of server 0x%08x", of.Service, of.Server)
}

func limitsOf(a service.Ageing) string {
	var all []string
	if a.After > 0 {
		all = append(all, "for "+ageText(a.After))
	}
	if a.Uses > 0 {
		all = append(all, counted(int(a.Uses), "use"))
	}
	if a.Program {
		all = append(all, "for the same program")
	}
	if all == nil {
		return "don't age"
	}
	return strings.Join(all, ", ")
}

// ageText writes an age as a configuration does.
func ageText(d time.Duration) string {
	if d%(24*time.Hour) == 0 {
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	}
	return zeroUnits.ReplaceAllString(d.String(), "$1")
}

// zeroUnits are those that a duration has behind a larger one for nothing.
var zeroUnits = regexp.MustCompile(`([hm])(?:0m)?0s$`)
