package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const dir = "../../docs/pictures"

// drawnElsewhere are the pictures that ups report draws, which a test of cmd/ups
// holds.
const drawnElsewhere = 1

// TestPictures holds that the pictures are what is drawn now: go run
// ./internal/gendocs docs/pictures.
func TestPictures(t *testing.T) {
	files, err := filepath.Glob(dir + "/*.svg")
	if want := len(pictures) + drawnElsewhere; err != nil || len(files) != want {
		t.Errorf("%d pictures, %v, want %d", len(files), err, want)
	}
	for _, p := range pictures {
		want, err := p.draw()
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(dir, p.name+".svg"))
		if err != nil || string(got) != want {
			t.Errorf("%s isn't what is drawn: %v", p.name, err)
		}
		d := xml.NewDecoder(strings.NewReader(want))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", p.name, err)
			}
		}
	}
}

// TestShadowed holds that a picture says what the list decides.
func TestShadowed(t *testing.T) {
	for _, p := range pictures {
		if p.name != "shadowed" {
			continue
		}
		svg, err := p.draw()
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{
			"&#34;+44901&#34; of SID 0x20010001, check passed: policy 1 decides.", ">it would match<", ">not tried<", ">another destination<", ">asks the user<",
		} {
			if !strings.Contains(svg, want) {
				t.Errorf("%q isn't in the picture", want)
			}
		}
		if strings.Contains(svg, ">denies<") {
			t.Error("a policy that nothing gets to decides")
		}
	}
}
