package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// actionRepository is a git repository with policies in a folder whose name would
// run a command if a script evaluated it, and the files that a runner gives to a
// step.
type actionRepository struct {
	*testing.T
	dir, temp, base string
}

// policyFolder is evaluated in no script.
const policyFolder = "-p $(touch injected) `touch injected`"

const actionSource = `#include <ups/policies.rh>
UID2 KUidUpsPolicyResourceFile
UID3 0x20030001
RESOURCE POLICIES dial
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		POLICY { destination = "112"; options = KYes|KNo; },
		POLICY { options = KYes|KNo|KSessionYes; }
		};
	}
`

func newActionRepository(t *testing.T) *actionRepository {
	t.Helper()
	for _, tool := range []string{"bash", "git", "curl", "jq"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	r := &actionRepository{T: t, dir: t.TempDir(), temp: t.TempDir()}
	r.write(actionSource)
	r.git("init", "-q")
	r.git("add", ".")
	r.git("-c", "user.name=n", "-c", "user.email=e@example.org", "commit", "-qm", "policies")
	r.base = strings.TrimSpace(r.git("rev-parse", "HEAD"))
	return r
}

func (r *actionRepository) write(source string) {
	r.Helper()
	writeSource(r, filepath.Join(r.dir, policyFolder, "ups_20020001_20020011.rss"), source)
}

func (r *actionRepository) git(args ...string) string {
	r.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = r.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.Fatalf("git %q: %v: %s", args, err, out)
	}
	return string(out)
}

// step runs a script of the action as the runner would, in an environment that has
// what action.yml gives it.
func (r *actionRepository) step(name string, env ...string) (status int, out string) {
	r.Helper()
	script, err := filepath.Abs(filepath.Join("../../.github/actions/ups", name))
	if err != nil {
		r.Fatal(err)
	}
	cmd := exec.Command(script)
	cmd.Dir = r.dir
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + r.temp, "GORACE=" + noExitSleep,
		"RUNNER_TEMP=" + r.temp, "GITHUB_OUTPUT=" + filepath.Join(r.temp, "output"),
		"GITHUB_STEP_SUMMARY=" + filepath.Join(r.temp, "summary"), "GITHUB_PATH=" + filepath.Join(r.temp, "path"),
		"UPS_POLICIES=" + policyFolder, "UPS_BASE=" + r.base,
	}, env...)
	text, err := cmd.CombinedOutput()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		r.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(r.dir, "injected")); err == nil {
		r.Errorf("%s ran a command out of the name of a folder", name)
	}
	return cmd.ProcessState.ExitCode(), string(text)
}

// left returns a file that a step leaves to the runner.
func (r *actionRepository) left(name string) string {
	text, err := os.ReadFile(filepath.Join(r.temp, name))
	if err != nil {
		return ""
	}
	return string(text)
}

func TestActionSteps(t *testing.T) {
	mistaken := strings.Replace(actionSource, "KSessionYes", "KSesionYes", 1)
	unreachable := strings.Replace(actionSource, `POLICY { options`, `POLICY { destination = "112"; options = KNo|KYes; },
		POLICY { options`, 1)
	changed := strings.Replace(actionSource, `options = KYes|KNo; }`, `options = KYes; }`, 1)
	tests := []struct {
		name, step, source string
		env                []string
		status             int
		out, file, content string // what is written, and the file that must have content
	}{
		{"compiles", "compile", actionSource, nil, 0, "", "ups-compiled/ups_20020001_20020011.rsc", "\x00"},
		{"mistake", "compile", mistaken, nil, 1, "::error file=", "", ""},
		{"in layout", "format", actionSource, nil, 0, "", "", ""},
		{"out of layout", "format", strings.Replace(actionSource, "UID3 ", "UID3   ", 1), nil, 1, "-UID3   0x20030001", "", ""},
		{"clean", "lint", actionSource, nil, 0, "", "output", "sarif="},
		{"finding", "lint", unreachable, []string{"UPS_FAIL_LEVEL=warning"}, 1, "::warning file=", "ups.sarif", `"ruleId"`},
		{"fail level that is none", "lint", actionSource, []string{"UPS_FAIL_LEVEL=$(touch injected)"}, 2, "", "", ""},
		{"no change", "diff", actionSource, nil, 0, "", "output", "report="},
		{"change", "diff", changed, nil, 0, "", "summary", "| 1 |"},
		{"change behind a gate", "diff", changed, []string{"UPS_FAIL_ON=new-silent-yes"}, 1, "", "output", "report="},
		{"change that no gate is for", "diff", changed, []string{"UPS_FAIL_ON=new-lasting"}, 0, "", "summary", "| 1 |"},
		{"no such gate", "diff", changed, []string{"UPS_FAIL_ON=$(touch injected)"}, 2, "is no kind of change", "", ""},
		{"base that is an option", "diff", changed, []string{"UPS_BASE=--upload-pack=touch injected"}, 2, "must be a commit", "", ""},
		{"mistake in a comparison", "diff", mistaken, nil, 2, "can't be compared", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newActionRepository(t)
			r.write(tt.source)
			status, out := r.step(tt.step, tt.env...)
			if status != tt.status || !strings.Contains(out, tt.out) {
				t.Errorf("%s exits with %d, want %d, and says\n%s\nwant %q", tt.step, status, tt.status, out, tt.out)
			}
			if tt.file != "" && !strings.Contains(r.left(tt.file), tt.content) {
				t.Errorf("%s is %q, want %q in it", tt.file, r.left(tt.file), tt.content)
			}
			if status == 2 && r.left("output") != "" {
				t.Errorf("a step that could not do its work leaves %q", r.left("output"))
			}
		})
	}
}

