package scsu

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

func unhex(tb testing.TB, s string) []byte {
	tb.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// example is a string and one of its compressed forms.
type example struct {
	name, packed string
	units        []uint16
}

func encode(units []uint16) []byte { return AppendEncode(nil, units) }

func decode(b []byte) ([]uint16, error) { return AppendDecode(nil, b, 2*len(b)) }

func text(s string) []uint16 { return utf16.Encode([]rune(s)) }

// examples are valid strings that a reader must take. The first four are the
// sample texts of UTS #6; the others show one feature each.
var examples = []example{
	{"German", "D6 6C 20 66 6C 69 65 DF 74", text("Öl fließt")},
	{"Russian", "12 9C BE C1 BA B2 B0", text("Москва")},
	{"Japanese", "08 00 1B 4C EA 16 CA D3 94 0F 53 EF 61 1B E5 84 C4 0F 53 EF 61 1B E5 84 C4 16 CA D3 94 08 02",
		text("　♪リンゴ可愛いや可愛いやリンゴ。")},
	{"all features", "41 DF 12 81 03 5F 10 DF 1B 03 DF 1C 88 80 0B BF FF FF 0D 0A 41 10 DF 12 81 03 5F 10 DF 13 DF 14 80 15 FF",
		text("AßЁşßǟ\uF000\U0010FFFF\r\nAßЁşßǟ\uF000\U0010FFFF")},
	{"nothing", "", nil},
	{"bytes that stand for themselves", "00 09 0A 0D 20 7F", []uint16{0, 9, 10, 13, 0x20, 0x7F}},
	{"initial window", "80 FF", []uint16{0x80, 0xFF}},
	{"static windows", "01 01 02 00 03 00 04 00 05 00 06 00 07 00 08 7F",
		[]uint16{0x01, 0x80, 0x100, 0x300, 0x2000, 0x2080, 0x2100, 0x307F}},
	{"quotes from dynamic windows", "01 80 02 80 03 80 04 80 05 80 06 80 07 80 08 FF",
		[]uint16{0x80, 0xC0, 0x400, 0x600, 0x900, 0x3040, 0x30A0, 0xFF7F}},
	{"changes of window", "11 80 12 80 13 80 14 80 15 80 16 80 17 80 10 80",
		[]uint16{0xC0, 0x400, 0x600, 0x900, 0x3040, 0x30A0, 0xFF00, 0x80}},
	{"quoted unit", "0E FE FF 0E D8 00", []uint16{0xFEFF, 0xD800}},
	{"special windows", "18 F9 80 19 FA 80 1A FB 80 1B FC 80 1C FD 80 1D FE 80 1E FF 80",
		[]uint16{0xC0, 0x250, 0x370, 0x530, 0x3040, 0x30A0, 0xFF60}},
	{"window offsets", "1F 01 80 18 67 FF 19 68 80 1A A7 FF", []uint16{0x80, 0x33FF, 0xE000, 0xFFFF}},
	{"extended window in single-byte mode", "0B 00 00 80 0B E0 01 FF", text("\U00010000\U000100FF")},
	{"extended window is quoted", "0B 20 00 10 02 80", text("\U00010000")},
	{"Unicode mode", "0F 4E 00 FF FF D8 00 00 41", []uint16{0x4E00, 0xFFFF, 0xD800, 0x41}},
	{"Unicode mode, quoted", "0F F0 E0 00 F0 F2 FF F0 00 41 F3 00", []uint16{0xE000, 0xF2FF, 0x41, 0xF300}},
	{"Unicode mode, to a window", "0F E2 80 0F E7 80", []uint16{0x400, 0xFF00}},
	{"Unicode mode, define", "0F E8 02 80 0F EF FF 80 10 80", []uint16{0x100, 0xFF60, 0x100}},
	{"Unicode mode, extended window", "0F F1 5F FF FF 41", text("\U0010FFFFA")},
	{"tags with no text", "0F E0 17 18 01 0B 00 00", nil},
}

func TestDecode(t *testing.T) {
	for _, e := range examples {
		t.Run(e.name, func(t *testing.T) {
			got, err := decode(unhex(t, e.packed))
			if err != nil || !slices.Equal(got, e.units) {
				t.Errorf("%04X, %v; want %04X", got, err, e.units)
			}
			if got, err := decode(encode(e.units)); err != nil || !slices.Equal(got, e.units) {
				t.Errorf("after Encode: %04X, %v; want %04X", got, err, e.units)
			}
		})
	}
}

// encodings are worked out by hand from docs/compiled-format.md.
var encodings = []example{
	{"nothing", "", nil},
	{"ASCII", "2A 2E 61", text("*.a")},
	{"control characters are quoted", "61 01 01 01 1F 0A", text("a\x01\x1f\n")},
	{"initial window", "E9", text("é")},
	{"one Cyrillic letter is quoted", "61 03 B0", text("aа")},
	{"two change the window", "12 B0 B1", text("аб")},
	{"window stays", "12 B0 B1 20 B2", text("аб в")},
	{"special window before a plain one", "11 C1 C2", text("āĂ")},
	{"window 4 is redefined", "1C FB C1 C2", text("αβ")},
	{"undefined window, one unit", "0E 20 AC", text("€")},
	{"undefined window, two units", "1C 41 AC AC", text("€€")},
	{"ideograph alone", "0E 4E 2D", text("中")},
	{"two ideographs", "0F 4E 2D 65 87", text("中文")},
	{"out of Unicode mode by text", "0F 4E 2D 65 87 E0 61 62", text("中文ab")},
	{"one letter stays in Unicode mode", "0F 4E 2D 65 87 00 61", text("中文a")},
	{"out of Unicode mode by window", "0F 4E 2D 65 87 E2 B0 B1", text("中文аб")},
	{"out of Unicode mode by definition", "0F 4E 2D 65 87 EC 41 AC AC", text("中文€€")},
	{"private use in Unicode mode", "0F 4E 2D 65 87 F0 E0 00", text("中文\uE000")},
	{"halves of a pair", "0F D8 3D DE 00", text("😀")},
	{"half a pair", "0E D8 3D", []uint16{0xD83D}},
	{"only one of two is in the queue", "61 62 63 0E 4E 2D 0E 65 87", text("abc中文")},
	{"the queue is filled again", "61 62 63 0E 4E 2D 0F 65 87 5B 57", text("abc中文字")},
	{"combining mark between", "61 03 AF 0E 03 01 20 62 03 90", text("aЯ́ bА")},
	{"window that shows two scripts", "15 81 82 E4 E7", text("ぁあイェ")},
}

func TestEncode(t *testing.T) {
	for _, e := range encodings {
		t.Run(e.name, func(t *testing.T) {
			if got, want := encode(e.units), unhex(t, e.packed); !bytes.Equal(got, want) {
				t.Errorf("% X, want % X", got, want)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, test := range []struct {
		packed string
		want   error
		text   string
	}{
		{"61 01", ErrTruncated, "scsu offset 1: argument: ends too early"},
		{"0E", ErrTruncated, "scsu offset 0: argument: ends too early"},
		{"0E 41", ErrTruncated, "scsu offset 0: argument: ends too early"},
		{"0B 41", ErrTruncated, "scsu offset 0: argument: ends too early"},
		{"61 62 18", ErrTruncated, "scsu offset 2: argument: ends too early"},
		{"0F 4E", ErrTruncated, "scsu offset 1: argument: ends too early"},
		{"0F F0 E0", ErrTruncated, "scsu offset 1: argument: ends too early"},
		{"0F E8", ErrTruncated, "scsu offset 1: argument: ends too early"},
		{"0F F1 00", ErrTruncated, "scsu offset 1: argument: ends too early"},
		{"61 0C", ErrReserved, "scsu offset 1: tag 0x0C: reserved value"},
		{"0F F2 00", ErrReserved, "scsu offset 1: tag 0xF2: reserved value"},
		{"18 00", ErrReserved, "scsu offset 0: window offset 0x00: reserved value"},
		{"18 A8", ErrReserved, "scsu offset 0: window offset 0xA8: reserved value"},
		{"0F E9 F8", ErrReserved, "scsu offset 1: window offset 0xF8: reserved value"},
	} {
		_, err := decode(unhex(t, test.packed))
		var at *Error
		if !errors.As(err, &at) || !errors.Is(err, test.want) || err.Error() != test.text {
			t.Errorf("%s: %v, want %s", test.packed, err, test.text)
		}
	}
}

func TestDecodeLimit(t *testing.T) {
	pair := unhex(t, "61 0B 00 00 80 62") // four units
	for limit, want := range []string{"", "a", "a", "a\U00010000", "a\U00010000b"} {
		got, err := AppendDecode([]uint16{'>'}, pair, limit)
		if string(utf16.Decode(got)) != ">"+want || errors.Is(err, ErrLimit) != (limit < 4) {
			t.Errorf("limit %d: %q, %v", limit, string(utf16.Decode(got)), err)
		}
	}
}

func TestAppendEncodeKeepsWhatIsThere(t *testing.T) {
	got := AppendEncode([]byte("ab"), text("аб"))
	if want := unhex(t, "61 62 12 B0 B1"); !bytes.Equal(got, want) {
		t.Errorf("% X, want % X", got, want)
	}
}
