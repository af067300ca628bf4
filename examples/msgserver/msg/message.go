package msg

import (
	"context"
	"strings"
	"unicode/utf8"
)

// Message is a text message.
type Message struct {
	To   string // "+" and 5 to 15 digits, as in E.164
	Text string // up to 1,000 characters
}

const maxText = 1000 // characters

// Radio is what the message server guards.
type Radio interface {
	// Send sends a message. When ctx is done before it is on the air, it must
	// not be sent.
	Send(ctx context.Context, m Message) error
	// SetCentre sets the number of the message centre.
	SetCentre(ctx context.Context, number string) error
}

// extract returns the message of a request. It is taken out once, before the
// user is asked: what the user allows is what is sent. For the same reason a
// number has one spelling only: "+44 90" or "004490" would not be matched by
// the policy for "+4490*".
func extract(r *request) (Message, error) {
	if !validNumber(r.Number) || utf8.RuneCountInString(r.Text) > maxText {
		return Message{}, ErrArgument
	}
	return Message{To: r.Number, Text: r.Text}, nil
}

func validNumber(s string) bool {
	digits, international := strings.CutPrefix(s, "+")
	rest := strings.TrimLeft(digits, "0123456789")
	return international && rest == "" && 5 <= len(digits) && len(digits) <= 15
}
