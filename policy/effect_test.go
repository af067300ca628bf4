package policy

import (
	"reflect"
	"testing"
)

func TestDefaultPolicy(t *testing.T) {
	p := Default()
	if want := (Policy{SIDClasses: 0xFFFF, Destination: NewText("*"), Options: Yes | No}); !reflect.DeepEqual(p, want) {
		t.Errorf("%+v", p)
	}
	if !p.Matches(Request{SID: 0xFFFFFFFF, Destination: NewText("a")}) || !p.Matches(Request{Passed: true}) {
		t.Error("it isn't for all requests")
	}
}

// The header stands in for each of the two values alone.
func TestFillIn(t *testing.T) {
	f := &File{Header: &Header{PolicyEvaluator: 0x21, DialogCreator: 0x22}}
	for _, test := range []struct{ evaluator, creator, wantEvaluator, wantCreator uint32 }{
		{0, 0, 0x21, 0x22}, {0x11, 0, 0x11, 0x22}, {0, 0x12, 0x21, 0x12}, {0x11, 0x12, 0x11, 0x12},
	} {
		p := Policy{PolicyEvaluator: test.evaluator, DialogCreator: test.creator, Flags: 3, Options: Yes}
		want := Policy{PolicyEvaluator: test.wantEvaluator, DialogCreator: test.wantCreator, Flags: 3, Options: Yes}
		got := p
		if f.FillIn(&got); !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, want %+v", got, want)
		}
		got = p
		if (&File{}).FillIn(&got); !reflect.DeepEqual(got, p) {
			t.Errorf("without a header: %+v", got)
		}
	}
}
