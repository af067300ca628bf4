package decision_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"ups/runtime/decision"
	"ups/runtime/decision/decisiontest"
)

const goldenLine = `{"id":7,"client":"0x20000001","evaluator":"0x00000000","service":"0x10281111","server":"0xffffffff",` +
	`"fingerprint":"0a1b","entity":"","description":"<all> ä","result":"always","major":2,"info":4294967295}` + "\n"

var golden = decision.Record{
	Key: decision.Key{Client: 0x20000001, Service: 0x10281111, Server: 0xFFFFFFFF, Fingerprint: "\x0a\x1b", Major: 2},
	ID:  7, Description: "<all> ä", Result: decision.Always, Info: 0xFFFFFFFF,
}

// TestLineIsStable holds the names and forms that are promised to people.
func TestLineIsStable(t *testing.T) {
	text, err := decision.Encode(golden)
	if err != nil || string(text) != goldenLine {
		t.Errorf("Encode = %s, %v, want %s", text, err, goldenLine)
	}
	if rec, err := decision.Decode([]byte(goldenLine)); err != nil || rec != golden {
		t.Errorf("Decode = %+v, %v, want %+v", rec, err, golden)
	}
}

// The members of the age follow where there is something to say.
func TestLineOfAgeIsStable(t *testing.T) {
	rec := golden
	rec.Age = decision.Age{Answered: 1795669819, Uses: 3, Program: "\x9f\x86"}
	want := change(`}`, `,"answered":"2026-11-26T05:10:19Z","uses":3,"program":"9f86"}`)
	text, err := decision.Encode(rec)
	if err != nil || string(text) != want {
		t.Errorf("Encode = %s, %v, want %s", text, err, want)
	}
	elsewhere := strings.Replace(want, "05:10:19Z", "06:10:19.9+01:00", 1)
	for _, line := range []string{want, elsewhere} {
		if got, err := decision.Decode([]byte(line)); err != nil || got != rec {
			t.Errorf("Decode(%s) = %+v, %v, want %+v", line, got, err, rec)
		}
	}
}

func TestDecodeShort(t *testing.T) {
	rec, err := decision.Decode([]byte(`{"client":"1","evaluator":"0","service":"0X2","server":"3","result":"never","major":0}`))
	want := decision.Record{Key: decision.Key{Client: 1, Service: 2, Server: 3}}
	if err != nil || rec != want {
		t.Errorf("Decode = %+v, %v, want %+v", rec, err, want)
	}
}

var badLines = []struct{ line, says string }{
	{``, "EOF"},
	{`[]`, "cannot unmarshal array"},
	{`null`, `"client" is missing`},
	{`{}`, `"client" is missing`},
	{change(`"result":"always"`, `"result":null`), `"result" is missing`},
	{change(`"major":2,`, ``), `"major" is missing`},
	{change(`"always"`, `"sometimes"`), `a result is always or never, not "sometimes"`},
	{change(`"always"`, `1`), "cannot unmarshal number"},
	{change(`"major":2`, `"major":65536`), "cannot unmarshal number 65536"},
	{change(`"major":2`, `"major":-1`), "cannot unmarshal number"},
	{change(`"0x20000001"`, `"0x120000001"`), "is not a SID or UID"},
	{change(`"0x20000001"`, `536870913`), "cannot unmarshal number"},
	{change(`"0a1b"`, `"0a1"`), "is not bytes in hexadecimal"},
	{change(`"0a1b"`, `"`+strings.Repeat("00", 33)+`"`), "bad fingerprint length"},
	{change(`"entity":""`, `"entity":"`+strings.Repeat("00", 33)+`"`), "bad client entity length"},
	{change(`ä`, `\u0000`), "without NUL"},
	{change(`"id"`, `"idea"`), `unknown field "idea"`},
	{change(`"id":7`, `"id":9223372036854775808`), "out of range"},
	{change(`}`, `,"answered":"yesterday"}`), `"yesterday" is not a time`},
	{change(`}`, `,"answered":"1969-12-31T23:59:59Z"}`), "not in the years 1970 to 9999"},
	{change(`}`, `,"uses":-1}`), "cannot unmarshal number"},
	{change(`}`, `,"program":"`+strings.Repeat("00", 33)+`"}`), "hash of the program has 33 bytes"},
	{goldenLine + goldenLine, "more than one"},
	{goldenLine + "x", "more than one"},
}

func change(old, new string) string { return strings.Replace(goldenLine, old, new, 1) }

func TestDecodeErrors(t *testing.T) {
	for _, c := range badLines {
		rec, err := decision.Decode([]byte(c.line))
		if !errors.Is(err, decision.ErrInvalidLine) || !strings.Contains(err.Error(), c.says) || rec != (decision.Record{}) {
			t.Errorf("%s: %v, want %q", c.line, err, c.says)
		}
	}
}

func lineSeeds() []string {
	seeds := []string{goldenLine, `{"client":"1","evaluator":"0","service":"0X2","server":"3","result":"never","major":0}`}
	for _, c := range badLines {
		seeds = append(seeds, c.line)
	}
	return seeds
}

