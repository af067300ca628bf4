package match

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"ups/cmd/ups/internal/answer"
	"ups/cmd/ups/internal/console"
	"ups/policy"
)

// requestSeeds are lines of batches, and whether they are requests.
var requestSeeds = []struct {
	line string
	ok   bool
}{
	{`{"client":"0x1","destination":"ab","security":"passed"}`, true},
	{` { "security" : "failed" , "destination" : "" , "client" : "0xffffffff" } `, true},
	{`{"client":"0x1","destination":"\ud800\u00e9\n\/é😀","security":"passed","drive":"z"}`, true},
	{`{"client":"0x1","destination":"","security":"passed","server":"0x1","service":"0x2","drive":"c"}`, true},
	{`{}`, false},
	{`{"client":"0x1","destination":"ab","security":"passed",}`, false},
	{`{"client":"0x1","destination":"ab","security":"passed"}{}`, false},
	{`{"client":"0x1","client":"0x1","destination":"ab","security":"passed"}`, false},
	{`{"client":"0x","destination":"ab","security":"passed"}`, false},
	{`{"client":"0x123456789","destination":"ab","security":"passed"}`, false},
	{`{"client":"0x+1","destination":"ab","security":"passed"}`, false},
	{`{"client":1,"destination":"ab","security":"passed"}`, false},
	{`{"client":"0x1","destination":null,"security":"passed"}`, false},
	{`{"client":"0x1","destination":"\x","security":"passed"}`, false},
	{`{"client":"0x1","destination":"\u00g0","security":"passed"}`, false},
	{"{\"client\":\"0x1\",\"destination\":\"\t\",\"security\":\"passed\"}", false},
	{"{\"client\":\"0x1\",\"destination\":\"\xff\",\"security\":\"passed\"}", false},
	{`{"client":"0x1","destination":"ab","security":"Passed"}`, false},
	{`{"client":"0x1","destination":"ab","security":"passed","drive":""}`, false},
	{`{"client":"0x1","destination":"ab","security":"passed","service":"0x2"}`, false},
	{`{"client":"0x1","destination":"ab","security":"passed","x":""}`, false},
	{`{"client":"0x1","destination":"ab","security":"passed","destination`, false},
	{`"`, false},
}

func TestRequestsOfABatch(t *testing.T) {
	for _, seed := range requestSeeds {
		checkRequest(t, []byte(seed.line))
		var r request
		if err := parseRequest(&r, []byte(seed.line)); (err == nil) != seed.ok {
			t.Errorf("%s: %v", seed.line, err)
		}
	}
	if len(requestSeeds) != 23 {
		t.Errorf("%d seeds", len(requestSeeds))
	}
}

// FuzzRequest checks that a line is read as encoding/json would, or refused.
func FuzzRequest(f *testing.F) {
	for _, seed := range requestSeeds {
		f.Add([]byte(seed.line))
	}
	f.Fuzz(func(t *testing.T, line []byte) { checkRequest(t, line) })
}

func checkRequest(t *testing.T, line []byte) {
	t.Helper()
	var r request
	if err := parseRequest(&r, line); err != nil {
		return
	}
	var want map[string]string
	if err := json.Unmarshal(line, &want); err != nil || !utf8.Valid(line) {
		t.Fatalf("taken, but %v: %s", err, line)
	}
	// encoding/json replaces unpaired surrogates, as String does.
	if got := r.Destination.String(); got != want["destination"] {
		t.Errorf("destination %q, want %q", got, want["destination"])
	}
	if r.Passed != (want["security"] == "passed") || !isID(want["client"], r.SID) {
		t.Errorf("%+v, want %v", r, want)
	}
	if r.named && (!isID(want["server"], r.server) || !isID(want["service"], r.service)) {
		t.Errorf("%+v, want %v", r, want)
	}
}

func isID(text string, want uint32) bool {
	var got uint32
	n, err := fmt.Sscanf(strings.ToLower(text), "0x%x", &got)
	return n == 1 && err == nil && got == want
}

// What is written reads back as the same.
func TestAnswerTextInJSON(t *testing.T) {
	for _, text := range []policy.Text{nil, {'a'}, {'"', '\\', 0, 0x1F, 0x7F}, {0xD800}, {0xD83D, 0xDE00}, {0xE9, 0xDC00, 'x', 0x202E}} {
		a := answer.Answer{Policy: policy.Policy{Destination: text}}
		b := a.AppendJSON(nil, 0)
		_, after, _ := bytes.Cut(b, []byte(`"destination":"`))
		written, _, _ := bytes.Cut(after, []byte(`","options"`))
		got, err := unquote(nil, written)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(text) || !json.Valid(b) {
			t.Errorf("%s: %v, want %v (%v)", b, []uint16(got), []uint16(text), err)
		}
	}
}

// policyFile returns a file in which the nth of 1,000 policies is for the
// destinations of +44, n.
func policyFile() *policy.File {
	f := &policy.File{UID2: policy.ResourceFileUID, UID3: 1, Version: 1, Header: &policy.Header{DialogCreator: 1}}
	for n := range 1000 {
		f.Policies = append(f.Policies, policy.Policy{
			SIDs:        []uint32{0x80000000 + uint32(n)},
			Destination: policy.NewText(fmt.Sprintf("+44%06d*", n)),
			Options:     policy.Yes | policy.No,
		})
	}
	return f
}

func batchLine(n int) string {
	return fmt.Sprintf(`{"client":"0x%08x","destination":"+44%06d9","security":"failed"}`+"\n", 0x80000000+n, n)
}

