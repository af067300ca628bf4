package play

import (
	"io/fs"
	"path"

	"ups/examples"
)

// example is what a visitor may begin with.
type example struct {
	Title   string            `json:"title"`
	Name    string            `json:"name"`
	Files   map[string]string `json:"files"`
	Request exampleRequest    `json:"request"`
}

// exampleRequest is asked first.
type exampleRequest struct {
	Client      string `json:"client"`
	Destination string `json:"destination"`
	Passed      bool   `json:"passed"`
}

// shown are the examples in their order.
var shown = []struct {
	title, source string
	request       exampleRequest
}{
	{"A call", "handset/ups_20020001_20020011.rss", exampleRequest{"0x80001234", "+447700900123", false}},
	{"A text message", "handset/ups_20020002_20020021.rss", exampleRequest{"0x20010006", "sms:+447700900123", false}},
	{"A connection", "handset/ups_20020003_20020031.rss", exampleRequest{"0x80001234", "www.example.com", true}},
	{"The position", "handset/ups_20020004_20020041.rss", exampleRequest{"0x20010005", "exact", true}},
	{"Numbers of one country", "embed/policies/ups_101f7f1f_1000a00a.rss", exampleRequest{"0x20001234", "+440957123", false}},
	{"A gallery of mistakes", "gallery/ups_20020009_20020091.rss", exampleRequest{"0x20015001", "http://example.com/", false}},
}

// readExamples reads the sources, and the headers beside them.
func readExamples() ([]example, error) {
	var all []example
	for _, s := range shown {
		e := example{Title: s.title, Name: path.Base(s.source), Files: map[string]string{}, Request: s.request}
		headers, err := fs.Glob(examples.Files, path.Join(path.Dir(s.source), "*.rh"))
		if err != nil {
			return nil, err
		}
		for _, name := range append(headers, s.source) {
			text, err := examples.Files.ReadFile(name)
			if err != nil {
				return nil, err
			}
			e.Files[path.Base(name)] = string(text)
		}
		all = append(all, e)
	}
	return all, nil
}
