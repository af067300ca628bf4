package panel

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"

	"ups/runtime/decision"
	"ups/runtime/service"
)

// revokedAtOnce is how many records one revocation may have. With so many a form has
// half the size of maxForm.
const revokedAtOnce = 500

// revokePage asks whether to revoke all that is selected.
type revokePage struct {
	page
	selection
	Answers []answerView // the first of them
	Shown   []string     // all of them, for the form
	N       int
	More    bool // there are more than can be revoked at once
}

func (p *Panel) confirmRevoke(w http.ResponseWriter, r *http.Request) {
	var page *revokePage
	s, err := p.selectionOf(r.URL.Query())
	if err == nil {
		err = p.manage(func(m *service.Management) error {
			records, more, err := s.firstRecords(r.Context(), m, 0, revokedAtOnce)
			if err != nil {
				return err
			}
			page = &revokePage{page: p.page(r, "answers", "Revoke answers"), selection: s, N: len(records), More: more}
			for i := range records {
				page.Shown = append(page.Shown, show(records[i]).String())
			}
			for i := range records[:min(10, len(records))] {
				page.Answers = append(page.Answers, p.answerView(&records[i]))
			}
			return nil
		})
	}
	if err != nil {
		p.fail(w, r, "answers", statusOf(err), sayError(err))
		return
	}
	p.render(w, http.StatusOK, "revoke", page)
}

// revokeSelected revokes what the page has shown, and not what is like it by now.
func (p *Panel) revokeSelected(w http.ResponseWriter, r *http.Request) {
	chosen, ok := chosenRecords(r)
	if !ok {
		p.fail(w, r, "answers", http.StatusBadRequest, "The form doesn't say what to revoke: search for it again.")
		return
	}
	p.revoke(w, r, chosen)
}

// chosenRecords are those of a form, of which there may be as many as can be revoked at
// once.
func chosenRecords(r *http.Request) (all []shown, ok bool) {
	texts := r.PostForm["record"] // private has parsed it
	for _, text := range texts {
		c, ok := parseShown(text)
		if !ok {
			return nil, false
		}
		all = append(all, c)
	}
	return all, len(all) > 0 && len(all) <= revokedAtOnce
}

// shown is a record as a page has shown it.
type shown struct {
	id     uint64
	digest string // of what it says; "" is any record of this id
}

// show returns a record as it is shown. Its uses and the info of its evaluator don't
// count: they change when it answers.
func show(r decision.Record) shown {
	r.Uses, r.Info = 0, 0
	line, _ := decision.Encode(r) // a record of a database is valid
	hash := sha256.Sum256(line)
	return shown{r.ID, hex.EncodeToString(hash[:16])}
}

// String is how a form has it.
func (s shown) String() string { return strconv.FormatUint(s.id, 10) + "-" + s.digest }

// parseShown reads what String has written.
func parseShown(text string) (shown, bool) {
	id, digest, _ := strings.Cut(text, "-")
	n, err := strconv.ParseUint(id, 10, 63)
	return shown{n, digest}, err == nil && digest != ""
}

// is reports whether a record is still as it was shown.
func (s shown) is(r decision.Record) bool { return s.digest == "" || s == show(r) }
