package browser

import (
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// look is how a page is looked at.
type look struct {
	name          string
	width, height int64
	dark, print   bool
}

// looks are those that are tested, and kept as pictures.
var looks = []look{
	{name: "light", width: 1280, height: 900},
	{name: "dark", width: 1280, height: 900, dark: true},
	{name: "phone", width: 390, height: 844},
	{name: "zoom", width: 640, height: 450}, // 1280 at 200%
	{name: "print", width: 1000, height: 900, print: true},
}

// view makes a tab look so.
func (p *tab) view(l look) {
	p.Helper()
	scheme, media := "light", "screen"
	if l.dark {
		scheme = "dark"
	}
	if l.print {
		media = "print"
	}
	p.do(chromedp.EmulateViewport(l.width, l.height))
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: media, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		p.Fatal(err)
	}
}

// keep writes a picture of the whole page, if ARTEFACTS says where.
func (p *tab) keep(name string) {
	p.Helper()
	content, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		p.Fatal(err)
	}
	p.write(name+".png", content)
}

// keepPrinted writes the page as it is printed.
func (p *tab) keepPrinted(name string) {
	p.Helper()
	r, err := chromedp.Call(p.ctx, page.PrintToPDF, page.PrintToPDFParams{})
	if err != nil {
		p.Fatal(err)
	}
	p.write(name+".pdf", r.Data)
}

func (p *tab) write(name string, content []byte) {
	p.Helper()
	folder := os.Getenv("ARTEFACTS")
	if folder == "" {
		return
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		p.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name), content, 0o666); err != nil {
		p.Fatal(err)
	}
}
