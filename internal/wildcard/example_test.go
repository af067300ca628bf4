package wildcard_test

import (
	"fmt"
	"unicode/utf16"

	"ups/internal/wildcard"
)

func ExampleMatch() {
	pattern := utf16.Encode([]rune("http://*.example.com/caf\u00E9?"))
	for _, text := range []string{"HTTP://www.example.com/CAFE\u0301s", "http://www.example.com/cafes"} {
		fmt.Println(wildcard.Match(pattern, utf16.Encode([]rune(text))))
	}
	// Output:
	// true
	// false
}

func ExampleAnomalies() {
	pattern, _ := wildcard.AppendUTF16(nil, "a*\u0301")
	for _, t := range wildcard.Anomalies(pattern) {
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
	letters := []wildcard.Letter{later.Letters[0], wildcard.Other, later.Letters[2]}
	fmt.Println(string(utf16.Decode(a.Render(letters))))
	fmt.Println(earlier.Match(letters), later.Match(letters))
	// Output:
	// ayb
	// false true
}
