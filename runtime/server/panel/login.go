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
	how, key, status, problem := p.admit(r)
	if problem != "" {
		p.opt.Log.Warn("login to the control panel refused", "by", how, "why", problem)
		p.renderLogin(w, status, "", problem)
		return
	}
	http.SetCookie(w, p.cookie(r, key, int(loginAge.Seconds())))
	p.opt.Log.Info("logged in to the control panel", "by", how, "login", p.logins.find(key).name)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// admit logs somebody in: key is what their browser is to keep. Or else it says what
// is wrong with the attempt.
func (p *Panel) admit(r *http.Request) (how, key string, status int, problem string) {
	if link := r.PostFormValue("link"); link != "" {
		if !p.logins.useLink(link) {
			return "link", "", http.StatusForbidden, "This link was used already, or has expired."
		}
		return "link", p.logins.begin(nil), 0, ""
	}
	key, status, problem = p.admitByPassword(r.PostFormValue("password"))
	return "password", key, status, problem
}

func (p *Panel) admitByPassword(password string) (key string, status int, problem string) {
	hash := p.logins.hash()
	if hash == nil {
		return "", http.StatusForbidden, "There is no password."
	}
	if !p.attempts.take(p.opt.Now()) {
		return "", http.StatusTooManyRequests, "Too many wrong passwords. Wait some seconds."
	}
	if err := bcrypt.CompareHashAndPassword(hash, []byte(password)); err != nil {
		return "", http.StatusForbidden, "The password is wrong."
	}
	if key = p.logins.begin(hash); key == "" {
		return "", http.StatusForbidden, "The password is wrong: it was replaced just now."
	}
	p.attempts.giveBack()
	return key, 0, ""
}

func (p *Panel) logOut(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(p.cookieName(r)); err == nil {
		p.logins.end(c.Value)
	}
	p.opt.Log.Info("logged out of the control panel", "login", loginOf(r).name)
	http.SetCookie(w, p.cookie(r, "", -1))
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}
