package servetest

import (
	"regexp"
	"time"
)

var panelAddress = regexp.MustCompile(`address="?(http://[^ "/\n]+)(/login\?link=([\w-]+))?`)

// Panel waits until the nth address of the control panel is logged, the first being
// 1, and returns where the panel is, and the secret of the link; with a password there
// is none.
func (p *Process) Panel(n int) (base, link string) {
	p.t.Helper()
	for end := time.Now().Add(Patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if all := panelAddress.FindAllStringSubmatch(p.Logged.String(), n); len(all) == n {
			return all[n-1][1], all[n-1][3]
		}
	}
	p.t.Fatalf("the log doesn't say where the panel is:\n%s", p.Logged)
	return "", ""
}
