package match

import (
	"bytes"
	"fmt"
	"slices"

	"ups/cmd/ups/internal/answer"
	"ups/lint/report"
)

// matcher answers requests. It may be used by many goroutines.
type matcher struct {
	source  policySource
	explain bool
}

// answer finds the policy for a request.
func (m *matcher) answer(r *request) (answer.Answer, error) {
	l, file, err := m.source.find(r)
	if err != nil {
		return answer.Answer{}, err
	}
	i, err := l.DecideUTF16(r.SID, r.Passed, r.Destination)
	if err != nil {
		return answer.Answer{}, err
	}
	a := answer.Of(l.File(), i, r.Request)
	a.File = file
	if m.explain {
		a.Explain(l.File(), len(l.File().Policies))
	}
	return a, nil
}

// text returns an answer for people.
func text(a *answer.Answer) []byte {
	var b bytes.Buffer
	for _, l := range slices.Concat(a.Lines(), a.EarlierLines()) {
		fmt.Fprintf(&b, "%-12s %s\n", l.Name, report.Printable(l.Text))
	}
	return b.Bytes()
}
