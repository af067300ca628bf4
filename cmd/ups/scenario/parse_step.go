package scenario

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"ups/cmd/ups/internal/yamlfile"
	"ups/diag"
	"ups/internal/yamlnode"
	"ups/policy"
)

func names[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// unknownName reports a name that nothing declares.
func (p *parser) unknownName(n *yaml.Node, what, name string, known []string) {
	hint := diag.DidYouMean(name, known)
	if hint == "" && len(known) > 0 {
		hint = "the names are " + strings.Join(known, ", ")
	}
	p.Fail(n, hint, "no %s is named %q", what, name)
}

func (p *parser) scenario(n *yaml.Node) {
	s, mistakes := &scenario{pos: p.Pos(n)}, len(p.Mistakes)
	p.Keys(n, "a scenario", yamlfile.Keys{
		"name":  func(n *yaml.Node) { s.name = p.Name(n, "name") },
		"given": func(n *yaml.Node) { p.List(n, "given", func(n *yaml.Node) { s.given = append(s.given, p.given(n)) }) },
		"steps": func(n *yaml.Node) { p.List(n, "steps", func(n *yaml.Node) { p.addStep(s, n) }) },
	})
	switch {
	case len(p.Mistakes) > mistakes: // what seems missing may be there
	case s.name == "":
		p.Fail(n, "", "a scenario needs a name")
	case len(s.steps) == 0:
		p.Fail(n, "", "the scenario %q has no steps", s.name)
	}
	if p.scenarioNames[s.name] && s.name != "" {
		p.Fail(n, "", "two scenarios are named %q", s.name)
	}
	p.scenarioNames[s.name] = true
	p.scenarios = append(p.scenarios, s)
}

// verbs are the keys that say what a step does.
func (p *parser) verbs() map[string]func(n *yaml.Node) step {
	return map[string]func(*yaml.Node) step{
		"request":       p.requestStep,
		"start":         p.startStep,
		"reply":         p.replyStep,
		"wait":          p.waitStep,
		"cancel":        p.cancelStep,
		"install":       p.installStep,
		"uninstall":     p.uninstallStep,
		"remove-client": p.removeStep,
		"records":       p.recordsStep,
	}
}

func (p *parser) addStep(s *scenario, n *yaml.Node) {
	if st := p.step(n); st != nil {
		s.steps = append(s.steps, st)
	}
}

// step reads a step by its verb, or restart, which has nothing more to say.
func (p *parser) step(n *yaml.Node) step {
	verbs := p.verbs()
	if yamlnode.IsScalar(n) {
		p.Choice(n, "a step that is one word", "restart")
		return &restartStep{place{p.Pos(n)}}
	}
	if n.Kind != yaml.MappingNode {
		p.Fail(n, "", "a step is a mapping, of keys and values")
		return nil
	}
	var first string
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i].Value
		if read := verbs[key]; read != nil {
			return read(n)
		}
		first = cmp.Or(diag.DidYouMean(key, names(verbs)), first)
	}
	p.Fail(n, cmp.Or(first, "a step is one of "+strings.Join(names(verbs), ", ")+", restart"), "what is to be done in this step?")
	return nil
}

// requested returns the keys of a request; complete is to be called after them.
func (p *parser) requested(verb string, q *request) (k yamlfile.Keys, complete func(n *yaml.Node)) {
	q.passed = true
	server, mistakes := p.server, len(p.Mistakes)
	var who, service, drive *yaml.Node
	k = p.script(&q.script).And(yamlfile.Keys{
		verb:      func(n *yaml.Node) { q.destination = p.Text(n, "destination") },
		"client":  func(n *yaml.Node) { who, q.client = n, n.Value },
		"server":  func(n *yaml.Node) { id := p.ID(n, "server"); server = &id },
		"service": func(n *yaml.Node) { service = n },
		"drive":   func(n *yaml.Node) { drive = n },
		"opaque":  func(n *yaml.Node) { q.opaque = []byte(p.bytes(n, "opaque")) },
		"check":   func(n *yaml.Node) { q.passed = p.Choice(n, "check", "passed", "failed") == "passed" },
		"answer":  func(n *yaml.Node) { q.answer = p.answer(n) },
	})
	return k, func(n *yaml.Node) {
		slip := len(p.Mistakes) > mistakes // what seems missing may be there
		p.who(n, who, q, slip)
		p.which(n, service, server, q, slip)
		if drive != nil {
			q.who.drive = p.drive(drive)
		}
	}
}

// who sets the client: the only one if the step doesn't say.
func (p *parser) who(step, n *yaml.Node, q *request, slip bool) {
	switch known := names(p.clients); {
	case n != nil:
		q.who = p.clientRef(n)
	case len(known) == 1:
		q.client, q.who = known[0], p.clients[known[0]]
	case !slip:
		p.Fail(step, "give client: and a name, or a SID", "which client asks?")
	}
}

// which sets the service.
func (p *parser) which(step, n *yaml.Node, server *uint32, q *request, slip bool) {
	switch {
	case n != nil:
		q.service, _ = p.serviceRef(n, server)
	case p.service != nil:
		q.service = *p.service
		if server != nil {
			q.service.Server = *server
		}
	case !slip:
		p.Fail(step, "give service: here or for the file, or name one under services:", "which service is asked?")
	}
}

// optionNames are the answers, in the order of their bits.
var optionNames = []string{"yes", "no", "session-yes", "always", "never", "session-no"}

