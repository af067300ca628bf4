// Package destination is a policy evaluator that makes fingerprints of the
// destination of a request: the exact one, then its kind (the beginning of a
// telephone number, or a domain), then all. A stored answer is for one of these,
// as the user chose; the most specific one counts.
package destination

import (
	"context"
	"crypto/sha256"

	"ups/runtime/decision"
	"ups/runtime/service"
)

// Evaluator makes fingerprints of destinations. It never forces a prompt. The
// zero value is ready for use; make it by New to register it.
type Evaluator struct {
	// Prefix is how many digits of a telephone number, beside the + in front,
	// make its kind; the default is 5. Numbers of up to three digits more are
	// not of a kind: those that are short (112) have nothing in common.
	Prefix int
}

const (
	defaultPrefix = 5
	tooShort      = 3 // digits beyond the prefix that say nothing of a subscriber
)

// New returns what to register the evaluator with (service.Registry).
func New(e Evaluator) service.EvaluatorFactory {
	return func(uint32) (service.PolicyEvaluator, error) { return e, nil }
}

// Fingerprints returns two or three fingerprints: no kind is made of what is
// neither a telephone number nor has a domain.
func (e Evaluator) Fingerprints(_ context.Context, r *service.Request) (service.Evaluation, error) {
	exact, kind, sort, described := r.Destination, domain(r.Destination), "d:", "the domain "
	if number, ok := telephone(r.Destination); ok {
		exact, kind, sort, described = number, e.prefixOf(number), "n:", "numbers that begin with "
	}
	all := []service.Fingerprint{{Bytes: fit(exactly, exactlyHashed, exact), Description: "only " + exact}}
	if kind != "" {
		all = append(all, service.Fingerprint{Bytes: fit(ofKind, ofKindHashed, sort+kind), Description: described + kind})
	}
	all = append(all, service.Fingerprint{Bytes: ofAll, Description: "all destinations"})
	return service.Evaluation{Fingerprints: all}, nil
}

// ForcePrompt returns false.
func (Evaluator) ForcePrompt(_ context.Context, rec decision.Record) (force bool, info uint32, err error) {
	return false, rec.Info, nil
}

// The first bytes of fingerprints say what they are of, so that no exact
// destination can pass for a kind, or a kind for all.
const (
	exactly, exactlyHashed = "=", "E"
	ofKind, ofKindHashed   = "~", "K"
	ofAll                  = "*"
)

// fit makes a fingerprint of a text. One that is short enough stays readable.
// Of a longer one it is the first 31 bytes of the SHA-256: cut short instead,
// destinations that begin alike would share their answers, and a client, which
// chooses the destination, could choose whose answer to get.
func fit(plain, hashed, text string) string {
	const limit = decision.MaxFingerprint - 1
	if len(text) <= limit {
		return plain + text
	}
	sum := sha256.Sum256([]byte(text))
	return hashed + string(sum[:limit])
}