func FuzzDecode(f *testing.F) {
	for _, s := range lineSeeds() {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		rec, err := decision.Decode(line)
		if err != nil {
			if !errors.Is(err, decision.ErrInvalidLine) {
				t.Fatalf("%v doesn't wrap ErrInvalidLine", err)
			}
			return
		}
		text, err := decision.Encode(rec)
		if err != nil {
			t.Fatalf("decoded %+v, but: %v", rec, err)
		}
		if again, err := decision.Decode(text); err != nil || again != rec {
			t.Fatalf("%+v became %+v (%v)", rec, again, err)
		}
	})
}

func TestEncodeDecode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bytes := rapid.SliceOfN(rapid.Byte(), 0, 32)
		rec := decision.Record{
			Key: decision.Key{
				Client: rapid.Uint32().Draw(t, "client"), Evaluator: rapid.Uint32().Draw(t, "evaluator"),
				Service: rapid.Uint32().Draw(t, "service"), Server: rapid.Uint32().Draw(t, "server"),
				Fingerprint: string(bytes.Draw(t, "fingerprint")), Entity: string(bytes.Draw(t, "entity")),
				Major: rapid.Uint16().Draw(t, "major"),
			},
			ID:          rapid.Uint64Range(0, decision.MaxID).Draw(t, "id"),
			Description: strings.ReplaceAll(rapid.StringN(0, 100, 4096).Draw(t, "description"), "\x00", ""),
			Result:      decision.Result(rapid.IntRange(0, 1).Draw(t, "result")),
			Info:        rapid.Uint32().Draw(t, "info"),
			Age: decision.Age{
				Answered: rapid.Int64Range(0, 253402300799).Draw(t, "answered"),
				Uses:     rapid.Uint32().Draw(t, "uses"), Program: string(bytes.Draw(t, "program")),
			},
		}
		text, err := decision.Encode(rec)
		if err != nil || strings.Count(string(text), "\n") != 1 {
			t.Fatalf("%q, %v", text, err)
		}
		if got, err := decision.Decode(text); err != nil || got != rec {
			t.Fatalf("%+v became %+v (%v)", rec, got, err)
		}
	})
}

func TestEncodeRefuses(t *testing.T) {
	if _, err := decision.Encode(decision.Record{Result: 2}); !errors.Is(err, decision.ErrInvalidRecord) {
		t.Errorf("error %v, want ErrInvalidRecord", err)
	}
}

// TestLines reads lines, right and wrong, to their end or to the tenth that
// is wrong.
func TestLines(t *testing.T) {
	lines := func(n int) string {
		var text strings.Builder
		for i := range n {
			line, err := decision.Encode(decisiontest.Sample(i))
			if err != nil {
				t.Fatal(err)
			}
			text.Write(line)
			text.WriteString(" \r\n")
		}
		return text.String()
	}
	for _, c := range []struct {
		name, text string
		want       int    // records
		says       string // of the first error
		wrong      int
	}{
		{"nothing", "", 0, "", 0},
		{"many", lines(2500), 2500, "", 0},
		{"no newline at the end", strings.TrimSpace(lines(3)), 3, "", 0},
		{"a bad line", lines(1200) + "nonsense\n" + lines(5), 1205, "line 2401: invalid record line", 1},
		{"not UTF-8", change("all", "\xff"), 0, "line 1: invalid record line: not UTF-8", 1},
		{"an endless line", lines(1) + strings.Repeat("x", 1<<20), 1, "line 3: invalid record line: longer than", 1},
		{"ten are enough", strings.Repeat("x\n", 1000), 0, "line 1: invalid record line", 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := 0
			var wrong []error
			for rec, err := range decision.Lines(strings.NewReader(c.text)) {
				if err != nil {
					wrong = append(wrong, err)
					continue
				}
				if want := decisiontest.Sample(n % 1200).Key; rec.Key != want && n < 1200 {
					t.Fatalf("record %d is %v, want %v", n, rec.Key, want)
				}
				n++
			}
			if n != c.want || len(wrong) != c.wrong {
				t.Fatalf("%d records, errors %v, want %d and %d", n, wrong, c.want, c.wrong)
			}
			for i, err := range wrong {
				if i == 0 && !strings.HasPrefix(err.Error(), c.says) || !errors.Is(err, decision.ErrInvalidLine) {
					t.Errorf("error %v, want %q", err, c.says)
				}
			}
		})
	}
}

// TestLinesOfFailingReader checks that the error of the reader comes last.
func TestLinesOfFailingReader(t *testing.T) {
	r := io.MultiReader(strings.NewReader(goldenLine), iotest.ErrReader(io.ErrNoProgress))
	var last error
	for _, err := range decision.Lines(r) {
		last = err
	}
	if last != io.ErrNoProgress {
		t.Errorf("error %v, want %v", last, io.ErrNoProgress)
	}
}

// TestImportOfWrongLines stores none of the records before a wrong line.
func TestImportOfWrongLines(t *testing.T) {
	db := decision.NewMemory()
	err := db.StoreAll(t.Context(), decision.Lines(strings.NewReader(goldenLine+"nonsense\n")))
	if n, counted := db.Count(t.Context(), decision.Filter{}); !errors.Is(err, decision.ErrInvalidLine) || n != 0 || counted != nil {
		t.Errorf("error %v, %d records, %v", err, n, counted)
	}
}
