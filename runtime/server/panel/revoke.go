package panel

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"ups/runtime/decision"
	"ups/runtime/service"
)

// revocationsMax is how many revocations of a login can be restored.
const revocationsMax = 20

// revokeAnswer revokes one record.
func (p *Panel) revokeAnswer(w http.ResponseWriter, r *http.Request) {
	id, err := recordID(r)
	if err != nil {
		p.fail(w, r, "answers", http.StatusBadRequest, "There is no such record.")
		return
	}
	p.revoke(w, r, []shown{{id: id.Value}})
}

// recordID is the record that a path names, as a condition.
func recordID(r *http.Request) (decision.Number, error) {
	id, err := strconv.ParseUint(r.PathValue("id"), 10, 63)
	return decision.Number{Comparison: decision.Equal, Value: id}, err
}

// revoke deletes records, and keeps them for an undo.
func (p *Panel) revoke(w http.ResponseWriter, r *http.Request, chosen []shown) {
	l := loginOf(r)
	var gone []decision.Record
	err := p.manage(func(m *service.Management) (err error) {
		gone, err = deleteRecords(r.Context(), m, chosen)
		return err
	})
	number := l.keepRevoked(revocation{At: p.opt.Now(), Records: gone})
	p.opt.Log.Info("answers revoked in the control panel", "login", l.name, "records", len(gone))
	switch left := len(chosen) - len(gone); {
	case err != nil:
		l.say(notice{Text: fmt.Sprintf("Only %s revoked. %s", count(len(gone), "answer"), sayError(err)), Bad: true, Undo: number})
	case len(gone) == 0:
		l.say(notice{Text: "Nothing was revoked: it is gone, or has changed meanwhile.", Bad: true})
	case left > 0:
		l.say(notice{Text: fmt.Sprintf("Revoked: %s. Gone or changed meanwhile, and not revoked: %s.", count(len(gone), "answer"), count(left, "answer")), Bad: true, Undo: number})
	default:
		l.say(notice{Text: "Revoked: " + count(len(gone), "answer") + ". The next such request asks again.", Undo: number})
	}
	backToAnswers(w, r)
}

// deleteRecords deletes records that are still as they were shown, and returns those.
func deleteRecords(ctx context.Context, m *service.Management, chosen []shown) (gone []decision.Record, err error) {
	for _, c := range chosen {
		rec, found, err := recordOf(ctx, m, c.id)
		if err != nil {
			return gone, err
		}
		if !found || !c.is(rec) {
			continue
		}
		n, err := m.Delete(ctx, decision.Filter{
			ID:     decision.Number{Comparison: decision.Equal, Value: rec.ID},
			Result: decision.Number{Comparison: decision.Equal, Value: uint64(rec.Result)},
		})
		if err != nil {
			return gone, err
		}
		if n > 0 {
			gone = append(gone, rec)
		}
	}
	return gone, nil
}

// recordOf returns a record, and whether there is one.
func recordOf(ctx context.Context, m *service.Management, id uint64) (decision.Record, bool, error) {
	s := selection{filter: decision.Filter{ID: decision.Number{Comparison: decision.Equal, Value: id}}}
	all, _, err := s.firstRecords(ctx, m, 0, 1)
	if err != nil || len(all) == 0 {
		return decision.Record{}, false, err
	}
	return all[0], true, nil
}

// changeAnswer changes Always to Never, or Never to Always.
func (p *Panel) changeAnswer(w http.ResponseWriter, r *http.Request) {
	l := loginOf(r)
	id, err := recordID(r)
	result, known := map[string]decision.Result{"always": decision.Always, "never": decision.Never}[r.PostFormValue("result")]
	if err != nil || !known {
		p.fail(w, r, "answers", http.StatusBadRequest, "An answer can be changed to Always and to Never.")
		return
	}
	limit := ""
	err = p.manage(func(m *service.Management) error {
		if err := m.UpdateResult(r.Context(), id.Value, result); err != nil {
			return err
		}
		if rec, found, err := recordOf(r.Context(), m, id.Value); err == nil && found { // it is changed, whether it can be read or not
			limit = p.keptAge(&rec)
		}
		return nil
	})
	switch {
	case errors.Is(err, decision.ErrNotFound):
		l.say(notice{Text: "The answer is gone meanwhile.", Bad: true})
	case err != nil:
		l.say(notice{Text: sayError(err), Bad: true})
	default:
		p.opt.Log.Info("answer changed in the control panel", "login", l.name, "record", id.Value, "result", result.String())
		l.say(notice{Text: fmt.Sprintf("Changed to %s: record %d.%s", resultLabel(result), id.Value, limit)})
	}
	backToAnswers(w, r)
}

