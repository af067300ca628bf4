package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// root is the folder of the project.
const root = "../../../.."

// ups is the command, built for the tests.
var ups string

// browser is one Chromium for all tests, each of which has tabs of its own.
var browser context.Context

func TestMain(m *testing.M) {
	os.Exit(func() int {
		temp, err := os.MkdirTemp("", "browser")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(temp)
		ups = filepath.Join(temp, "ups")
		build := exec.Command("go", "build", "-o", ups, "./cmd/ups")
		build.Dir, build.Stderr = root, os.Stderr
		if err := build.Run(); err != nil {
			panic(err)
		}
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.WindowSize(1280, 900))
		all, stop := chromedp.NewExecAllocator(context.Background(), options...)
		defer stop()
		var end context.CancelFunc
		browser, end = chromedp.NewContext(all)
		defer end()
		if err := chromedp.Do(browser); err != nil {
			panic(fmt.Sprintf("Chromium can't be started: %v", err))
		}
		return m.Run()
	}())
}

// tab is a page that was opened.
type tab struct {
	testing.TB
	ctx     context.Context
	refused bool // whether pages with the status 401 or 403 are meant, of which Chromium complains
}

// patience is how long anything may take on a machine that has other work.
const patience = 30 * time.Second

// open opens a page in a new tab. At the end of the test it must not have
// complained to the console: of an error, or of what its content security policy
// refused.
func open(t testing.TB, url string, before ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	return openIn(t, nil, url, before...)
}

// openApart is open in a browser with cookies of its own.
func openApart(t testing.TB, url string) *tab {
	t.Helper()
	return openIn(t, []chromedp.ContextOption{chromedp.WithNewBrowserContext()}, url)
}

func openIn(t testing.TB, where []chromedp.ContextOption, url string, before ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	ctx, closeTab := chromedp.NewContext(browser, where...)
	ctx, cancel := context.WithTimeout(ctx, 5*patience)
	page := &tab{TB: t, ctx: ctx}
	var complaints []string
	read := make(chan struct{})
	messages := chromedp.Console(ctx)
	go func() {
		defer close(read)
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleWarning || m.IsException() {
				complaints = append(complaints, m.String())
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		closeTab()
		<-read
		if page.refused {
			complaints = slices.DeleteFunc(complaints, func(c string) bool {
				return strings.Contains(c, "status of 401") || strings.Contains(c, "status of 403")
			})
		}
		if len(complaints) > 0 {
			t.Errorf("%s: the console has\n%s", url, strings.Join(complaints, "\n"))
		}
	})
	page.do(before...)
	page.do(chromedp.Navigate(url))
	return page
}

func (p *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.Fatal(err)
	}
}

// evaluate returns the value of an expression; a promise's is waited for.
func evaluate[T any](p *tab, expression string) T {
	p.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.Fatal(err)
	}
	return value
}

// wait waits until an expression is true.
func (p *tab) wait(expression string) {
	p.Helper()
	if _, err := chromedp.Run(p.ctx, chromedp.Poll[bool]("!!("+expression+")", chromedp.WithPollingTimeout(patience))); err != nil {
		p.Fatalf("%s: %v", expression, err)
	}
}

// run runs ups, and returns what it wrote to standard output.
func run(t testing.TB, stdin string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(ups, args...)
	cmd.Stdin, cmd.Stderr = strings.NewReader(stdin), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("ups %s: %v", strings.Join(args, " "), err)
	}
	return out
}