func TestBatchKeepsOrder(t *testing.T) {
	const lines = 20_000 // some blocks
	var in strings.Builder
	for n := range lines {
		in.WriteString(batchLine(n % 1000))
	}
	out, err := runMatchBatch(t, strings.NewReader(in.String()))
	if err != nil {
		t.Fatal(err)
	}
	answers := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if len(answers) != lines {
		t.Fatalf("%d answers", len(answers))
	}
	for n, a := range answers {
		if want := fmt.Sprintf(`{"line":%d,"policy":%d,`, n+1, n%1000+1); !strings.HasPrefix(a, want) {
			t.Fatalf("%s, want %s", a, want)
		}
	}
}

// However the input is cut, lines are whole; the last needs no line end.
func TestBatchReadsPiecesOfLines(t *testing.T) {
	in := strings.TrimSuffix(batchLine(0)+"\n\r\n"+batchLine(1), "\n")
	for name, reader := range map[string]io.Reader{
		"one byte":  iotest.OneByteReader(strings.NewReader(in)),
		"half":      iotest.HalfReader(strings.NewReader(in)),
		"data, EOF": iotest.DataErrReader(strings.NewReader(in)),
	} {
		out, err := runMatchBatch(t, reader)
		if lines := strings.Count(out, "\n"); err != nil || lines != 2 || !strings.Contains(out, `{"line":4,"policy":2,`) {
			t.Errorf("%s: %v %s", name, err, out)
		}
	}
	if _, err := runMatchBatch(t, iotest.ErrReader(io.ErrUnexpectedEOF)); err != io.ErrUnexpectedEOF {
		t.Errorf("an input that fails: %v", err)
	}
}

// runMatchBatch answers all that is read.
func runMatchBatch(t *testing.T, in io.Reader) (string, error) {
	t.Helper()
	var stdout strings.Builder
	b := newTestBatch(t, &stdout)
	err := b.run(context.Background(), in)
	return stdout.String(), err
}

func newTestBatch(t testing.TB, stdout io.Writer) *batcher {
	t.Helper()
	from, err := newFileSource("a.rss", policyFile())
	if err != nil {
		t.Fatal(err)
	}
	return &batcher{matcher: matcher{source: from}, con: &console.Console{Stdout: stdout}}
}

func TestBatchRefusesLongLines(t *testing.T) {
	long := strings.Repeat("x", 3*maxLine)
	out, err := runMatchBatch(t, strings.NewReader(long+"\n"+batchLine(5)+long))
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if err != nil || len(lines) != 3 {
		t.Fatalf("%v: %.500s", err, out)
	}
	for n, want := range []string{`{"line":1,"error":"the line has more`, `{"line":2,"policy":6,`, `{"line":3,"error":"the line has more`} {
		if !strings.HasPrefix(lines[n], want) {
			t.Errorf("%.100s, want %s", lines[n], want)
		}
	}
}

// A destination that the service refuses has no answer.
func TestBatchRefusesLongDestinations(t *testing.T) {
	line := strings.Replace(batchLine(5), `"destination":"`, `"destination":"`+strings.Repeat("x", 1025), 1)
	out, err := runMatchBatch(t, strings.NewReader(line+batchLine(5)))
	want := "destination too long: it has more than 1024 UTF-16 units"
	if err != nil || !strings.HasPrefix(out, `{"line":1,"error":"`+want) || !strings.Contains(out, `{"line":2,"policy":6,`) {
		t.Errorf("in a batch: %v: %s", err, out)
	}
}

// A writer that sends line by line gets each answer before it sends the next.
func TestBatchDoesNotHoldBackAnswers(t *testing.T) {
	in, questions := io.Pipe()
	answers, stdout := io.Pipe()
	b := newTestBatch(t, stdout)
	ended := make(chan error, 1)
	go func() { ended <- b.run(context.Background(), in) }()
	for n := range 3 {
		if _, err := io.WriteString(questions, batchLine(n)); err != nil {
			t.Fatal(err)
		}
		answer := make([]byte, 4096)
		got, err := answers.Read(answer)
		if want := fmt.Sprintf(`{"line":%d,"policy":%d,`, n+1, n+1); err != nil || !bytes.HasPrefix(answer[:got], []byte(want)) {
			t.Fatalf("%s %v", answer[:got], err)
		}
	}
	questions.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// endless returns lines without end.
type endless struct{}

func (endless) Read(b []byte) (int, error) { return copy(b, batchLine(7)), nil }

func TestBatchEndsWhenInterruptedOrUnread(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if err := newTestBatch(t, io.Discard).run(ctx, endless{}); err != console.ErrInterrupted {
		t.Errorf("interrupted: %v", err)
	}
	read := make(chan *block)
	close(read)
	for range 100 { // a select of two that are ready takes either
		if err := newTestBatch(t, io.Discard).write(ctx, read); err != console.ErrInterrupted {
			t.Fatalf("reading was interrupted: %v", err)
		}
	}
	r, w := io.Pipe()
	r.Close()
	if err := newTestBatch(t, w).run(context.Background(), endless{}); err != console.ErrReaderGone {
		t.Errorf("nobody reads: %v", err)
	}
}

func BenchmarkBatch(b *testing.B) {
	var in strings.Builder
	for n := range 10_000 {
		in.WriteString(batchLine(n % 1000))
	}
	m := newTestBatch(b, io.Discard)
	b.SetBytes(int64(in.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if err := m.run(context.Background(), strings.NewReader(in.String())); err != nil {
			b.Fatal(err)
		}
	}
}
