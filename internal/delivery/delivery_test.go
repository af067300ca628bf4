package delivery

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ups/policy"
)

// made returns a policy file that a device takes, of a version.
func made(server uint32, major, minor uint16, data string) Policy {
	f := &policy.File{UID2: policy.ResourceFileUID, Version: policy.FormatVersion}
	f.Header = &policy.Header{MajorVersion: major, MinorVersion: minor, DialogCreator: 1}
	s := policy.Service{Server: server, Service: 2}
	return Policy{Service: s, Path: s.FileName(".rss"), Data: []byte(data), File: f}
}

// sound is a package without mistakes.
func sound() *Package {
	return &Package{
		Name: "Policies", Vendor: "Example", Language: "EN", UID: StubUID,
		Version: Version{1, 2, 3}, ROMVersion: Version{1, 0, 0},
		Policies: []Policy{made(0xABCDEF01, 1, 0, "two"), made(1, 1, 0, "one")},
	}
}

// text returns a file of a package.
func text(t *testing.T, p *Package, path string) string {
	t.Helper()
	files, err := p.Files()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(files, func(f File) bool { return f.Path == path })
	if i < 0 {
		t.Fatalf("there is no file %s", path)
	}
	return string(files[i].Data)
}

func TestPackageFiles(t *testing.T) {
	const head = "&EN\n#{\"Policies\"}, (0x10285777), "
	const vendor = "\n%{\"Example\"}\n:\"Example\"\n"
	tests := []struct{ path, want string }{
		{"ups_policies.pkg", head + "1, 2, 3, TYPE=PU" + vendor +
			`"policies\ups_00000001_00000002.rsc" - "$:\private\10283558\policies\ups_00000001_00000002.rsc"` + "\n" +
			`"policies\ups_abcdef01_00000002.rsc" - "$:\private\10283558\policies\ups_abcdef01_00000002.rsc"` + "\n"},
		{"ups_policies_stub.pkg", head + "1, 0, 0, TYPE=SA" + vendor +
			`"" - "z:\sys\bin\upsserver.exe"` + "\n" +
			`"" - "z:\private\10283558\policies\ups_00000001_00000002.rsc"` + "\n" +
			`"" - "z:\private\10283558\policies\ups_abcdef01_00000002.rsc"` + "\n"},
		{"ups_policies.iby",
			`data=policies\ups_00000001_00000002.rsc private\10283558\policies\ups_00000001_00000002.rsc` + "\n" +
				`data=policies\ups_abcdef01_00000002.rsc private\10283558\policies\ups_abcdef01_00000002.rsc` + "\n" +
				"#ifndef UPS_BACKUP_REGISTRATION\n" +
				`data=backup_registration.xml private\10283558\backup_registration.xml` + "\n#endif\n"},
		{"policies/ups_abcdef01_00000002.rsc", "two"},
	}
	for _, tt := range tests {
		if got := uncommented(text(t, sound(), tt.path)); got != tt.want {
			t.Errorf("%s is\n%s\nwant\n%s", tt.path, got, tt.want)
		}
	}
}

