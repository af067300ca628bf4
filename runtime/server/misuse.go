package server

import (
	"fmt"
	"mime"
	"net/http"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"ups/runtime/api/upsv1"
)

// methods are the procedures of the API, by their paths.
type methods map[string]protoreflect.MethodDescriptor

func methodsOfAPI() methods {
	all := methods{}
	services := upsv1.File_ups_v1_ups_proto.Services()
	for i := range services.Len() {
		of := services.Get(i).Methods()
		for j := range of.Len() {
			m := of.Get(j)
			all[fmt.Sprintf("/%s/%s", m.Parent().FullName(), m.Name())] = m
		}
	}
	return all
}

// explain answers requests that are no calls, as people send them by hand, with what
// is wrong with them; they would be answered with a bare status otherwise.
func explain(next *http.ServeMux) http.Handler {
	all := methodsOfAPI()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc") { // of a program
			next.ServeHTTP(w, r)
			return
		}
		if status, problem := all.misuse(next, r); problem != "" {
			http.Error(w, problem, status)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// misuse says what is wrong with a request that is no call of a procedure, or nothing.
// What else is wrong with a call the procedure says.
func (p methods) misuse(next *http.ServeMux, r *http.Request) (status int, problem string) {
	m, ours := p[r.URL.Path]
	if !ours {
		if _, pattern := next.Handler(r); pattern != "" && !strings.HasPrefix(pattern, "/ups.") {
			return 0, "" // health, or reflection
		}
		return http.StatusNotFound, "there is no procedure " + r.URL.Path + ": they are /ups.v1.SERVICE/PROCEDURE, as runtime/api/ups/v1/ups.proto has them"
	}
	switch {
	case r.Method != http.MethodPost:
		return http.StatusMethodNotAllowed, "a call is a POST, and this is a " + r.Method
	case m.IsStreamingClient() && r.ProtoMajor < 2:
		return http.StatusHTTPVersionNotSupported, "this procedure takes messages while it answers, which needs HTTP/2: curl --http2-prior-knowledge"
	}
	return misuseOfType(r, m.IsStreamingServer())
}

// misuseOfType says what is wrong with the Content-Type of a call.
func misuseOfType(r *http.Request, stream bool) (status int, problem string) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")) // one that isn't is wrong too
	framed := strings.HasPrefix(kind, "application/connect+")
	switch {
	case stream && !framed:
		return http.StatusUnsupportedMediaType, "this procedure is a stream: its Content-Type is application/connect+json, " +
			"and before each message come a byte of flags, 0, and four of its length, the highest first"
	case !stream && framed:
		return http.StatusUnsupportedMediaType, "this procedure is no stream: its Content-Type is application/json"
	case !stream && kind != "application/json" && kind != "application/proto":
		return http.StatusUnsupportedMediaType, "the Content-Type of a call is application/json: curl -H 'Content-Type: application/json'"
	}
	return 0, ""
}
