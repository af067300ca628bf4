package panel

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"

	"ups/runtime/internal/printable"
)

//go:embed pages
var files embed.FS

// Handler returns the pages. It streams events, so its http.Server must have no
// WriteTimeout.
func (p *Panel) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login", p.showLogin)
	mux.HandleFunc("POST /login", p.logIn)
	mux.HandleFunc("GET /panel.css", asset("panel.css", "text/css; charset=utf-8"))
	mux.HandleFunc("GET /panel.js", asset("panel.js", "text/javascript; charset=utf-8"))
	mux.HandleFunc("GET /icon.svg", asset("icon.svg", "image/svg+xml"))
	for pattern, h := range map[string]http.HandlerFunc{
		"GET /{$}":                         p.showPrompts,
		"POST /prompts/{id}":               p.answerPrompt,
		"GET /events":                      p.streamEvents,
		"GET /answers":                     p.showAnswers,
		"GET /answers.jsonl":               p.exportAnswers,
		"GET /answers/revoke":              p.confirmRevoke,
		"POST /answers/revoke":             p.revokeSelected,
		"POST /answers/{id}/revoke":        p.revokeAnswer,
		"POST /answers/{id}/change":        p.changeAnswer,
		"POST /undo/{number}":              p.undo,
		"GET /decisions":                   p.showDecisions,
		"GET /policies":                    p.showPolicies,
		"GET /policies/{file}":             p.showPolicy,
		"GET /policies/{file}/picture.svg": p.showPicture,
		"POST /logout":                     p.logOut,
	} {
		mux.HandleFunc(pattern, p.private(h))
	}
	return p.guard(mux)
}

// asset serves a file that anybody may have.
func asset(name, contentType string) http.HandlerFunc {
	content, err := files.ReadFile("pages/" + name)
	if err != nil {
		panic(err) // the file is embedded
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Cache-Control", "no-cache")
		w.Write(content) // whether the browser is still there is of no interest
	}
}

// page is what all pages have.
type page struct {
	Title   string
	Section string // which of the navigation it is
	Token   string // of the login; "" on the login page
	Notice  *notice
	Waiting int // prompts that are up
}

// page begins a page for who is logged in.
func (p *Panel) page(r *http.Request, section, title string) page {
	l := loginOf(r)
	open, _ := p.prompts.list()
	return page{Title: title, Section: section, Token: l.token, Notice: l.said(), Waiting: len(open)}
}

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"text": printable.Text, "count": count,
}).ParseFS(files, "pages/*.html"))

// render writes a page, whole or not at all.
func (p *Panel) render(w http.ResponseWriter, status int, name string, data any) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		p.opt.Log.Error("a page of the control panel can't be made", "page", name, "error", err)
		http.Error(w, "this page can't be shown", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(b.Bytes()) // whether the browser is still there is of no interest
}

// problemPage is a page that says what went wrong.
type problemPage struct {
	page
	Problem string
}

// fail answers with a page that says what went wrong.
func (p *Panel) fail(w http.ResponseWriter, r *http.Request, section string, status int, problem string) {
	p.render(w, status, "problem", &problemPage{p.page(r, section, http.StatusText(status)), problem})
}
