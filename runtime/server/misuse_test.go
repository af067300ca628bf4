package server

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"connectrpc.com/grpchealth"

	"ups/runtime/api/upsv1/upsv1connect"
)

// TestMisuse: what people send who try the API by hand is answered with what is wrong.
func TestMisuse(t *testing.T) {
	f := newFixture(t)
	const authorise, list, attach = upsv1connect.SessionServiceAuthoriseProcedure, upsv1connect.ManagementServiceListProcedure, upsv1connect.PlugInServiceAttachProcedure
	for _, c := range []struct {
		method, path, contentType string
		status                    int
		want                      string
	}{
		{http.MethodGet, "/", "", http.StatusNotFound, "there is no procedure /: "},
		{http.MethodPost, "/ups.v1.SessionService/Authorize", "application/json", http.StatusNotFound, "there is no procedure /ups.v1.SessionService/Authorize: "},
		{http.MethodGet, authorise, "", http.StatusMethodNotAllowed, "a call is a POST, and this is a GET"},
		{http.MethodPost, authorise, "application/x-www-form-urlencoded", http.StatusUnsupportedMediaType, "curl -H 'Content-Type: application/json'"},
		{http.MethodPost, authorise, "", http.StatusUnsupportedMediaType, "the Content-Type of a call is application/json"},
		{http.MethodPost, authorise, "application/connect+json", http.StatusUnsupportedMediaType, "this procedure is no stream"},
		{http.MethodPost, list, "application/json", http.StatusUnsupportedMediaType, "this procedure is a stream: its Content-Type is application/connect+json"},
		{http.MethodPost, attach, "application/connect+json", http.StatusHTTPVersionNotSupported, "which needs HTTP/2"},
		{http.MethodPost, authorise, "application/json; charset=utf-8", http.StatusOK, `"decision"`},
		{http.MethodPost, list, "application/connect+json", http.StatusOK, ""},
		{http.MethodPost, "/" + grpchealth.HealthV1ServiceName + "/Check", "application/json", http.StatusOK, "SERVING"},
	} {
		r, err := http.NewRequest(c.method, "http://ups/"+strings.TrimPrefix(c.path, "/"), strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", c.contentType)
		answer, err := f.http.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != c.status || !strings.Contains(string(text), c.want) {
			t.Errorf("%s %s %s: status %d, %s, %v; want %d, %s", c.method, c.path, c.contentType, answer.StatusCode, text, err, c.status, c.want)
		}
	}
}
