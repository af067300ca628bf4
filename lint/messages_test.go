package lint_test

import (
	"flag"
	"fmt"
	"io/fs"
	"math/bits"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ups/compiler"
	"ups/lint"
	"ups/lint/analysis"
	"ups/lint/internal/bruteforce"
	"ups/policy"
)

var messages = flag.Int("messages", 10_000/bruteforce.Slowness, "how many generated lists have their messages checked by brute force")

// TestMessages parses what is said of generated lists, and checks each sentence
// and each piece of advice by brute force.
func TestMessages(t *testing.T) {
	r := rand.New(rand.NewPCG(11, uint64(*messages)))
	seen := map[string]int{}
	for n := range *messages {
		f := bruteforce.RandomList(r, 8)
		c := &claims{List: bruteforce.NewList(f), a: analysis.Analyse(f, analysis.Options{}), seen: seen}
		in := &lint.Input{Path: "x.rsc", File: f}
		for _, found := range lint.Merge(lint.Run(in, everything)) {
			c.read(found)
		}
		if len(c.wrong) > 0 {
			t.Fatalf("list %d:\n%s%s", n, bruteforce.Show(f), strings.Join(c.wrong, "\n"))
		}
	}
	t.Log(seen)
	for _, kind := range []string{
		"decided", "unreachable, defect", "unreachable, replaced", "unreachable, same", "also", "remove", "move", "one must go", "decide which",
		"catch-all", "move last", "order", "order, opinion", "redundant", "uncovered", "silent-accept", "silent-reject", "shadowed",
	} {
		if seen[kind] < *messages/2000 {
			t.Errorf("%s: only %d of %d lists", kind, seen[kind], *messages)
		}
	}
}

// TestMessagesOfFixtures does the same for the lists that people wrote: the
// fixtures, the gallery, the handset, the message server and the compiler's
// corpus, as far as their patterns are ASCII.
func TestMessagesOfFixtures(t *testing.T) {
	seen, lists := map[string]int{}, 0
	for _, in := range writtenLists(t) {
		o, ok := bruteforce.NewWideOracle(in.File)
		if !ok {
			continue
		}
		lists++
		c := &claims{List: bruteforce.ListOf(o, in.File, 0, bruteforce.ClientsOf(in.File)), a: analysis.Analyse(in.File, analysis.Options{}), seen: seen}
		for _, found := range lint.Merge(lint.Run(in, everything)) {
			c.read(found)
		}
		if len(c.wrong) > 0 {
			t.Errorf("%s:\n%s", in.Path, strings.Join(c.wrong, "\n"))
		}
	}
	if t.Log(lists, seen); lists < 200 || seen["decided"] < 30 || seen["redundant"] < 10 || seen["uncovered"] < 20 {
		t.Errorf("%d lists: %v", lists, seen)
	}
}

