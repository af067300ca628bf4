package main

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ups/cmd/ups/internal/servetest"
)

// expectReload makes a caller ask for a reload, and expects what is answered to have texts.
func (p *serverProcess) expectReload(want ...string) {
	p.Helper()
	got := p.post("StatusService/Reload", "{}")
	for _, w := range want {
		if !strings.Contains(got, w) {
			p.Errorf("it answers %s, want %s", got, w)
		}
	}
}

// A caller that may makes the server read everything again, and is told what stays as it
// was; what is read takes effect, also for who asked.
func TestServeReload(t *testing.T) {
	dir := serverFolder(t, "")
	path := filepath.Join(dir, "serve.yaml")
	may := strings.Replace(read(t, path), "status: yes", "status: yes, reload: yes", 1)
	p := startServer(t, dir, nil)
	writeSource(t, path, may)
	p.expectReload("permission_denied", "telephony may not make the server read its configuration")
	p.HangUp()
	p.expectReload("{}")
	p.Expect("RELOADING=1")
	p.Expect("READY=1")
	p.Forget()

	writeSource(t, path, strings.Replace(may, "ProtServ, ", "", 1)+"idle: 1h\nmetrics: {listen: 'unix:m.sock'}\n")
	p.expectReload(`{"restart":["metrics"`, `"idle"]}`)
	p.authorise("112", "permission_denied")
	writeSource(t, path, may+"nonsense: 1\n")
	writeSource(t, filepath.Join(dir, "policies", "ups_101f7f1f_1000a00b.rsc"), "nonsense")
	p.expectReload(`{"mistakes":["the configuration stays as it was: serve.yaml:8:1: the configuration has no key \"nonsense\"`,
		`"ups_101f7f1f_1000a00b.rsc can't be used, so that requests for its service fail: the log says why"]}`)
	p.authorise("112", "permission_denied")
	p.Logs(`msg="reading again, as a caller asks" caller=telephony`)
}

// Callers that ask for reloads without end share those that there are.
func TestServeReloadsShared(t *testing.T) {
	dir := serverFolder(t, "")
	path := filepath.Join(dir, "serve.yaml")
	writeSource(t, path, strings.Replace(read(t, path), "status: yes", "status: yes, reload: yes", 1))
	p := startServer(t, dir, nil)
	p.Forget()
	begun := time.Now()
	var all sync.WaitGroup
	for range 30 {
		all.Go(func() { p.expectReload("{}") })
	}
	all.Wait()
	p.expectReload("{}")
	took := time.Since(begun)
	if n := strings.Count(p.Logged.String(), "reading again, as a caller asks"); n > 2+int(took/time.Second) || took > servetest.Patience {
		t.Errorf("%d reloads in %v:\n%s", n, took, p.Logged)
	}
}
