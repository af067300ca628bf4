package destination

import (
	"context"
	"slices"
	"strings"
	"testing"

	"ups/runtime/decision"
	"ups/runtime/service"
)

func fingerprints(t testing.TB, e Evaluator, destination string) []service.Fingerprint {
	t.Helper()
	p, err := New(e)(0)
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.Fingerprints(context.Background(), &service.Request{Query: service.Query{Destination: destination}})
	if err != nil || got.Entity != "" || got.Data != nil {
		t.Fatalf("%+v, %v", got, err)
	}
	return got.Fingerprints
}

func TestKinds(t *testing.T) {
	for _, c := range []struct{ destination, exact, kind string }{
		{"+44 20 7946-0958", "+442079460958", "n:+44207"},
		{"(030) 901820", "030901820", "n:03090"},
		{"tel:+442079460958", "+442079460958", "n:+44207"},
		{"112", "112", ""},
		{"12345678", "12345678", ""},
		{"123456789", "123456789", "n:12345"},
		{"*#06#12345678", "*#06#12345678", ""},
		{"+", "+", ""},
		{"", "", ""},
		{"-1", "-1", ""},
		{"1+2", "1+2", ""},
		{"http://Example.COM/a?b", "http://Example.COM/a?b", "d:example.com"},
		{"http://bank.example@evil.example/", "http://bank.example@evil.example/", "d:evil.example"},
		{"https://h.example:8443/", "https://h.example:8443/", "d:h.example"},
		{"http://[::1]/", "http://[::1]/", ""},
		{"http://%zz.example/", "http://%zz.example/", ""},
		{"someone@Mail.example", "someone@Mail.example", "d:mail.example"},
		{"mailto:a@b.example?subject=x@c.example", "mailto:a@b.example?subject=x@c.example", "d:b.example"},
		{"sip:a@b.example;transport=tcp", "sip:a@b.example;transport=tcp", "d:b.example"},
		{"a@b@c.example", "a@b@c.example", ""},
		{"host.example.:25", "host.example.:25", "d:host.example"},
		{"host.example:x", "host.example:x", ""},
		{"localhost", "localhost", ""},
		{"a..b", "a..b", ""},
		{"bücher.example", "bücher.example", ""},
		{"10.0.0.1:80", "10.0.0.1:80", "d:10.0.0.1"},
	} {
		want := []string{"=" + c.exact, "*"}
		if c.kind != "" {
			want = slices.Insert(want, 1, "~"+c.kind)
		}
		var got []string
		for _, f := range fingerprints(t, Evaluator{}, c.destination) {
			got = append(got, f.Bytes)
		}
		if long := want[0]; len(long) > decision.MaxFingerprint {
			want[0] = fit(exactly, exactlyHashed, c.exact)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", c.destination, got, want)
		}
	}
}

func TestPrefix(t *testing.T) {
	for n, want := range map[int]string{0: "~n:12345", -1: "~n:12345", 2: "~n:12", 8: ""} {
		got := fingerprints(t, Evaluator{Prefix: n}, "1234567890")
		if want == "" && len(got) != 2 || want != "" && got[1].Bytes != want {
			t.Errorf("%d digits: %q", n, got)
		}
	}
}

func TestDescriptions(t *testing.T) {
	got := fingerprints(t, Evaluator{}, "+44 20 7946 0958")
	for i, want := range []string{"only +442079460958", "numbers that begin with +44207", "all destinations"} {
		if got[i].Description != want {
			t.Errorf("%q, want %q", got[i].Description, want)
		}
	}
	if d := fingerprints(t, Evaluator{}, "a@b.example")[1].Description; d != "the domain b.example" {
		t.Errorf("%q", d)
	}
}

// Fingerprints of different things differ, at and around the limit of length.
func TestFingerprintsFitAndDiffer(t *testing.T) {
	seen := map[string]string{}
	add := func(what, text string) {
		f := fit(what, map[string]string{exactly: exactlyHashed, ofKind: ofKindHashed}[what], text)
		if len(f) > decision.MaxFingerprint {
			t.Errorf("%q: %d bytes", text, len(f))
		}
		key := what + text
		if other, ok := seen[f]; ok {
			t.Errorf("%.40q and %.40q have one fingerprint", key, other)
		}
		seen[f] = key
	}
	for n := range 200 {
		for _, what := range []string{exactly, ofKind} {
			add(what, strings.Repeat("a", n))
			if n > 0 {
				add(what, strings.Repeat("a", n-1)+"b")
			}
		}
	}
	if long := "=" + strings.Repeat("a", 31); fit(exactly, exactlyHashed, long[1:]) != long {
		t.Error("32 bytes are not kept readable")
	}
}

func TestNeverForces(t *testing.T) {
	force, info, err := Evaluator{}.ForcePrompt(context.Background(), decision.Record{Info: 7})
	if force || info != 7 || err != nil {
		t.Error(force, info, err)
	}
}

// seeds are for FuzzFingerprints.
var seeds = []string{"", "+44 20 7946 0958", "http://u:p@h.example:1/", "mailto:a@b.example", "\xff\x00", strings.Repeat("1", 99)}

func TestFuzzSeeds(t *testing.T) {
	kinds := 0
	for _, s := range seeds {
		kinds += len(fingerprints(t, Evaluator{}, s)) - 2
	}
	if len(seeds) != 6 || kinds != 4 {
		t.Errorf("%d seeds, %d with a kind", len(seeds), kinds)
	}
}

func FuzzFingerprints(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, 5)
	}
	f.Fuzz(func(t *testing.T, s string, prefix int) {
		got := fingerprints(t, Evaluator{Prefix: prefix}, s)
		if len(got) < 2 || len(got) > 3 || got[len(got)-1].Bytes != "*" {
			t.Fatalf("%q: %q", s, got)
		}
		for _, p := range got {
			if len(p.Bytes) > decision.MaxFingerprint || p.Description == "" {
				t.Errorf("%q: %q", s, p)
			}
		}
	})
}
