package main

import (
	"fmt"
	"math/rand/v2"
)

// A vocabulary makes destinations, and the patterns that people write for them.
type vocabulary interface {
	destination(*rand.Rand) string
	pattern(*rand.Rand) string
	filler(*rand.Rand) string // what a star stands for
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// words are addresses of the Web of some 45 letters, made of eight words with a
// number below limit each. The smaller the limit, the more of a pattern is in
// destinations that it doesn't match.
type words struct{ limit int }

func (w words) word(r *rand.Rand) string {
	return fmt.Sprintf("%s%d", pick(r, "maps", "mail", "shop", "games", "news", "music", "photo", "store"), r.IntN(w.limit))
}

func (w words) filler(r *rand.Rand) string { return w.word(r) }

func scheme(r *rand.Rand) string { return pick(r, "http://", "https://") }

// destination returns an address of the Web, or now and then of a message.
func (w words) destination(r *rand.Rand) string {
	if r.IntN(8) == 0 {
		return fmt.Sprintf("sms:+4477009%05d", r.IntN(100000))
	}
	top := ".example/"
	if r.IntN(8) == 0 {
		top = ".test/"
	}
	return scheme(r) + w.word(r) + "." + w.word(r) + top + w.word(r) + "/" + w.word(r)
}

// pattern cuts a destination down: 3 of 10 are exact, 3 are prefixes, 2 are
// suffixes, 1 is a word inside, 1 has stars in two places.
func (w words) pattern(r *rand.Rand) string {
	switch n := r.IntN(10); {
	case n < 3:
		return w.destination(r)
	case n < 6:
		d := w.destination(r)
		return d[:len(d)-1-r.IntN(6)] + "*"
	case n < 8:
		return "*" + w.word(r) + ".example/" + w.word(r)
	case n < 9:
		return "*" + w.word(r) + "/" + w.word(r) + "*"
	}
	return scheme(r) + "*." + w.word(r) + "*/" + w.word(r)
}

// contacts are telephone numbers, hosts, mail addresses and short addresses of
// the Web: 9 to 40 letters, 20 on average.
type contacts struct{}

func (contacts) filler(r *rand.Rand) string { return fmt.Sprint(r.IntN(1000)) }

func domain(r *rand.Rand) string {
	name := pick(r, "shop", "bank", "mail", "news", "games", "music", "maps", "weather", "travel", "track")
	return fmt.Sprintf("%s%d.%s", name, r.IntN(500), pick(r, "com", "co.uk", "org", "net", "example"))
}

func countryCode(r *rand.Rand) int { return pick(r, 1, 44, 49, 358) }

func (contacts) destination(r *rand.Rand) string {
	switch r.IntN(6) {
	case 0:
		return fmt.Sprintf("+447700%06d", r.IntN(1000000))
	case 1:
		return fmt.Sprintf("sms:+%d%09d", countryCode(r), r.IntN(1000000000))
	case 2:
		return "www." + domain(r)
	case 3:
		return fmt.Sprintf("https://www.%s/%s/%d", domain(r), pick(r, "index", "login", "pay", "img"), r.IntN(10000))
	case 4:
		return fmt.Sprintf("user%d@%s", r.IntN(1000), domain(r))
	}
	return "http://" + domain(r) + "/"
}

// pattern is for one destination, a range of numbers, all of a host or a
// domain, a path or a word.
func (c contacts) pattern(r *rand.Rand) string {
	switch r.IntN(6) {
	case 0:
		return c.destination(r)
	case 1:
		return fmt.Sprintf("+447700%0*d*", 1+r.IntN(4), r.IntN(10000))
	case 2:
		return fmt.Sprintf("sms:+%d%04d*", countryCode(r), r.IntN(10000))
	case 3:
		return pick(r, "https://www.", "http://") + domain(r) + "/*"
	case 4:
		return pick(r, "*.", "*@") + domain(r)
	}
	return pick(r, "*"+domain(r)+"*", "*."+domain(r)+"/pay/*", fmt.Sprintf("*track%d*", r.IntN(1000)))
}
