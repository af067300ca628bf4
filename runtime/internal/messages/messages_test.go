package messages

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/api/upsv1"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// sent returns a message as the other side gets it.
func sent[M proto.Message](t *testing.T, m M) M {
	t.Helper()
	b, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	got := m.ProtoReflect().New().Interface().(M)
	if err := proto.Unmarshal(b, got); err != nil {
		t.Fatal(err)
	}
	return got
}

func equal(t *testing.T, got, want any, err error) {
	t.Helper()
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v, differs (-want +got):\n%s", err, diff)
	}
}

var (
	aPolicy = runtime.Decisive{
		Index: 3, Default: true, Major: 65535, Minor: 2,
		Policy: policy.Policy{
			SIDClasses: policy.AllSIDs, SIDs: []uint32{1, 0xffffffff}, Security: policy.Passed,
			Destination: policy.Text{'a', 0xd800, 0xff}, Options: policy.AllOptions,
			PolicyEvaluator: 5, DialogCreator: 6, Flags: 65535,
		},
	}
	aRequest = service.Request{
		Server: 0x10204040,
		Client: service.Client{SID: 0x80000001, VendorID: 7, Drive: 'C', Program: "\xff"},
		Query:  service.Query{Service: 43, Destination: "Zoë", Passed: true, Opaque: []byte{0, 0xff}},
		Policy: aPolicy,
	}
	aRecord = decision.Record{
		Key:         decision.Key{Client: 1, Evaluator: 2, Service: 3, Server: 4, Fingerprint: "\xff\x00", Entity: "\x80", Major: 65535},
		ID:          decision.MaxID,
		Description: "all",
		Result:      decision.Always,
		Info:        0xffffffff,
		Age:         decision.Age{Answered: 1 << 33, Uses: 0xffffffff, Program: "\x00\xff"},
	}
	anEvaluation = service.Evaluation{
		Fingerprints: []service.Fingerprint{{Bytes: "\xff", Description: "only this"}, {}},
		Entity:       "\xfe",
		Data:         []byte{1},
	}
)

// What is sent is what arrives.
func TestRoundTrips(t *testing.T) {
	r, err := DecodeRequest(sent(t, EncodeRequest(&aRequest)))
	equal(t, r, aRequest, err)

	for _, want := range []decision.Record{aRecord, {ID: 1}} {
		rec, err := DecodeRecord(sent(t, EncodeRecord(want)))
		equal(t, rec, want, err)
	}

	prompt := service.Prompt{Request: aRequest, Evaluation: anEvaluation, Forced: true, Expired: service.ExpiredTime}
	m, err := EncodePrompt(&prompt)
	if err != nil {
		t.Fatal(err)
	}
	p, err := DecodePrompt(sent(t, m))
	equal(t, p, &prompt, err)

	choice := service.Choice{Option: policy.Always | policy.No, Fingerprint: 1, Own: &service.Fingerprint{Bytes: "\x80", Description: "mine"}, Info: 9}
	equal(t, DecodeChoice(sent(t, EncodeChoice(choice))), choice, nil)
}

// A place that is out of range stays so: none of the fingerprints may become
// another.
func TestPlaceOutOfRange(t *testing.T) {
	for _, place := range []int{-1, MaxFingerprints + 1, 1 << 32, -1 << 32} {
		if got := DecodeChoice(sent(t, EncodeChoice(service.Choice{Fingerprint: place}))).Fingerprint; got != -1 {
			t.Errorf("%d: %d", place, got)
		}
	}
}

func TestOutcomes(t *testing.T) {
	want := service.Outcome{
		Decision: policy.DecisionSessionYes, Source: service.SourcePrompt, Request: aRequest, Matched: true, Entity: "\xfe",
		Prompted: true, Choice: policy.Always, Forced: true, Record: 1, Stored: 2, Expired: service.ExpiredUnknown, Duration: time.Hour,
	}
	got := service.Outcome{Request: aRequest}
	got.Policy = runtime.Decisive{}
	err := DecodeOutcome(sent(t, EncodeOutcome(&want)), &got)
	equal(t, got, want, err)

	for d := policy.DecisionNo; d <= policy.DecisionSessionYes; d++ {
		for s := service.SourceNone; s <= service.SourcePrompt; s++ {
			want := service.Outcome{Decision: d, Source: s}
			var got service.Outcome
			err := DecodeOutcome(sent(t, EncodeOutcome(&want)), &got)
			equal(t, got, want, err)
		}
	}
}

// Only bytes go to another process.
func TestDataOfEvaluators(t *testing.T) {
	for _, data := range []any{"text", 7, &aRecord} {
		if m, err := EncodeEvaluation(service.Evaluation{Data: data}); err == nil {
			t.Errorf("%T: %v", data, m)
		}
	}
}