// answer reads the user's answer: an option, none, or an option with the
// fingerprint and the evaluator info that the dialog gives.
func (p *parser) answer(n *yaml.Node) *answer {
	a := &answer{pos: p.Pos(n)}
	if n.Kind != yaml.MappingNode {
		a.text, a.option = p.option(n, "answer")
		return a
	}
	given := false
	p.Keys(n, "an answer", yamlfile.Keys{
		"option":      func(n *yaml.Node) { a.text, a.option = p.option(n, "option"); given = true },
		"fingerprint": func(n *yaml.Node) { a.fingerprint = p.place(n) },
		"info":        func(n *yaml.Node) { a.info = uint32(p.Number(n, "info", 1<<32-1)) },
	})
	if !given {
		p.Fail(n, "", "an answer needs its option")
	}
	return a
}

// place reads the place of a fingerprint in the list: from 1, as policies are
// numbered; it is from 0 inside.
func (p *parser) place(n *yaml.Node) int {
	v := p.Number(n, "fingerprint", 1<<16)
	if v == 0 {
		p.Fail(n, "the first fingerprint is 1", "an answer's fingerprint is its place in the list, not %s", yamlnode.Show(n))
	}
	return int(v) - 1
}

// option reads one option, or none: the user goes away.
func (p *parser) option(n *yaml.Node, what string) (string, policy.Options) {
	text := p.Choice(n, what, append([]string{"none"}, optionNames...)...)
	return text, optionNamed(text)
}

func optionNamed(name string) policy.Options {
	if i := slices.Index(optionNames, name); i >= 0 {
		return 1 << i
	}
	return 0
}

func (p *parser) requestStep(n *yaml.Node) step {
	s := &requestStep{place: place{p.Pos(n)}}
	k, complete := p.requested("request", &s.request)
	p.Keys(n, "a request", k.And(yamlfile.Keys{"expect": p.expect(&s.expect)}))
	complete(n)
	if s.request.answer == nil && s.expect.want("prompt") == "yes" {
		s.request.answer = &answer{pos: s.pos, text: "none"} // which answer doesn't matter
	}
	return s
}

func (p *parser) startStep(n *yaml.Node) step {
	s := &startStep{place: place{p.Pos(n)}}
	k, complete := p.requested("start", &s.request)
	p.Keys(n, "a start", k.And(yamlfile.Keys{
		"as":     func(n *yaml.Node) { s.name = p.Name(n, "as") },
		"expect": func(n *yaml.Node) { s.state = p.Choice(n, "what is expected of a start", states...) },
	}))
	if complete(n); s.name == "" {
		p.Fail(n, "give as: and a name", "how will later steps call this request?")
	}
	return s
}

func (p *parser) replyStep(n *yaml.Node) step {
	s := &replyStep{}
	p.started(n, "reply", &s.startedRequest, yamlfile.Keys{
		"answer": func(n *yaml.Node) { s.answer = p.answer(n) },
	})
	if s.answer == nil {
		p.Fail(n, "", "a reply needs an answer")
	}
	return s
}

func (p *parser) waitStep(n *yaml.Node) step {
	s := &waitStep{}
	p.started(n, "wait", &s.startedRequest, nil)
	return s
}

func (p *parser) cancelStep(n *yaml.Node) step {
	s := &cancelStep{}
	p.started(n, "cancel", &s.startedRequest, nil)
	return s
}

// started reads a step about a request that an earlier one started.
func (p *parser) started(n *yaml.Node, verb string, s *startedRequest, more yamlfile.Keys) {
	s.pos = p.Pos(n)
	p.Keys(n, "a "+verb, yamlfile.Keys{
		verb:     func(n *yaml.Node) { s.name = p.Name(n, verb) },
		"expect": p.expect(&s.expect),
	}.And(more))
}

// purged reads how many records a step is expected to delete.
func (p *parser) purged(want **uint64) func(*yaml.Node) {
	return func(n *yaml.Node) {
		p.Keys(n, "what is expected", yamlfile.Keys{"purged": func(n *yaml.Node) {
			v := p.Number(n, "purged", 1<<32)
			*want = &v
		}})
	}
}

// romOrSystem reads which of the two drives of policies is meant.
func (p *parser) romOrSystem(onROM *bool) func(*yaml.Node) {
	return func(n *yaml.Node) { *onROM = p.Choice(n, "drive", "c", "z") == "z" }
}

func (p *parser) installStep(n *yaml.Node) step {
	s := &installStep{place: place{p.Pos(n)}}
	p.Keys(n, "an install", yamlfile.Keys{
		"install": func(n *yaml.Node) { s.files = p.paths(n, "install") },
		"drive":   p.romOrSystem(&s.onROM),
		"expect":  p.purged(&s.purged),
	})
	return s
}

func (p *parser) uninstallStep(n *yaml.Node) step {
	s := &uninstallStep{place: place{p.Pos(n)}}
	p.Keys(n, "an uninstall", yamlfile.Keys{
		"uninstall": func(n *yaml.Node) {
			s.name = p.Name(n, "uninstall")
			id, ext, ok := policy.ParseFileName(s.name)
			if s.service = id; !ok || ext != policy.CompiledExt {
				s.service, _ = p.serviceRef(n, p.server)
			}
		},
		"drive":  p.romOrSystem(&s.onROM),
		"expect": p.purged(&s.purged),
	})
	return s
}

func (p *parser) removeStep(n *yaml.Node) step {
	s := &removeStep{place: place{p.Pos(n)}}
	p.Keys(n, "a remove-client", yamlfile.Keys{
		"remove-client": func(n *yaml.Node) { s.name, s.sid = n.Value, p.clientRef(n).sid },
		"expect":        p.purged(&s.purged),
	})
	return s
}