// The name of a file isn't taken for a command of the runner.
func TestActionWritesNoCommands(t *testing.T) {
	r := newActionRepository(t)
	writeSource(t, filepath.Join(r.dir, policyFolder, "a\n::add-mask::x.rss"), strings.ReplaceAll(actionSource, "UID3 ", "UID3  "))
	for _, step := range []string{"compile", "format", "lint", "test"} {
		if _, out := r.step(step); strings.Contains(out, "\n::add-mask::") {
			t.Errorf("%s writes\n%s", step, out)
		} else if step == "format" && !strings.Contains(out, "\n ::add-mask::x.rss") {
			t.Errorf("%s doesn't name the file:\n%s", step, out)
		}
	}
}

// forge is the part of GitHub's API that comments need.
type forge struct {
	mutex    sync.Mutex
	comments []forgeComment
	token    string
}

type forgeComment struct {
	ID   int    `json:"id"`
	Body string `json:"body"`
	User struct {
		Type string `json:"type"`
	} `json:"user"`
}

func (f *forge) add(kind, body string) {
	c := forgeComment{ID: 100 + len(f.comments), Body: body}
	c.User.Type = kind
	f.comments = append(f.comments, c)
}

func (f *forge) handler() http.Handler {
	const issues = "/repos/o/r/issues"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+issues+"/7/comments", func(w http.ResponseWriter, req *http.Request) {
		var page int
		_, _ = fmt.Sscan(req.URL.Query().Get("page"), &page)
		first := min((page-1)*100, len(f.comments))
		_ = json.NewEncoder(w).Encode(f.comments[first:min(first+100, len(f.comments))])
	})
	mux.HandleFunc("POST "+issues+"/7/comments", func(_ http.ResponseWriter, req *http.Request) {
		f.add("Bot", sentBody(req))
	})
	mux.HandleFunc("PATCH "+issues+"/comments/{id}", func(w http.ResponseWriter, req *http.Request) {
		for i := range f.comments {
			if fmt.Sprint(f.comments[i].ID) == req.PathValue("id") {
				f.comments[i].Body = sentBody(req)
			}
		}
	})
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		f.mutex.Lock()
		defer f.mutex.Unlock()
		if req.Header.Get("Authorization") != "Bearer "+f.token {
			http.Error(w, "not allowed", http.StatusForbidden)
			return
		}
		mux.ServeHTTP(w, req)
	})
}

func sentBody(req *http.Request) string {
	var sent struct{ Body string }
	text, _ := io.ReadAll(req.Body)
	_ = json.Unmarshal(text, &sent)
	return sent.Body
}

// comment runs the step that comments, with a report.
func (r *actionRepository) comment(server *httptest.Server, report string, env ...string) int {
	r.Helper()
	path := filepath.Join(r.temp, "report")
	writeSource(r, path, report)
	status, out := r.step("comment", append([]string{"UPS_REPORT=" + path, "UPS_PULL_REQUEST=7", "UPS_TOKEN=secret",
		"GITHUB_REPOSITORY=o/r", "GITHUB_API_URL=" + server.URL}, env...)...)
	if status != 0 {
		r.Logf("%s", out)
	}
	return status
}

