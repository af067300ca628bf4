package panel

import (
	"bufio"
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"ups/runtime/decision"
	"ups/runtime/internal/printable"
	"ups/runtime/service"
)

// perPage is how many stored answers a page has.
const perPage = 50

// answersPage is the stored answers.
type answersPage struct {
	page
	selection
	Problem string // with the selection, or with the database
	Answers []answerView
	Next    string // address of the next page; "" if this is the last
	First   bool   // whether this is the first page
	Any     bool   // whether something is searched for
	Revoked []revokedView
}

// answerView is a stored answer.
type answerView struct {
	ID                             uint64
	Always                         bool
	Client, Service, Server, About string
	Entity, Evaluator              string
	Major                          uint16
	Info                           uint32
	ageView
}

// revokedView is what was revoked in this login, and can be restored.
type revokedView struct {
	Number int
	Text   string
}

func (p *Panel) showAnswers(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	page := &answersPage{page: p.page(r, "answers", "Stored answers"), Revoked: p.revokedViews(loginOf(r))}
	after, _ := strconv.ParseUint(query.Get("after"), 10, 64) // another text is the first page
	page.First = after == 0
	var err error
	page.selection, err = p.selectionOf(query)
	page.Any = page.Query() != ""
	status := http.StatusOK
	if err == nil {
		err = p.manage(func(m *service.Management) error { return p.fillAnswers(r, m, page, after) })
	}
	if err != nil {
		page.Problem, status = sayError(err), statusOf(err)
	}
	p.render(w, status, "answers", page)
}

func (p *Panel) fillAnswers(r *http.Request, m *service.Management, page *answersPage, after uint64) error {
	records, more, err := page.firstRecords(r.Context(), m, after, perPage)
	for i := range records {
		page.Answers = append(page.Answers, p.answerView(&records[i]))
	}
	if more {
		q, _ := url.ParseQuery(page.Query()) // which is one
		q.Set("after", strconv.FormatUint(records[len(records)-1].ID, 10))
		page.Next = "/answers?" + q.Encode()
	}
	return err
}

func (p *Panel) answerView(r *decision.Record) answerView {
	v := answerView{
		ID: r.ID, Always: r.Result == decision.Always, Major: r.Major, Info: r.Info,
		Client: p.client(r.Client), Service: p.service(r.Server, r.Service), Server: p.server(r.Server),
		About: forWhat(service.Fingerprint{Bytes: r.Fingerprint, Description: r.Description}), Evaluator: "built in",
		ageView: p.ageView(r),
	}
	if r.Entity != "" {
		v.Entity = printable.Text(r.Entity)
	}
	if r.Evaluator != 0 {
		v.Evaluator = id(r.Evaluator)
	}
	return v
}

// exportAnswers sends what is selected as JSON lines, which ups decisions import
// reads. A failure after the first line breaks the connection, so that a part isn't
// taken for the whole.
func (p *Panel) exportAnswers(w http.ResponseWriter, r *http.Request) {
	s, err := p.selectionOf(r.URL.Query())
	out := &export{w: w}
	if err == nil {
		err = p.manage(func(m *service.Management) error { return out.write(s.records(r.Context(), m, 0)) })
	}
	switch {
	case err != nil && out.begun:
		panic(http.ErrAbortHandler)
	case err != nil:
		p.fail(w, r, "answers", statusOf(err), sayError(err))
	}
}

// export is a file on its way to a browser.
type export struct {
	w     http.ResponseWriter
	begun bool
}

func (e *export) begin() {
	e.begun = true
	e.w.Header().Set("Content-Type", "application/jsonl")
	e.w.Header().Set("Content-Disposition", `attachment; filename="answers.jsonl"`)
}

func (e *export) write(records iter.Seq2[decision.Record, error]) error {
	out := bufio.NewWriter(e.w)
	for rec, err := range records {
		if err != nil {
			return err
		}
		if !e.begun {
			e.begin()
		}
		line, err := decision.Encode(rec)
		if err == nil {
			_, err = out.Write(line)
		}
		if err != nil {
			return err
		}
	}
	if !e.begun {
		e.begin()
	}
	return out.Flush()
}