func resultLabel(r decision.Result) string {
	if r == decision.Always {
		return "Always"
	}
	return "Never"
}

// undo restores what was revoked at once.
func (p *Panel) undo(w http.ResponseWriter, r *http.Request) {
	l := loginOf(r)
	number, _ := strconv.Atoi(r.PathValue("number")) // another text is none
	v, ok := l.takeRevoked(number)
	if !ok {
		l.say(notice{Text: "There is nothing to undo.", Bad: true})
		backToAnswers(w, r)
		return
	}
	var c restoring
	err := p.manage(func(m *service.Management) error { return c.run(r.Context(), m, v.Records) })
	p.opt.Log.Info("answers restored in the control panel", "login", l.name, "records", c.restored)
	l.say(c.undone(err))
	if err != nil {
		l.keepRevoked(revocation{At: v.At, Records: v.Records[c.restored+c.superseded:]})
	}
	backToAnswers(w, r)
}

// restoring counts what came of an undo.
type restoring struct{ restored, superseded int }

// run restores records, in their order, up to the first that fails.
func (c *restoring) run(ctx context.Context, m *service.Management, records []decision.Record) error {
	for _, rec := range records {
		_, err := m.Restore(ctx, rec)
		switch {
		case errors.Is(err, service.ErrSuperseded):
			c.superseded++
		case err != nil:
			return err
		default:
			c.restored++
		}
	}
	return nil
}

// undone says what came of it.
func (c *restoring) undone(err error) notice {
	n := notice{Text: "Restored: " + count(c.restored, "answer") + "."}
	if c.superseded > 0 {
		n.Text += " Not restored: " + count(c.superseded, "answer") + ", since newer answers or other policies have their place."
		n.Bad = true
	}
	if err != nil {
		n.Text, n.Bad = n.Text+" "+sayError(err), true
	}
	return n
}

// keepRevoked keeps a revocation, and returns its number; one of nothing has none.
func (l *login) keepRevoked(v revocation) int {
	if len(v.Records) == 0 {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	v.Number = l.next
	l.next++
	if l.revoked = append(l.revoked, v); len(l.revoked) > revocationsMax {
		l.revoked = slices.Delete(l.revoked, 0, 1)
	}
	return v.Number
}

// takeRevoked takes out a revocation.
func (l *login) takeRevoked(number int) (revocation, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.revoked, func(v revocation) bool { return v.Number == number })
	if i < 0 {
		return revocation{}, false
	}
	v := l.revoked[i]
	l.revoked = slices.Delete(l.revoked, i, i+1)
	return v, true
}

// revokedViews are the revocations of a login, the newest first.
func (p *Panel) revokedViews(l *login) []revokedView {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []revokedView
	for _, v := range slices.Backward(l.revoked) {
		text := count(len(v.Records), "answer")
		if len(v.Records) == 1 {
			a := p.answerView(&v.Records[0])
			text = resultLabel(v.Records[0].Result) + ", " + a.Client + ", for " + a.About
		}
		out = append(out, revokedView{v.Number, clock(v.At) + ": " + text})
	}
	return out
}

// formQuery is the query of the page that a form was on.
func formQuery(r *http.Request) url.Values {
	q, _ := url.ParseQuery(r.PostFormValue("query")) // what can't be read is left out
	return q
}

// backToAnswers goes back to the answers, as they were searched for.
func backToAnswers(w http.ResponseWriter, r *http.Request) {
	to := "/answers"
	if q := formQuery(r).Encode(); q != "" {
		to += "?" + q
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// statusOf is the status of a page that shows an error.
func statusOf(err error) int {
	switch {
	case errors.Is(err, decision.ErrInvalidFilter):
		return http.StatusBadRequest
	case errors.Is(err, service.ErrPermissionDenied):
		return http.StatusForbidden
	}
	return http.StatusServiceUnavailable
}