func TestActionChangesItsComment(t *testing.T) {
	r := newActionRepository(t)
	f := &forge{token: "secret"}
	server := httptest.NewServer(f.handler())
	defer server.Close()
	// Others' comments fill more than a page, and one of them has a mark.
	for range 150 {
		f.add("User", "<!-- ups-diff -->")
	}
	if status := r.comment(server, "first `report`\n"); status != 0 || len(f.comments) != 151 {
		t.Fatalf("status %d, %d comments", status, len(f.comments))
	}
	mark, _, _ := strings.Cut(f.comments[150].Body, "\n")
	f.comments[0].Body = mark + "\nwritten by a person"
	if status := r.comment(server, "second report\n"); status != 0 || len(f.comments) != 151 {
		t.Fatalf("status %d, %d comments", status, len(f.comments))
	}
	if got := f.comments[150].Body; got != mark+"\nsecond report\n" {
		t.Errorf("the comment is %q", got)
	}
	if got := f.comments[0].Body; got != mark+"\nwritten by a person" {
		t.Errorf("a person's comment became %q", got)
	}
	if status := r.comment(server, "report\n", "UPS_POLICIES=other"); status != 0 || len(f.comments) != 152 {
		t.Errorf("another folder: status %d, %d comments, want one of its own", status, len(f.comments))
	}
	if status := r.comment(server, "report\n", "UPS_TOKEN=wrong"); status == 0 {
		t.Error("a comment that is refused passes")
	}
	if status := r.comment(server, "report\n", "UPS_PULL_REQUEST=7/../8"); status != 2 {
		t.Errorf("a number that is none exits with %d", status)
	}
}

func TestActionCommentHasALimit(t *testing.T) {
	tests := []struct {
		name, report, last string
	}{
		{"long details", "table\n<details>\n" + strings.Repeat("line\n", 20000), "table"},
		{"long table", strings.Repeat("| a row of it |\n", 5000), "| a row of it |"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newActionRepository(t)
			f := &forge{token: "secret"}
			server := httptest.NewServer(f.handler())
			defer server.Close()
			if status := r.comment(server, tt.report); status != 0 || len(f.comments) != 1 {
				t.Fatalf("status %d, %d comments", status, len(f.comments))
			}
			body := f.comments[0].Body
			if len(body) > 65536 || !strings.HasSuffix(body, tt.last+"\n\nThe rest is too long for a comment; the summary of the job has it.\n") {
				t.Errorf("%d bytes, which end in %q", len(body), body[max(0, len(body)-120):])
			}
		})
	}
}

func TestActionGetsUps(t *testing.T) {
	r := newActionRepository(t)
	tree := filepath.Join(r.temp, "ups_1_linux_amd64")
	writeSource(t, filepath.Join(tree, "ups"), "#!/bin/sh\necho released\n")
	if err := os.Chmod(filepath.Join(tree, "ups"), 0o755); err != nil {
		t.Fatal(err)
	}
	archive := filepath.Join(r.temp, "a.tar.gz")
	if out, err := exec.Command("tar", "-czf", archive, "-C", r.temp, "ups_1_linux_amd64").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	sum, err := exec.Command("sha256sum", archive).Output()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.FileServer(http.Dir(r.temp)))
	defer server.Close()
	at := "UPS_ARCHIVE=" + server.URL + "/a.tar.gz"
	if status, out := r.step("install", at, "UPS_SHA256="+strings.Repeat("0", 64)); status == 0 || r.left("path") != "" {
		t.Errorf("another checksum: status %d, %s", status, out)
	}
	if status, out := r.step("install", at); status == 0 || !strings.Contains(out, "needs its checksum") {
		t.Errorf("no checksum: status %d, %s", status, out)
	}
	if status, out := r.step("install", at, "UPS_SHA256="+string(sum[:64])); status != 0 || out != "released\n" {
		t.Errorf("status %d, %s", status, out)
	}
	if got := r.left("path"); got != filepath.Join(r.temp, "ups")+"\n" {
		t.Errorf("PATH gets %q", got)
	}
}