// uncommented returns a text without lines that are comments.
func uncommented(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		if !strings.HasPrefix(line, ";") && !strings.HasPrefix(line, "//") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// The stub and the ROM have the policies of the ROM, the SIS file the others.
func TestROMOfItsOwn(t *testing.T) {
	p := sound()
	p.ROM = []Policy{made(1, 0, 9, "old"), made(7, 1, 0, "seven")}
	for _, path := range []string{"ups_policies_stub.pkg", "ups_policies.iby"} {
		got := text(t, p, path)
		if !strings.Contains(got, "ups_00000007_00000002") || strings.Contains(got, "abcdef01") {
			t.Errorf("%s is\n%s", path, got)
		}
	}
	if got := text(t, p, "ups_policies.iby"); !strings.Contains(got, `data=rom\ups_00000001_00000002.rsc private`) {
		t.Errorf("the .iby file has not the ROM's:\n%s", got)
	}
	if got := text(t, p, "ups_policies.pkg"); strings.Contains(got, "00000007") || !strings.Contains(got, "abcdef01") {
		t.Errorf("the SIS file has the ROM's:\n%s", got)
	}
	if old, is := text(t, p, "rom/ups_00000001_00000002.rsc"), text(t, p, "policies/ups_00000001_00000002.rsc"); old != "old" || is != "one" {
		t.Errorf("the ROM has %q and the SIS file %q", old, is)
	}
}

func TestRefused(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Package)
		want   string // "" for none
	}{
		{"sound", func(*Package) {}, ""},
		{"the same version", func(p *Package) { p.Version = p.ROMVersion }, "is not above 1.0.0"},
		{"a lower version", func(p *Package) { p.Version = Version{0, 99, 9} }, "is not above 1.0.0"},
		{"a higher build", func(p *Package) { p.Version = Version{1, 0, 1} }, ""},
		{"no policies", func(p *Package) { p.Policies = nil }, "no policy file"},
		{"a language", func(p *Package) { p.Language = "en" }, `"en" is no language`},
		{"one service twice", func(p *Package) { p.Policies[0].Service = p.Policies[1].Service }, "are both for server 0x00000001 and service 0x00000002"},
		{"one twice in the ROM", func(p *Package) { p.ROM = []Policy{made(7, 1, 0, ""), made(7, 1, 0, "")} }, "are both for"},
		{"no header", func(p *Package) { p.Policies[0].File.Header = nil }, "a device refuses the file: no header"},
		{"no dialog creator in the ROM", func(p *Package) {
			p.ROM = []Policy{made(1, 0, 0, "")}
			p.ROM[0].File.Header.DialogCreator = 0
		}, "a device refuses the file: the header's dialog creator is 0"},
		{"a policy", func(p *Package) { p.Policies[0].File.Policies = []policy.Policy{{}, {Security: 9}} }, "a device refuses policy 2: systemserversecurity is 9"},
		{"the same as in the ROM", func(p *Package) { p.ROM = []Policy{made(1, 1, 0, "one")} }, ""},
		{"changed, and the version isn't", func(p *Package) { p.ROM = []Policy{made(1, 1, 0, "old")} }, "policy version 1.0 is not above 1.0 of the ROM's"},
		{"changed, and a lower version", func(p *Package) { p.ROM = []Policy{made(1, 0, 5, "a"), made(0xABCDEF01, 1, 1, "old")} }, "policy version 1.0 is not above 1.1"},
		{"changed, and a higher minor", func(p *Package) {
			p.ROM = []Policy{made(1, 1, 0, "old")}
			p.Policies[1] = made(1, 1, 1, "one")
		}, ""},
		{"no name", func(p *Package) { p.Name = " " }, "the name of a package can't be empty"},
		{"a line in the vendor", func(p *Package) { p.Vendor = "a\nb" }, "the character U+000A"},
		{"a long name", func(p *Package) { p.Name = strings.Repeat("ä", 256) }, "longer than 255"},
		{"as long as it may be", func(p *Package) { p.Name = strings.Repeat("ä", 255) }, ""},
		{"bytes", func(p *Package) { p.Name = "\xff" }, "isn't UTF-8"},
		{"beyond UTF-16 units", func(p *Package) { p.Name = "😀" }, "the character U+1F600"},
	}
	for _, tt := range tests {
		p := sound()
		tt.change(p)
		files, err := p.Files()
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%s: %v", tt.name, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want) || files != nil):
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.want)
		}
	}
}

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"Example":  `"Example"`,
		`a"b`:      `"a"<0x0022>"b"`,
		"Zürich":   `"Z"<0x00FC>"rich"`,
		`C:\x; "`:  `"C:\x; "<0x0022>""`,
		"日":        `""<0x65E5>""`,
		"#{}, 1 %": `"#{}, 1 %"`,
	} {
		if got, err := quote("name", in); got != want || err != nil {
			t.Errorf("%s: %s, error %v, want %s", in, got, err, want)
		}
	}
}

// What is quoted is ASCII, and makesis reads the same from it.
func TestQuotedIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.StringOf(rapid.RuneFrom([]rune("a \"<>#{};\\0é日"))).Draw(t, "in")
		out, err := quote("name", in)
		if err != nil {
			if strings.TrimSpace(in) != "" {
				t.Fatalf("%q: %v", in, err)
			}
			return
		}
		read := ""
		for i, part := range strings.Split(out, `"`) {
			switch {
			case i%2 == 1:
				read += part
			case part != "":
				var code rune
				if n, err := fmt.Sscanf(part, "<0x%04X>", &code); n != 1 || err != nil || len(part) != 8 {
					t.Fatalf("%s: %q stands between texts", out, part)
				}
				read += string(code)
			}
		}
		if read != in {
			t.Fatalf("%s is %q, want %q", out, read, in)
		}
	})
}

func TestParseVersion(t *testing.T) {
	for in, want := range map[string]Version{"0.0.0": {}, "1.2.3": {1, 2, 3}, "127.99.32767": {127, 99, 32767}} {
		got, err := ParseVersion(in)
		if got != want || err != nil || got.String() != in {
			t.Errorf("%s: %v, error %v", in, got, err)
		}
	}
	for _, in := range []string{"", "1", "1.2", "1.2.3.4", "128.0.0", "1.100.0", "1.0.32768", "-1.0.0", "+1.0.0", "1.0.x", "1. 2.3", "1.2.3 "} {
		if got, err := ParseVersion(in); err == nil {
			t.Errorf("%q: %v", in, got)
		}
	}
}

// An archive is a function of its files and the time alone.
func TestArchive(t *testing.T) {
	files, err := sound().Files()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2020, 2, 3, 4, 5, 6, 0, time.FixedZone("", 3600))
	first, err := Archive(files, at)
	if err != nil {
		t.Fatal(err)
	}
	other := slices.Clone(files)
	slices.Reverse(other)
	second, err := Archive(other, at.UTC())
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("another order or time zone gives another archive, error %v", err)
	}
	r, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.File) != len(files) {
		t.Fatalf("%d files, want %d", len(r.File), len(files))
	}
	for i, f := range r.File {
		opened, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(opened)
		if err != nil || f.Name != files[i].Path || !bytes.Equal(data, files[i].Data) || f.Mode() != 0o644 || !f.Modified.Equal(at) {
			t.Errorf("%s: %d bytes, %v, %v, error %v", f.Name, len(data), f.Mode(), f.Modified, err)
		}
	}
	for _, year := range []int{1979, 2108} {
		if _, err := Archive(files, time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC)); err == nil {
			t.Errorf("an archive has the year %d", year)
		}
	}
}
