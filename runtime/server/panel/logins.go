package panel

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"sync"
	"time"

	"ups/runtime/decision"
)

// The limits of logins.
const (
	loginAge  = 12 * time.Hour // from the login on
	loginIdle = time.Hour      // since the last request, or since it followed the prompts
	loginsMax = 64             // at a time; the one that was idle longest gives way
	linkAge   = 10 * time.Minute
	linksMax  = 16
)

// logins are the people who are logged in, and the links by which they may. Both
// are kept by the hash of what the browser has, so that finding one takes no time
// that tells about another.
type logins struct {
	now      func() time.Time
	mu       sync.Mutex
	password []byte // its hash; nil if there is none
	logins   map[[sha256.Size]byte]*login
	links    map[[sha256.Size]byte]time.Time // when they expire
}

// login is a browser that is logged in.
type login struct {
	name    string // for the log
	byLink  bool   // and else by the password
	token   string // that its forms carry
	begun   time.Time
	used    time.Time
	mu      sync.Mutex
	notice  *notice // for its next page
	revoked []revocation
	next    int // number of the next revocation
}

// notice is what the next page says first.
type notice struct {
	Text string
	Bad  bool // it is of something that didn't go as asked
	Undo int  // number of the revocation that can be undone; 0 if there is none
}

// revocation is what was revoked at once, and can be restored.
type revocation struct {
	Number  int
	At      time.Time
	Records []decision.Record
}

// secret returns 256 random bits.
func secret() string {
	var b [32]byte
	rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// begin logs somebody in, by the password of this hash or, if it is nil, by a link.
// It returns what their browser is to keep, and the login; nil if the password was replaced meanwhile.
func (s *logins) begin(password []byte) (key string, l *login) {
	key = secret()
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if password != nil && !bytes.Equal(password, s.password) {
		return "", nil
	}
	if s.logins == nil {
		s.logins = map[[sha256.Size]byte]*login{}
	}
	s.expire(now)
	if len(s.logins) >= loginsMax {
		s.evict()
	}
	l = &login{name: rand.Text()[:6], byLink: password == nil, token: secret(), begun: now, used: now, next: 1}
	s.logins[sha256.Sum256([]byte(key))] = l
	return key, l
}

// hash returns that of the password, or nil.
func (s *logins) hash() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.password
}

// setPassword replaces the password, and ends the logins by the one before, whose
// number it returns.
func (s *logins) setPassword(hash []byte) (ended int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if bytes.Equal(hash, s.password) {
		return 0
	}
	s.password = bytes.Clone(hash)
	for key, l := range s.logins {
		if !l.byLink {
			delete(s.logins, key)
			ended++
		}
	}
	return ended
}

// find returns the login of a browser, or nil, and counts it as used.
func (s *logins) find(key string) *login {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.logins[sha256.Sum256([]byte(key))]
	if l == nil || l.over(now) {
		return nil
	}
	l.used = now
	return l
}

// follows reports whether a login still is one, and counts it as used: who follows the
// prompts must not miss one since there was none for long.
func (s *logins) follows(l *login) bool {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, other := range s.logins {
		if other == l && !l.over(now) {
			l.used = now
			return true
		}
	}
	return false
}

// end logs somebody out.
func (s *logins) end(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.logins, sha256.Sum256([]byte(key)))
}

func (l *login) over(now time.Time) bool {
	return now.Sub(l.begun) > loginAge || now.Sub(l.used) > loginIdle
}

func (s *logins) expire(now time.Time) {
	for key, l := range s.logins {
		if l.over(now) {
			delete(s.logins, key)
		}
	}
}

func (s *logins) evict() {
	var oldest [sha256.Size]byte
	var used time.Time
	for key, l := range s.logins {
		if used.IsZero() || l.used.Before(used) {
			oldest, used = key, l.used
		}
	}
	delete(s.logins, oldest)
}

// newLink returns the secret of a link.
func (s *logins) newLink() string {
	key, now := secret(), s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.links == nil {
		s.links = map[[sha256.Size]byte]time.Time{}
	}
	var first [sha256.Size]byte
	for k, expires := range s.links {
		if before, ok := s.links[first]; !ok || expires.Before(before) {
			first = k
		}
	}
	if len(s.links) >= linksMax {
		delete(s.links, first)
	}
	s.links[sha256.Sum256([]byte(key))] = now.Add(linkAge)
	return key
}

// useLink uses up a link, and reports whether it could be used.
func (s *logins) useLink(key string) bool {
	hash := sha256.Sum256([]byte(key))
	s.mu.Lock()
	defer s.mu.Unlock()
	expires, ok := s.links[hash]
	delete(s.links, hash)
	return ok && s.now().Before(expires)
}

// permits reports whether a form carries the token of the login.
func (l *login) permits(token string) bool {
	return subtle.ConstantTimeCompare([]byte(token), []byte(l.token)) == 1
}

// say keeps a notice for the next page.
func (l *login) say(n notice) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.notice = &n
}

// said returns the notice for this page, once.
func (l *login) said() *notice {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.notice
	l.notice = nil
	return n
}