// writtenLists compiles all sources of the repository that are policy lists.
func writtenLists(t *testing.T) []*lint.Input {
	t.Helper()
	var out []*lint.Input
	for _, root := range []string{"testdata", "../examples", "../compiler/testdata/conformance/accept", "../compiler/testdata/conformance/random"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".rss" {
				return err
			}
			text, err := os.ReadFile(path)
			if r := compiler.Compile(path, text, compiler.Options{NoCheck: true}); r.File != nil {
				out = append(out, &lint.Input{Path: filepath.Base(path), File: r.File})
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// claims reads the claims of findings about one list.
type claims struct {
	*bruteforce.List
	a     *analysis.Result
	seen  map[string]int
	now   lint.Finding
	wrong []string
}

func (c *claims) wrongly(format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Sprintf("%s\n  hint: %s\n  %s", c.now.Message, c.now.Hint, fmt.Sprintf(format, args...)))
}

func (c *claims) read(f lint.Finding) {
	c.now = f
	c.decided()
	switch f.Code {
	case "unreachable":
		c.unreachable()
	case "catch-all":
		c.catchAll()
	case "order":
		c.order()
	case "redundant":
		c.redundantSentence()
	case "uncovered":
		c.uncovered()
	case "silent-accept", "silent-reject", "lasting-unprotected", "no-missing", "never-missing", "session-no", "option-moot":
		c.options()
	case "shadowed":
		c.seen["shadowed"]++
	}
}

const aRequest = `SID 0x([0-9A-F]{8}), check (passed|failed), destination ("(?:[^"\\]|\\.)*")`

var (
	requestPattern = regexp.MustCompile(aRequest)
	decidedPattern = regexp.MustCompile(aRequest + ` is decided by policy (\d+) with (.+?), where (this one|policy \d+) has ([^;]+)`)
	numberPattern  = regexp.MustCompile(`\d+`)
)

// request reads a request, given by the groups of aRequest.
func request(m []string) policy.Request {
	sid, _ := strconv.ParseUint(m[1], 16, 32)
	destination, _ := strconv.Unquote(m[3])
	return policy.Request{SID: uint32(sid), Passed: m[2] == "passed", Destination: policy.NewText(destination)}
}

// places reads the numbers of policies in a part of a sentence. All that there
// are must be named, which holds for lists of eight only as far as five.
func (c *claims) places(text string) []int {
	var out []int
	for _, m := range numberPattern.FindAllString(text, -1) {
		n, _ := strconv.Atoi(m)
		out = append(out, n-1)
	}
	return out
}

// decided checks which policy decides the request that is shown, and the two
// outcomes.
func (c *claims) decided() {
	m := decidedPattern.FindStringSubmatch(c.now.Message)
	if m == nil {
		return
	}
	c.seen["decided"]++
	r, by, other := request(m), c.places(m[4])[0], c.now.Policy-1
	if m[6] != "this one" {
		other = c.places(m[6])[0]
	}
	o, own := c.Outcome(1<<by), c.Outcome(1<<other)
	switch {
	case c.File.Decide(r) != by:
		c.wrongly("policy %d decides it", c.File.Decide(r)+1)
	case !c.File.Policies[other].Matches(r):
		c.wrongly("policy %d doesn't match it", other+1)
	case m[5] != o.Unlike(own) || m[7] != own.Unlike(o) || o == own:
		c.wrongly("the outcomes are %v and %v", o, own)
	case c.now.Witness == nil || c.File.Decide(*c.now.Witness) != by:
		c.wrongly("the witness isn't the request")
	}
}

// unreached reports whether no request gets to a policy of a list of these
// policies, in this order.
func (c *claims) unreached(p int, order []int) bool {
	all := true
	c.Each(func(_ bool, m uint64) {
		for _, k := range order {
			if m>>k&1 != 0 {
				all = all && k != p
				return
			}
		}
	})
	return all
}

// unasked is unreached, as far as the service is asked.
func (c *claims) unasked(p int, order []int) bool {
	all := true
	c.Each(func(asked bool, m uint64) {
		for _, k := range order {
			if m>>k&1 != 0 {
				all = all && (k != p || !asked)
				return
			}
		}
	})
	return all
}

func (c *claims) inOrder() []int {
	order := make([]int, len(c.File.Policies))
	for i := range order {
		order[i] = i
	}
	return order
}

// moved is the order of the policies with p before the one at place to.
func (c *claims) moved(p, to int) []int {
	order := slices.Delete(c.inOrder(), p, p+1)
	return slices.Insert(order, to, p)
}

var coverPattern = regexp.MustCompile(`^(?:policy \d+: )?no request gets here: (polic\S+ .*?) (matches|match|together match|each match) all that this one does(, with the same outcome|, and all its requests get the outcome that it has|;)`)

func (c *claims) unreachable() {
	m := coverPattern.FindStringSubmatch(c.now.Message)
	if m == nil {
		if !strings.Contains(c.now.Message, "systemserversecurity") && !strings.Contains(c.now.Message, "sid_classes") {
			c.wrongly("isn't understood")
		}
		return
	}
	culprits := c.places(m[1])
	differ := slices.ContainsFunc(culprits, func(q int) bool { return c.Outcome(1<<q) != c.Outcome(1<<(c.now.Policy-1)) })
	for _, n := range append([]int{c.now.Policy}, c.now.Also...) {
		c.covered(n-1, culprits, m[2])
		if !c.unreached(n-1, c.inOrder()) {
			c.wrongly("some request gets to policy %d", n)
		}
	}
	if len(c.now.Also) > 0 {
		c.seen["also"]++
	}
	switch m[3] {
	case ", with the same outcome":
		c.seen["unreachable, replaced"]++
		if differ || c.now.Category != lint.Suspicion {
			c.wrongly("not with the same outcome, or a %v", c.now.Category)
		}
	case ";":
		c.seen["unreachable, defect"]++
		if !differ || c.now.Category != lint.Defect {
			c.wrongly("all culprits have the same outcome, or a %v", c.now.Category)
		}
	default:
		c.seen["unreachable, same"]++
		c.Each(func(asked bool, m uint64) {
			if asked && m>>(c.now.Policy-1)&1 != 0 && c.Outcome(m) != c.Outcome(1<<(c.now.Policy-1)) {
				c.wrongly("a request gets another outcome")
			}
		})
	}
	c.advice()
}

// covered checks that culprits cover a policy in the manner that is said.
func (c *claims) covered(p int, culprits []int, manner string) {
	if manner == "together match" {
		if !c.CoveredBy(p, culprits, false) {
			c.wrongly("policy %d isn't covered", p+1)
		}
		return
	}
	for _, q := range culprits {
		if !c.CoveredBy(p, []int{q}, false) {
			c.wrongly("policy %d doesn't cover policy %d", q+1, p+1)
		}
	}
}

var (
	movePattern   = regexp.MustCompile(`^move it before policy (\d+)$`)
	oneMustGo     = regexp.MustCompile(`^one of the two must go: before policy (\d+) it would take all that policy (\d+) decides$`)
	decidePattern = regexp.MustCompile(`^decide which are meant: before policy (\d+) it would take all that (polic.*) decides?$`)
)

// advice checks what the hint says of an edit.
func (c *claims) advice() {
	p, hint := c.now.Policy-1, c.now.Hint
	switch m := movePattern.FindStringSubmatch(hint); {
	case hint == "remove it":
		c.seen["remove"]++
		c.removed(p)
		return
	case m != nil:
		c.seen["move"]++
		c.moves(p, c.places(m[1])[0], nil)
		return
	}
	if m := oneMustGo.FindStringSubmatch(hint); m != nil {
		c.seen["one must go"]++
		c.moves(p, c.places(m[1])[0], c.places(m[2]))
		return
	}
	if m := decidePattern.FindStringSubmatch(hint); m != nil {
		c.seen["decide which"]++
		c.moves(p, c.places(m[1])[0], c.places(m[2]))
		return
	}
	if hint != "" || c.now.Category == lint.Defect {
		c.wrongly("the advice isn't understood")
	}
}

// moves checks that a policy decides something at another place, and that just
// these policies no longer do.
func (c *claims) moves(p, to int, kills []int) {
	order := c.moved(p, to)
	if c.unasked(p, order) {
		c.wrongly("it would still decide nothing")
	}
	for k := range c.File.Policies {
		killed := k != p && !c.unasked(k, c.inOrder()) && c.unasked(k, order)
		if killed != slices.Contains(kills, k) {
			c.wrongly("policy %d: killed %t", k+1, killed)
		}
	}
}

// removed checks that nothing changes without a policy.
func (c *claims) removed(p int) {
	c.Each(func(asked bool, m uint64) {
		if asked && c.Outcome(m) != c.Outcome(m&^(1<<p)) {
			c.wrongly("without it a decision changes")
		}
	})
}

func (c *claims) catchAll() {
	c.seen["catch-all"]++
	p, defect := c.now.Policy-1, false
	for k := p + 1; k < len(c.File.Policies); k++ {
		if !c.unreached(k, c.inOrder()) || !slices.Contains(c.now.Also, k+1) {
			c.wrongly("policy %d is reached or not named", k+1)
		}
		defect = defect || c.Outcome(1<<k) != c.Outcome(1<<p)
	}
	if c.now.Category == lint.Defect && !defect {
		c.wrongly("nothing after it has another outcome")
	}
	order := append(slices.Delete(c.inOrder(), p, p+1), p)
	stays := []int(nil)
	for k := p + 1; k < len(c.File.Policies); k++ {
		if c.unasked(k, order) && c.a.Policies[k].Reach != analysis.MatchesNothing {
			stays = append(stays, k)
		}
	}
	said, rest, _ := strings.Cut(c.now.Hint, "; even then no request would get to ")
	switch {
	case said == "move it to the end of the list":
		c.seen["move last"]++
		if c.unasked(p, order) || !strings.Contains(rest, "more") && !slices.Equal(c.places(rest), stays) {
			c.wrongly("it would decide nothing, or %v would stay", stays)
		}
	case !c.unasked(p, order):
		c.wrongly("it would decide something at the end")
	}
}

var orderPattern = regexp.MustCompile(`^(?:policy \d+: )?(polic[^:]*?) stands? before this one, and (?:is|policy \d+ is) for more ([a-zA-Z ]+);`)

func (c *claims) order() {
	m := orderPattern.FindStringSubmatch(c.now.Message)
	if m == nil {
		c.wrongly("isn't understood")
		return
	}
	c.seen["order"]++
	e, p := c.places(m[1])[0], c.now.Policy-1
	relations, _ := c.Conflict(e, p)
	var want []string
	fields := strings.Fields(relations)
	for i, name := range []string{"SIDs", "results of the check", "destinations"} {
		if fields[i+1] == fmt.Sprint(analysis.Wider) {
			want = append(want, name)
		}
	}
	if got := strings.Split(m[2], " and "); !slices.Equal(got, want) {
		c.wrongly("it is for more %v", want)
	}
	opinion := slices.Equal(want, []string{"SIDs"}) && fields[2] == fmt.Sprint(analysis.Same) && fields[3] == fmt.Sprint(analysis.Apart)
	if opinion {
		c.seen["order, opinion"]++
	}
	if opinion != (c.now.Category == lint.Opinion) {
		c.wrongly("it is a %v", c.now.Category)
	}
	c.advice()
}

var fallbackPattern = regexp.MustCompile(`without it ` + aRequest + ` would be decided by (policy (\d+)|the default policy), with the same outcome`)

func (c *claims) redundantSentence() {
	m := fallbackPattern.FindStringSubmatch(c.now.Message)
	if m == nil {
		c.wrongly("isn't understood")
		return
	}
	c.seen["redundant"]++
	for _, n := range append([]int{c.now.Policy}, c.now.Also...) {
		c.removed(n - 1)
	}
	r, without := request(m), *c.File
	p := c.now.Policy - 1
	without.Policies = slices.Delete(slices.Clone(c.File.Policies), p, p+1)
	fallback := without.Decide(r)
	if fallback >= p {
		fallback++
	}
	if said := append(c.places(m[5]), -1)[0]; c.File.Decide(r) != p || fallback != said {
		c.wrongly("policy %d would decide it", fallback+1)
	}
}

// options checks the request that a finding about options shows.
func (c *claims) options() {
	p, w := c.now.Policy-1, c.now.Witness
	if w == nil || c.File.Decide(*w) != p {
		c.wrongly("the policy doesn't decide the witness")
		return
	}
	c.seen[c.now.Code]++
	m := requestPattern.FindStringSubmatch(c.now.Message)
	if r := request(m); r.SID != w.SID || r.Passed != w.Passed || !slices.Equal(r.Destination, w.Destination) {
		c.wrongly("it shows another request than the witness")
	}
	unprotectedOnly := c.now.Code == "silent-accept" || c.now.Code == "lasting-unprotected"
	switch {
	case !bruteforce.Asked(c.File, analysis.Client{SID: w.SID, Passed: w.Passed}, false):
		c.wrongly("the service isn't asked")
	case unprotectedOnly && policy.Protected(w.SID), c.now.Code == "lasting-unprotected" && w.Passed:
		c.wrongly("the witness is of another kind of client")
	}
}

// uncovered checks which clients are named: of those of the oracle, just
// those with a gap.
func (c *claims) uncovered() {
	c.seen["uncovered"]++
	said := strings.TrimPrefix(c.now.Message, "no policy matches some requests of ")
	said, rest, _ := strings.Cut(said, "; ")
	if m := requestPattern.FindStringSubmatch(rest); m == nil || c.File.Decide(request(m)) != -1 {
		c.wrongly("a policy decides it")
	}
	passed, failed := said, said
	if before, after, both := strings.Cut(said, " whose check passed, and of "); both {
		passed, failed = before, strings.TrimSuffix(after, " whose check failed")
	} else if before, ok := strings.CutSuffix(said, " whose check passed"); ok {
		passed, failed = before, ""
	} else if before, ok := strings.CutSuffix(said, " whose check failed"); ok {
		passed, failed = "", before
	}
	for i, a := range c.Clients {
		want := c.Asked[i] && slices.ContainsFunc(c.Vectors, func(v uint64) bool { return v&c.Visible[i] == 0 })
		text := failed
		if a.Passed {
			text = passed
		}
		if names(text, a.SID) != want {
			c.wrongly("SID %#x, passed %t: gap %t", a.SID, a.Passed, want)
		}
	}
	refuses := slices.ContainsFunc(c.inOrder(), func(p int) bool { return c.Outcome(1<<p).Denies() && !c.unasked(p, c.inOrder()) })
	if c.now.Category == lint.Suspicion && !refuses {
		c.wrongly("no policy that is reached refuses")
	}
}

// names reports whether a set of SIDs, in words, has a SID.
func names(text string, sid uint32) bool {
	text, but, _ := strings.Cut(text, " but not ")
	single := fmt.Sprintf("0x%08X", sid)
	switch {
	case strings.Contains(but, single):
		return false
	case strings.Contains(text, single), strings.Contains(text, "all SIDs"):
		return true
	case strings.Contains(text, "unprotected SIDs"):
		if !policy.Protected(sid) {
			return true
		}
		text = strings.ReplaceAll(text, "unprotected SIDs", "")
	}
	if strings.Contains(text, "protected SIDs") && policy.Protected(sid) {
		return true
	}
	if m := regexp.MustCompile(`class(?:es)? ([0-9A-F, ]+?)(?: and|$)`).FindStringSubmatch(text); m != nil {
		return strings.Contains(m[1], fmt.Sprintf("%X", bits.RotateLeft32(sid, 4)&0xF))
	}
	return false
}
