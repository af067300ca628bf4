package match

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync/atomic"

	"ups/cmd/ups/internal/answer"
	"ups/cmd/ups/internal/console"
	"ups/policy"
)

const (
	blockSize = 256 << 10 // bytes that are read at once, and answered by one goroutine
	maxLine   = 1 << 20   // bytes of a line, beyond which it isn't a request
)

// answerRatio is about how much longer an answer is than its request.
const answerRatio = 6

var errLongLine = fmt.Errorf("the line has more than %d bytes", maxLine)

// batcher answers requests, one a line, on all processors. Blocks of lines
// are answered side by side and written in order; few are held at a time, so
// that memory doesn't grow with the input.
type batcher struct {
	matcher
	con      *console.Console
	defaults request
	bad      atomic.Int64 // lines without an answer
}

// block is some whole lines, and the answers when done is closed.
type block struct {
	lines []byte
	first int  // number of the first line, from 1
	long  bool // lines is the beginning of one that is too long
	out   []byte
	done  chan struct{}
}

// runBatch answers the requests of the file of --batch.
func (f *command) runBatch(ctx context.Context, con *console.Console, source policySource) error {
	in, err := con.Open(ctx, f.batch)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := con.SpareInputs(console.Stdio); err != nil { // it would have its own answers for requests
		return err
	}
	b := &batcher{matcher: matcher{source, f.explain}, con: con, defaults: f.defaults()}
	if err := b.run(ctx, in); err != nil {
		return err
	}
	if n := b.bad.Load(); n > 0 {
		return console.Input(fmt.Errorf("%s: %d of the lines can't be answered", f.batch, n))
	}
	return nil
}

// run answers all lines of in.
func (b *batcher) run(ctx context.Context, in io.Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	// As many blocks wait to be written as are being answered.
	work, order := make(chan *block), make(chan *block, 2*runtime.NumCPU())
	for range runtime.NumCPU() {
		go b.work(ctx, work)
	}
	failed := make(chan error, 1)
	go func() {
		defer close(order)
		failed <- readBlocks(ctx, in, func(n *block) bool { return send(ctx, order, n) && send(ctx, work, n) })
	}()
	if err := b.write(ctx, order); err != nil {
		return err
	}
	return <-failed
}

// send sends a block, and reports whether it did so before ctx ended.
func send(ctx context.Context, to chan<- *block, n *block) bool {
	select {
	case to <- n:
		return true
	case <-ctx.Done():
		return false
	}
}

// write writes blocks in order, as they are done.
func (b *batcher) write(ctx context.Context, order <-chan *block) error {
	for {
		select {
		case <-ctx.Done():
			return console.ErrInterrupted
		case n, more := <-order:
			if !more { // all is read, or reading was interrupted
				return interrupted(ctx)
			}
			select {
			case <-n.done:
			case <-ctx.Done():
				return console.ErrInterrupted
			}
			if err := b.con.Write(n.out); err != nil {
				return err
			}
		}
	}
}

func interrupted(ctx context.Context) error {
	if ctx.Err() != nil {
		return console.ErrInterrupted
	}
	return nil
}

// work answers blocks until ctx ends.
func (b *batcher) work(ctx context.Context, work <-chan *block) {
	r := b.defaults
	for {
		select {
		case n := <-work:
			r.Destination = b.answerBlock(n, r.Destination)
			close(n.done)
		case <-ctx.Done():
			return
		}
	}
}

// answerBlock answers the lines of a block. Buffer is memory for destinations.
func (b *batcher) answerBlock(n *block, buffer policy.Text) policy.Text {
	if n.long {
		b.bad.Add(1)
		n.out = append(answer.AppendError(n.out, n.first, errLongLine), '\n')
		return buffer
	}
	n.out = make([]byte, 0, answerRatio*len(n.lines))
	number := n.first
	for line := range bytes.Lines(n.lines) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			r := b.defaults
			r.Destination = buffer
			n.out = append(b.answerLine(n.out, &r, line, number), '\n')
			buffer = r.Destination
		}
		number++
	}
	return buffer
}

// answerLine appends the answer to one line, or why there is none.
func (b *batcher) answerLine(out []byte, r *request, line []byte, number int) []byte {
	err := parseRequest(r, line)
	if err == nil {
		var a answer.Answer
		if a, err = b.answer(r); err == nil {
			return a.AppendJSON(out, number)
		}
	}
	b.bad.Add(1)
	return answer.AppendError(out, number, err)
}

// readBlocks cuts the input into blocks, until yield returns false. What there
// is to read is not held back for more to come.
func readBlocks(ctx context.Context, in io.Reader, yield func(*block) bool) error {
	c := cutter{next: 1, yield: yield}
	for ctx.Err() == nil {
		buffer := make([]byte, len(c.rest), len(c.rest)+blockSize)
		copy(buffer, c.rest)
		got, err := in.Read(buffer[len(buffer):cap(buffer)])
		ended := errors.Is(err, io.EOF)
		switch {
		case !c.cut(buffer[:len(buffer)+got], ended):
			return nil
		case ended:
			return nil
		case err != nil:
			return err
		}
	}
	return nil
}

// cutter cuts what was read where lines end.
type cutter struct {
	rest     []byte // of a line that hasn't ended
	next     int    // number of the next line
	skipping bool   // rest is of a line that is too long
	yield    func(*block) bool
}

// cut passes on the whole lines of b and keeps the rest; at the end of the
// input that is a line too.
func (c *cutter) cut(b []byte, ended bool) bool {
	if c.skipping {
		end := bytes.IndexByte(b, '\n')
		if end < 0 {
			c.rest = nil
			return true
		}
		b, c.skipping = b[end+1:], false
	}
	whole := bytes.LastIndexByte(b, '\n') + 1
	if ended {
		whole = len(b)
	}
	c.rest = b[whole:]
	if whole > 0 && !c.pass(&block{lines: b[:whole]}) {
		return false
	}
	if len(c.rest) > maxLine {
		c.rest, c.skipping = nil, true
		return c.pass(&block{long: true})
	}
	return true
}

// pass numbers the lines of a block and passes it on.
func (c *cutter) pass(n *block) bool {
	n.first, n.done = c.next, make(chan struct{})
	c.next += max(1, bytes.Count(n.lines, []byte{'\n'}))
	return c.yield(n)
}
