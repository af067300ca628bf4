package panel

import (
	"net/http"
	"net/url"

	"golang.org/x/crypto/bcrypt"
)

// LoginLink returns a new address by which somebody may log in, once and in the next
// ten minutes; base is where the panel is, such as "http://127.0.0.1:8765".
func (p *Panel) LoginLink(base string) string {
	return base + "/login?" + url.Values{"link": {p.logins.newLink()}}.Encode()
}

// loginPage is what the login shows.
type loginPage struct {
	page
	Link     string // of the address
	Password bool   // whether there is one
	Links    string // how to get one; "" if nobody does
	Problem  string
}

// showLogin shows the login. A link isn't used up by opening it, which programs do
// that look at links, but by the button.
func (p *Panel) showLogin(w http.ResponseWriter, r *http.Request) {
	p.renderLogin(w, http.StatusOK, r.FormValue("link"), "")
}

func (p *Panel) renderLogin(w http.ResponseWriter, status int, link, problem string) {
	p.render(w, status, "login", &loginPage{page{Title: "Log in"}, link, p.logins.hash() != nil, p.opt.Links, problem})
}

// logIn takes a link or a password.
func (p *Panel) logIn(w http.ResponseWriter, r *http.Request) {
	a := p.admit(r)
	if a.problem != "" {
		p.opt.Log.Warn("login to the control panel refused", "by", a.by, "why", a.problem)
		p.renderLogin(w, a.status, "", a.problem)
		return
	}
	http.SetCookie(w, p.cookie(r, a.key, int(loginAge.Seconds())))
	p.opt.Log.Info("logged in to the control panel", "by", a.by, "login", a.login.name)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// admission is what came of an attempt to log in.
type admission struct {
	by      string // "link" or "password"
	key     string // what the browser is to keep
	login   *login // which may have ended again already
	status  int    // if it was refused
	problem string // "" unless it was refused
}

// admit logs somebody in, or says what is wrong with the attempt.
func (p *Panel) admit(r *http.Request) admission {
	link := r.PostFormValue("link")
	if link == "" {
		return p.admitByPassword(r.PostFormValue("password"))
	}
	a := admission{by: "link"}
	if !p.logins.useLink(link) {
		a.status, a.problem = http.StatusForbidden, "This link was used already, or has expired."
		return a
	}
	a.key, a.login = p.logins.begin(nil)
	return a
}

func (p *Panel) admitByPassword(password string) admission {
	a := admission{by: "password", status: http.StatusForbidden}
	hash := p.logins.hash()
	if hash == nil {
		a.problem = "There is no password."
		return a
	}
	if !p.attempts.take(p.opt.Now()) {
		a.status, a.problem = http.StatusTooManyRequests, "Too many wrong passwords. Wait some seconds."
		return a
	}
	if err := bcrypt.CompareHashAndPassword(hash, []byte(password)); err != nil {
		a.problem = "The password is wrong."
		return a
	}
	if a.key, a.login = p.logins.begin(hash); a.login == nil {
		a.problem = "The password is wrong: it was replaced just now."
		return a
	}
	p.attempts.giveBack()
	return a
}

func (p *Panel) logOut(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(p.cookieName(r)); err == nil {
		p.logins.end(c.Value)
	}
	p.opt.Log.Info("logged out of the control panel", "login", loginOf(r).name)
	http.SetCookie(w, p.cookie(r, "", -1))
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}
