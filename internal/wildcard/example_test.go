package wildcard_test

import (
	"fmt"
	"unicode/utf16"

	"ups/internal/wildcard"
)

func ExampleCompileString() {
	p, err := wildcard.CompileString("http://*.example.com/caf\u00E9?")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, text := range []string{"HTTP://www.example.com/CAFE\u0301s", "http://www.example.com/cafes"} {
		fmt.Println(p.MatchString(text))
	}
	_, err = p.MatchString("http://\xFF")
	fmt.Println(err)
	// Output:
	// true <nil>
	// false <nil>
	// text: invalid UTF-8 at byte 7
}

func ExampleTroubles() {
	pattern, _ := wildcard.AppendUTF16(nil, "a*\u0301")
	for _, t := range wildcard.Troubles(pattern) {
		fmt.Printf("unit %d: %s (irregular: %t)\n", t.Offset, t.Kind, t.Kind.Irregular())
	}
	// Output:
	// unit 2: a literal that begins with a mark may start inside a character (irregular: true)
}

// A witness that the first pattern doesn't cover the second.
func ExampleAlphabet_Render() {
	var a wildcard.Alphabet
	earlier, _ := a.Glob(utf16.Encode([]rune("ax*")))
	later, _ := a.Glob(utf16.Encode([]rune("a?b")))
	letters := []wildcard.Letter{later[0].Letter, wildcard.Other, later[2].Letter}
	fmt.Println(string(utf16.Decode(a.Render(letters))))
	fmt.Println(wildcard.NewAutomaton(earlier).Match(letters), wildcard.NewAutomaton(later).Match(letters))
	// Output:
	// ayb
	// false true
}
