package wildcard

import (
	"strings"
	"testing"
)

var benchPairs = []struct{ name, pattern, text string }{
	{"exact", "http://www.example.com/index.html", "HTTP://www.example.com/index.html"},
	{"prefix", "http://www.example.com/*", "http://www.example.com/index.html"},
	{"contains", "*example*", "http://www.example.com/index.html"},
	{"miss", "+44*", "http://www.example.com/index.html"},
	{"graphemes", "*caf\u00E9*", "http://www.example.com/CAFE\u0301/index.html"},
	{"adversarial", strings.Repeat("*a", 127) + "b", strings.Repeat("a", 255)},
	{"irregular", "*\u0301", "http://www.example.com/cafe\u0301"},
	{"irregular miss", "*host7\U0001F600*", "http://www.example.com/index.html"},
	{"irregular near miss", "*host7\U0001F600*", "http://host8/\U0001F600/host/7"},
}

func BenchmarkMatch(b *testing.B) {
	for _, pair := range benchPairs {
		pattern, text := units(b, pair.pattern), units(b, pair.text)
		b.Run(pair.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Match(pattern, text)
			}
		})
	}
}

// BenchmarkPrepared is what an irregular pattern costs, and the text once for
// all patterns.
func BenchmarkPrepared(b *testing.B) {
	for _, pair := range benchPairs {
		pattern, text := Prepare(units(b, pair.pattern)), Decode(units(b, pair.text))
		b.Run(pair.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				pattern.Match(&text)
			}
		})
	}
	text := units(b, benchPairs[0].text)
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			t := Decode(text)
			sink += t.end()
		}
	})
}

var sink int

func BenchmarkNext(b *testing.B) {
	var a Alphabet
	a.Glob(units(b, "http://*.example.com/caf\u00E9"))
	for _, pair := range []struct{ name, text string }{
		{"ascii", "http://www.example.com/index.html"},
		{"latin", "http://www.ex\u00E1mple.com/cafe\u0301.html"},
		{"ideographs", "\u65E5\u672C\u8A9E\u65E5\u672C\u8A9E\u65E5\u672C\u8A9E"},
	} {
		text := units(b, pair.text)
		b.Run(pair.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for i := 0; i < len(text) && i >= 0; {
					_, i = a.Next(text, i)
				}
			}
		})
	}
}

// What the runtime does for each request must not allocate.
func TestAllocations(t *testing.T) {
	var a Alphabet
	a.Glob(units(t, "caf\u00E9*"))
	for _, pair := range benchPairs[:6] {
		text := units(t, pair.text)
		letters, codes := make([]Letter, 0, len(text)), make([]byte, 0, len(text))
		for name, run := range map[string]func(){
			"RegularText":   func() { RegularText(text) },
			"appendLetters": func() { a.appendLetters(letters, text) },
			"AppendCodes":   func() { AppendCodes(codes, text) },
		} {
			if n := testing.AllocsPerRun(100, run); n != 0 {
				t.Errorf("%s: %s allocates %v times", pair.name, name, n)
			}
		}
	}
}

// BenchmarkHostile is a file full of patterns on the longest text, all made for
// it to take long.
func BenchmarkHostile(b *testing.B) {
	for _, test := range []struct{ name, text, pattern, front, tail string }{
		{"any", `\u1F82`, `?`, `*`, `x`},
		{"one element", `a`, `a`, `*`, `b`},
		{"elements", `\u1F82`, `\u1F82`, `*`, `b`},
		{"short", `\u0301a`, `a`, `*`, `b`},
		{"reordered", `\u1F82\u0323`, `\u1F82\u0323`, `*`, `b`},
	} {
		text := append(repeat(units(b, test.text), longestText-1), 0xD800)
		n := longestPattern
		if test.name == "short" {
			n = 4
		}
		pattern := append(append(units(b, test.front), repeat(units(b, test.pattern), n-2)...), units(b, test.tail)...)
		b.Run(test.name, func(b *testing.B) {
			p, steps := Prepare(pattern), 0
			for b.Loop() {
				d := Decode(text)
				d.has = elementSet{^uint64(0), ^uint64(0), ^uint64(0)} // as if another part of the text had what is missing
				for range patternUnits / (n + policyBytes) {
					p.Match(&d)
				}
				steps = stepsUntilNow(&d)
			}
			b.ReportMetric(float64(steps), "steps")
		})
	}
}
