package panel

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// ErrPasswordHash says that something is no hash that the panel takes.
var ErrPasswordHash = errors.New("not a bcrypt hash of cost 10 to 15")

// The costs of a hash: below, guesses are cheap; above, a login takes seconds.
const (
	minCost = 10
	maxCost = 15
)

// CheckHash fails with ErrPasswordHash unless the text is a hash of a password:
// bcrypt, of a cost between 10 and 15.
func CheckHash(hash []byte) error {
	cost, err := bcrypt.Cost(hash)
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", ErrPasswordHash, err)
	case cost < minCost || cost > maxCost:
		return fmt.Errorf("%w: its cost is %d", ErrPasswordHash, cost)
	}
	return nil
}

// SetPassword replaces the password by that of a hash (CheckHash), or by none if it is
// nil. If it is another hash, who is logged in by the password before is logged in no
// more; who is by a link still is. It fails with ErrPasswordHash, and then changes
// nothing.
func (p *Panel) SetPassword(hash []byte) error {
	if hash != nil {
		if err := CheckHash(hash); err != nil {
			return err
		}
	}
	if ended := p.logins.setPassword(hash); ended > 0 {
		p.opt.Log.Info("the password of the control panel was replaced", "logins-ended", ended)
		p.prompts.look()
	}
	return nil
}

// ReadHash returns the hash in the content of a password file: a line as htpasswd
// -nBC 12 prints it, with or without a name before it.
func ReadHash(content []byte) ([]byte, error) {
	line := bytes.TrimSpace(content)
	if bytes.ContainsRune(line, '\n') {
		return nil, fmt.Errorf("%w: a password file has one line", ErrPasswordHash)
	}
	if i := bytes.IndexByte(line, ':'); i >= 0 {
		line = line[i+1:]
	}
	return line, CheckHash(line)
}

// attempts bounds how fast passwords can be tried: some at once, then one each few
// seconds. It counts all browsers together, since on a Unix socket or behind a proxy
// nothing tells them apart. Links aren't bounded, so that who tries passwords can't
// lock out who has one.
type attempts struct {
	mu   sync.Mutex
	left int
	at   time.Time // of the last change of left
}

const (
	attemptsAtOnce = 5
	attemptEach    = 10 * time.Second
)

// take reports whether a password may be tried now.
func (a *attempts) take(now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.at.IsZero() {
		a.left, a.at = attemptsAtOnce, now
	}
	if earned := int(now.Sub(a.at) / attemptEach); earned > 0 {
		a.left, a.at = min(attemptsAtOnce, a.left+earned), now
	}
	if a.left == 0 {
		return false
	}
	a.left--
	return true
}

// giveBack is after a password that was right.
func (a *attempts) giveBack() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.left = min(attemptsAtOnce, a.left+1)
}