func TestWhatIsInvalid(t *testing.T) {
	many := &upsv1.Evaluation{Fingerprints: make([]*upsv1.Fingerprint, MaxFingerprints+1)}
	for name, err := range map[string]error{
		"drive":        second(DecodeClient(&upsv1.Client{Drive: "CD"})),
		"drive sign":   second(DecodeClient(&upsv1.Client{Drive: "1"})),
		"drive above":  second(DecodeClient(&upsv1.Client{Drive: "ｃ"})),
		"major":        second(DecodePolicy(&upsv1.Policy{Major: 65536})),
		"security":     second(DecodePolicy(&upsv1.Policy{Security: 256})),
		"flags":        second(DecodePolicy(&upsv1.Policy{Flags: 65536})),
		"odd text":     second(DecodePolicy(&upsv1.Policy{Destination: []byte{0}})),
		"result":       second(DecodeRecord(&upsv1.Record{})),
		"record major": second(DecodeRecord(&upsv1.Record{Major: 65536, Result: upsv1.Result_RESULT_NEVER})),
		"record":       second(DecodeRecord(&upsv1.Record{Entity: make([]byte, 33), Result: upsv1.Result_RESULT_NEVER})),
		"decision":     DecodeOutcome(&upsv1.AuthoriseResponse{}, &service.Outcome{}),
		"decision 5":   DecodeOutcome(&upsv1.AuthoriseResponse{Decision: 5}, &service.Outcome{}),
		"source":       DecodeOutcome(&upsv1.AuthoriseResponse{Decision: 1, Outcome: &upsv1.Outcome{Source: 5}}, &service.Outcome{}),
		"expiry":       DecodeOutcome(&upsv1.AuthoriseResponse{Decision: 1, Outcome: &upsv1.Outcome{Expired: 5}}, &service.Outcome{}),
		"expiry below": second(DecodePrompt(&upsv1.PreparePrompt{Expired: -1})),
		"fingerprints": second(DecodeEvaluation(many)),
		"request":      second(DecodeRequest(&upsv1.PromptedRequest{Client: &upsv1.Client{Drive: "?"}})),
		"prompt":       second(DecodePrompt(&upsv1.PreparePrompt{Evaluation: many})),
	} {
		if !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// Missing messages are zero values, as everywhere in protobuf.
func TestMissingMessages(t *testing.T) {
	r, err := DecodeRequest(nil)
	equal(t, r, service.Request{}, err)
	p, err := DecodePrompt(nil)
	equal(t, p, &service.Prompt{}, err)
	equal(t, DecodeChoice(nil), service.Choice{}, nil)
}

// Each error is found again on the other side, and no other.
func TestErrors(t *testing.T) {
	all := []error{runtime.ErrDestinationTooLong}
	for e := runtime.ErrBadFingerprintLength; e >= runtime.ErrBadClientProcessID; e-- {
		all = append(all, e)
	}
	for _, k := range kinds {
		all = append(all, k.err)
	}
	for _, err := range all {
		wrapped := fmt.Errorf("request 1: %w", err)
		got := DecodeError(sent(t, EncodeError(wrapped)), wrapped.Error())
		if got.Error() != wrapped.Error() || service.Code(got) != service.Code(err) {
			t.Errorf("%v: %v, code %d", err, got, service.Code(got))
		}
		for _, other := range all {
			if errors.Is(got, other) != (err == other || implied(err, other)) {
				t.Errorf("%v: is %v: %v", err, other, errors.Is(got, other))
			}
		}
	}
}

// implied reports whether the platform's value for an error is that of another.
func implied(err, other error) bool {
	return err == decision.ErrFingerprintLength && other == runtime.ErrBadFingerprintLength ||
		err == decision.ErrEntityLength && other == runtime.ErrBadClientEntityLength
}

func TestErrorOfSeveral(t *testing.T) {
	got := DecodeError(sent(t, EncodeError(fmt.Errorf("%w: %w", service.ErrNoAnswer, context.Canceled))), "")
	if !errors.Is(got, service.ErrNoAnswer) || !errors.Is(got, context.Canceled) || errors.Is(got, service.ErrClosed) {
		t.Error(got)
	}
}

func TestErrorThatIsUnknown(t *testing.T) {
	for _, m := range []*upsv1.ErrorDetail{nil, {Code: -9999, Kinds: []string{"", "service.ErrOther"}}, EncodeError(errors.New("own"))} {
		if err := DecodeError(m, "own"); err.Error() != "own" || service.Code(err) != -2 {
			t.Errorf("%v: %v", m, err)
		}
	}
}

func TestStatus(t *testing.T) {
	want := service.Status{Sessions: 1, Requests: 2, Waiting: 3, Dialog: true, Round: true, Disputes: 4, Undeleted: true}
	equal(t, DecodeStatus(sent(t, EncodeStatus(want))), want, nil)
}
