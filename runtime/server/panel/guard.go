package panel

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// contentPolicy lets nothing be loaded from elsewhere, nothing run that isn't
// panel.js, and no page put these into a frame.
const contentPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// maxForm is the size of the largest form.
const maxForm = 64 << 10

// guard is what holds for every request, whoever it is from.
func (p *Panel) guard(next http.Handler) http.Handler {
	sameOrigin := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setHeaders(w.Header())
		if !p.isOurs(r.Host) {
			http.Error(w, "this isn't a name of the control panel, which on its own machine is localhost or 127.0.0.1", http.StatusMisdirectedRequest)
			return
		}
		if err := sameOrigin.Check(r); err != nil {
			http.Error(w, "this request comes from a page of another origin", http.StatusForbidden)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		limitTime(w, r)
		next.ServeHTTP(w, r)
	})
}

// formTime is how long a browser has to send a form, and pageTime to take a page.
const (
	formTime = 10 * time.Second
	pageTime = 30 * time.Second
)

// limitTime gives a request its time; a stream of events sets its own. A form is read
// as a whole, and before anything is done. A connection that can't have deadlines isn't
// one of net/http's server.
func limitTime(w http.ResponseWriter, r *http.Request) {
	c := http.NewResponseController(w)
	if r.Method != http.MethodGet {
		_ = c.SetReadDeadline(time.Now().Add(formTime))
	}
	_ = c.SetWriteDeadline(time.Now().Add(pageTime))
}

func setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Content-Type-Options", "nosniff")
	// Not no-referrer: with it, browsers send forms from the origin "null".
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// loopbackNames are names of the loopback interface. That they are asked for with
// any port is harmless: another's page can't have them.
var loopbackNames = []string{"localhost", "127.0.0.1", "::1"}

// isOurs reports whether the name in a request is one of the panel. A page of
// another name that was made to resolve to this machine (DNS rebinding) has its own
// name there.
func (p *Panel) isOurs(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	return slices.Contains(loopbackNames, name) || slices.ContainsFunc(p.opt.Hosts, func(ours string) bool {
		return strings.EqualFold(ours, name)
	})
}

// loginKey is the key of a request's login in its context.
type loginKey struct{}

func loginOf(r *http.Request) *login { return r.Context().Value(loginKey{}).(*login) }

// private lets in who is logged in; the others are sent to the login. What changes
// something needs the token of the login too.
func (p *Panel) private(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		l := p.login(r)
		switch {
		case l == nil && r.Method == http.MethodGet && !strings.HasPrefix(r.Header.Get("Accept"), eventStream):
			http.Redirect(w, r, "/login", http.StatusSeeOther)
			return
		case l == nil && r.Method == http.MethodGet:
			http.Error(w, "not logged in", http.StatusUnauthorized)
			return
		case l == nil:
			p.renderLogin(w, http.StatusUnauthorized, "", "You are not logged in, or no longer: what you sent was not done.")
			return
		case r.Method == http.MethodPost && !l.permits(r.PostFormValue("token")):
			http.Error(w, "the form isn't of this login: go back, reload the page, and try again", http.StatusForbidden)
			return
		}
		next(w, r.WithContext(context.WithValue(r.Context(), loginKey{}, l)))
	}
}

// login returns the login of a request, or nil.
func (p *Panel) login(r *http.Request) *login {
	c, err := r.Cookie(p.cookieName(r))
	if err != nil {
		return nil
	}
	return p.logins.find(c.Value)
}

// cookieName is that of the cookie. Over TLS its prefix makes browsers refuse one
// that another host of the domain has set.
func (p *Panel) cookieName(r *http.Request) string {
	if p.secure(r) {
		return "__Host-ups-panel"
	}
	return "ups-panel"
}

func (p *Panel) secure(r *http.Request) bool { return p.opt.Secure || r.TLS != nil }

// cookie is the cookie of a login; a negative age deletes it.
func (p *Panel) cookie(r *http.Request, value string, age int) *http.Cookie {
	return &http.Cookie{
		Name: p.cookieName(r), Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: p.secure(r),
	}
}
