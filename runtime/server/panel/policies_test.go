package panel

import (
	"net/http"
	"strings"
	"testing"

	"ups/policy"
	"ups/runtime"
)

// lists are two lists, one of which can't be used.
func lists(t testing.TB) func() []List {
	t.Helper()
	l, err := runtime.NewList(&policy.File{
		UID2: policy.ResourceFileUID, UID3: 1, Version: policy.FormatVersion,
		Header: &policy.Header{AuthorisationPolicy: policy.AlwaysCheck, DialogCreator: theCreator, MajorVersion: 3, MinorVersion: 4},
		Policies: []policy.Policy{
			{SIDs: []uint32{7}, Destination: policy.NewText("<b>*"), Options: policy.Yes},
			{SIDClasses: policy.ProtectedSIDs, Destination: policy.NewText("*"), Options: policy.Yes | policy.No, Security: 1},
			{SIDClasses: policy.UnprotectedSIDs, Destination: policy.NewText("*"), Options: policy.No, Security: 2},
			{SIDClasses: policy.AllSIDs, Destination: policy.NewText("*"), Options: policy.Never},
			{SIDClasses: 1, Destination: policy.NewText("*"), Options: policy.No},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return func() []List {
		return []List{
			{Service: policy.Service{Server: 1, Service: 2}, Path: "/policies/a.rsc", List: l, Words: "What <it> decides",
				Findings: []Finding{{"warning", "unreachable", "policy 2 is <never> reached"}}, Picture: []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)},
			{Service: policy.Service{Server: 3, Service: 4}, Problem: "bytes are missing"},
		}
	}
}

func TestPolicies(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false, func(o *Options) { o.Lists = lists(t) })
	b := g.loggedIn()
	_, body := b.get("/policies")
	shows(t, body, "ups_00000001_00000002.rsc", "5, version 3.4", "1 finding", "ups_00000003_00000004.rsc", `"bytes are missing"`, "/policies/a.rsc")
	_, body = b.get("/policies/UPS_00000001_00000002.RSC")
	shows(t, body, `"<b>*"`, "0x00000007", "protected applications", "unprotected applications", "all applications", "asks", "allows", "refuses",
		"either way", "passed", "failed", "Yes, No", `policy 2 is <never> reached`, `alt="What <it> decides"`)
	if strings.Contains(body, "<b>*") || strings.Contains(body, "<never>") {
		t.Error("markup of others")
	}
	if status, body := b.get("/policies/ups_00000003_00000004.rsc"); status != http.StatusOK || strings.Contains(body, "<img") {
		t.Error(status, body)
	}
	if status, _ := b.get("/policies/ups_00000005_00000004.rsc"); status != http.StatusNotFound {
		t.Error(status)
	}
}

// A picture is a document in which nothing runs.
func TestPicture(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false, func(o *Options) { o.Lists = lists(t) })
	b := g.loggedIn()
	r, err := b.client.Get(g.web.URL + "/policies/ups_00000001_00000002.rsc/picture.svg")
	if err != nil {
		t.Fatal(err)
	}
	_, body := b.read(r, nil)
	csp := r.Header.Get("Content-Security-Policy")
	if r.Header.Get("Content-Type") != "image/svg+xml" || !strings.Contains(body, "<svg") || !strings.Contains(csp, "sandbox") || strings.Contains(csp, "script") {
		t.Error(r.Header, body)
	}
	if status, _ := b.get("/policies/ups_00000003_00000004.rsc/picture.svg"); status != http.StatusNotFound {
		t.Error(status)
	}
}

func TestNoLists(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	_, body := g.loggedIn().get("/policies")
	shows(t, body, "There are no policy lists.")
}
