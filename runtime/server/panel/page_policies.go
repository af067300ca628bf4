package panel

import (
	"fmt"
	"net/http"
	"strings"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/internal/printable"
)

// List is a policy list as the panel shows it. What says more of it than the list
// itself, findings and the picture, is made by the program that embeds the panel.
type List struct {
	Service policy.Service
	Path    string        // of its file
	List    *runtime.List // nil if the file can't be used
	Problem string        // why it can't
	// Findings are of lint.
	Findings []Finding
	// Picture is an SVG document that shows what the list decides, and Words says
	// the same. Both may be empty.
	Picture []byte
	Words   string
}

// Finding is what lint says of a list.
type Finding struct {
	Severity string // "error", "warning" or "info"
	Code     string
	Message  string // printable
}

// File is the name of the list's file.
func (l *List) File() string { return l.Service.FileName(policy.CompiledExt) }

// policiesPage is all lists.
type policiesPage struct {
	page
	Lists []listView
}

// policyPage is one list.
type policyPage struct {
	page
	listView
	Policies []policyView
}

// listView is what stands above a list.
type listView struct {
	List
	Server, ServiceName, Version, Check string
	N                                   int
}

// policyView is a policy.
type policyView struct {
	Number                                         int
	Clients, Destination, Check, Options, Decision string
	Allows, Asks                                   bool
}

func (p *Panel) showPolicies(w http.ResponseWriter, r *http.Request) {
	page := &policiesPage{page: p.page(r, "policies", "Policies")}
	for _, l := range p.lists() {
		page.Lists = append(page.Lists, p.listView(l))
	}
	p.render(w, http.StatusOK, "policies", page)
}

func (p *Panel) lists() []List {
	if p.opt.Lists == nil {
		return nil
	}
	return p.opt.Lists()
}

func (p *Panel) listView(l List) listView {
	v := listView{List: l, Server: p.server(l.Service.Server), ServiceName: p.service(l.Service.Server, l.Service.Service)}
	if l.List != nil {
		config := l.List.Config(l.Service.Service)
		v.Version = fmt.Sprintf("%d.%d", config.Major, config.Minor)
		v.Check = config.AuthorisationPolicy.String()
		v.N = len(l.List.File().Policies)
	}
	return v
}

// list returns the list of the file that a path names.
func (p *Panel) list(r *http.Request) (List, bool) {
	for _, l := range p.lists() {
		if strings.EqualFold(l.File(), r.PathValue("file")) {
			return l, true
		}
	}
	return List{}, false
}

func (p *Panel) showPolicy(w http.ResponseWriter, r *http.Request) {
	l, ok := p.list(r)
	if !ok {
		p.fail(w, r, "policies", http.StatusNotFound, "There is no such policy list.")
		return
	}
	page := &policyPage{page: p.page(r, "policies", l.File()), listView: p.listView(l)}
	for i := range page.N {
		page.Policies = append(page.Policies, p.policyView(l.List.Policy(i)))
	}
	p.render(w, http.StatusOK, "policy", page)
}

func (p *Panel) policyView(d runtime.Decisive) policyView {
	o := d.Policy.Options
	v := policyView{
		Number: d.Index + 1, Clients: p.clientsOf(&d.Policy), Destination: printable.Text(d.Policy.Destination.String()),
		Check: checkOf(d.Policy.Security), Options: o.Words(), Asks: o.Prompts(), Allows: o.SilentDecision().Allows(),
	}
	switch {
	case v.Asks:
		v.Decision = "asks"
	case v.Allows:
		v.Decision = "allows"
	default:
		v.Decision = "refuses"
	}
	return v
}

// clientsOf says which clients a policy is for.
func (p *Panel) clientsOf(q *policy.Policy) string {
	if len(q.SIDs) > 0 {
		var names []string
		for _, sid := range q.SIDs {
			names = append(names, p.client(sid))
		}
		return strings.Join(names, ", ")
	}
	switch q.SIDClasses {
	case policy.AllSIDs:
		return "all applications"
	case policy.ProtectedSIDs:
		return "protected applications"
	case policy.UnprotectedSIDs:
		return "unprotected applications"
	}
	return q.SIDClasses.String()
}

func checkOf(s policy.Security) string {
	switch {
	case s.Holds(true) && s.Holds(false):
		return "either way"
	case s.Holds(true):
		return "passed"
	}
	return "failed"
}

// showPicture sends a picture as a document of its own, in which nothing runs.
func (p *Panel) showPicture(w http.ResponseWriter, r *http.Request) {
	l, ok := p.list(r)
	if !ok || len(l.Picture) == 0 {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox")
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Write(l.Picture) // whether the browser is still there is of no interest
}
