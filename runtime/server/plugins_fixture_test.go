package server

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"ups/internal/rsc"
	"ups/policy"
	"ups/runtime"
	"ups/runtime/api/upsv1"
	"ups/runtime/api/upsv1/upsv1connect"
	"ups/runtime/decision"
	"ups/runtime/service"
)

const (
	theEvaluator = 5
	theCreator   = 1
)

// attached is a fixture whose plug-ins are programs.
type attached struct {
	*fixture
	db      decision.DB
	plugIns *PlugIns
	session *service.Session
	opaque  []byte // of requests
}

// mayAttach is who calls: it may be both plug-ins.
func mayAttach(Peer) (Identity, error) {
	return Identity{Name: "plug-ins", PlugIns: []PlugIn{{PolicyEvaluator, theEvaluator}, {DialogCreator, theCreator}}}, nil
}

func newAttached(t *testing.T, limits service.Limits, change ...func(*Options)) *attached {
	t.Helper()
	a := &attached{fixture: &fixture{t: t, rom: t.TempDir()}, db: decision.NewMemory(), plugIns: NewPlugIns(), opaque: []byte{7}}
	b, err := rsc.Encode(&policy.File{
		UID2: policy.ResourceFileUID, UID3: 1, Version: policy.FormatVersion,
		Header:   &policy.Header{PolicyEvaluator: theEvaluator, DialogCreator: theCreator, MajorVersion: 1},
		Policies: []policy.Policy{{SIDClasses: policy.AllSIDs, Destination: policy.NewText("*"), Options: policy.AllOptions}},
	})
	if err != nil {
		t.Fatal(err)
	}
	name := policy.Service{Server: theServer, Service: theService}.FileName(policy.CompiledExt)
	if err := os.WriteFile(filepath.Join(a.rom, name), b, 0o600); err != nil {
		t.Fatal(err)
	}
	if a.store, err = runtime.Open(a.rom, "", runtime.StoreOptions{}); err != nil {
		t.Fatal(err)
	}
	a.service, err = service.New(service.Options{Store: a.store, DB: a.db, PlugIns: a.plugIns, Limits: limits, Idle: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.service.Close() })
	opt := Options{Service: a.service, Identify: identify(mayAttach), PlugIns: a.plugIns}
	for _, change := range change {
		change(&opt)
	}
	if a.server, err = New(opt); err != nil {
		t.Fatal(err)
	}
	a.listen()
	a.session, err = a.service.Connect(context.Background(), service.Caller{SID: theServer, Capabilities: service.ProtServ})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// authorising is a request under way.
type authorising struct {
	outcome service.Outcome
	err     error
	done    chan struct{}
}

func (a *attached) begin(ctx context.Context, destination string) *authorising {
	a.t.Helper()
	sub, err := a.session.Open(service.Client{SID: 0x80000001})
	if err != nil {
		a.t.Fatal(err)
	}
	r := &authorising{done: make(chan struct{})}
	go func() {
		defer close(r.done)
		defer sub.Close()
		r.outcome, r.err = sub.Authorise(ctx, service.Query{Service: theService, Destination: destination, Opaque: a.opaque})
	}()
	return r
}

func (a *attached) authorise(destination string) (service.Outcome, error) {
	a.t.Helper()
	r := a.begin(context.Background(), destination)
	<-r.done
	return r.outcome, r.err
}

// stream is a plug-in's side of an attachment.
type stream = connect.BidiStreamForClient[upsv1.AttachRequest, upsv1.AttachResponse]

// dial opens a stream, which ends with the test.
func (a *attached) dial() *stream {
	ctx, cancel := context.WithCancel(context.Background())
	a.t.Cleanup(cancel)
	return upsv1connect.NewPlugInServiceClient(a.http2, "http://ups").Attach(ctx)
}

// says sends the first message, and returns what comes for it.
func says(s *stream, first *upsv1.AttachRequest) error {
	if err := s.Send(first); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	m, err := s.Receive()
	if err == nil && m.GetAttached() == nil {
		return errors.New("the first message isn't that it is attached")
	}
	return err
}

func attachAs(kind upsv1.PlugInKind, uid uint32) *upsv1.AttachRequest {
	return &upsv1.AttachRequest{Message: &upsv1.AttachRequest_Attachment{Attachment: &upsv1.Attachment{Kind: kind, Uid: uid}}}
}

const (
	evaluatorKind = upsv1.PlugInKind_PLUG_IN_KIND_POLICY_EVALUATOR
	creatorKind   = upsv1.PlugInKind_PLUG_IN_KIND_DIALOG_CREATOR
)

// program is a plug-in that answers by a function, which returns nil for no answer.
type program struct {
	t      *testing.T
	stream *stream
	answer func(*upsv1.PlugInCall) *upsv1.PlugInResult
	others chan *upsv1.AttachResponse // all but calls
}

func (a *attached) attach(kind upsv1.PlugInKind, uid uint32, answer func(*upsv1.PlugInCall) *upsv1.PlugInResult) *program {
	a.t.Helper()
	p := &program{t: a.t, stream: a.dial(), answer: answer, others: make(chan *upsv1.AttachResponse, 1000)}
	if err := says(p.stream, attachAs(kind, uid)); err != nil {
		a.t.Fatal(err)
	}
	go p.run()
	return p
}

func (p *program) run() {
	for {
		m, err := p.stream.Receive()
		if err != nil {
			return
		}
		if m.GetCall() == nil {
			p.others <- m
			continue
		}
		if result := p.answer(m.GetCall()); result != nil {
			if result.Id == 0 {
				result = proto.CloneOf(result) // tables of cases share theirs
				result.Id = m.GetCall().GetId()
			}
			p.stream.Send(&upsv1.AttachRequest{Message: &upsv1.AttachRequest_Result{Result: result}})
		}
	}
}

// next returns the next message that isn't a call.
func (p *program) next() *upsv1.AttachResponse {
	p.t.Helper()
	select {
	case m := <-p.others:
		return m
	case <-time.After(patience):
		p.t.Fatal("no message")
		return nil
	}
}

// evaluating and creating answer as plug-ins do that are well.
func evaluating(c *upsv1.PlugInCall) *upsv1.PlugInResult {
	if c.GetForcePrompt() != nil {
		return &upsv1.PlugInResult{Result: &upsv1.PlugInResult_Forced{Forced: &upsv1.Forced{Info: c.GetForcePrompt().GetRecord().GetInfo()}}}
	}
	return evaluation(&upsv1.Evaluation{
		Fingerprints: []*upsv1.Fingerprint{{Bytes: []byte(c.GetFingerprints().GetQuery().GetDestination()), Description: "this"}},
		Entity:       []byte{0xff},
		Data:         []byte("for the creator"),
	})
}

func evaluation(e *upsv1.Evaluation) *upsv1.PlugInResult {
	return &upsv1.PlugInResult{Result: &upsv1.PlugInResult_Evaluation{Evaluation: e}}
}

func creating(c *upsv1.PlugInCall) *upsv1.PlugInResult {
	if c.GetPrepare() != nil {
		return &upsv1.PlugInResult{Result: &upsv1.PlugInResult_Prepared{Prepared: &upsv1.Prepared{}}}
	}
	return choice(&upsv1.Choice{Option: uint32(policy.Always), Info: 9})
}

func choice(c *upsv1.Choice) *upsv1.PlugInResult {
	return &upsv1.PlugInResult{Result: &upsv1.PlugInResult_Choice{Choice: c}}
}
