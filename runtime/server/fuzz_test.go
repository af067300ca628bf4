package server

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"ups/runtime/api/upsv1"
	"ups/runtime/api/upsv1/upsv1connect"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// procedures are all of the API, and those that libraries add.
var procedures = []string{
	upsv1connect.SessionServiceConnectProcedure, upsv1connect.SessionServiceOpenSubsessionProcedure,
	upsv1connect.SessionServiceCloseSubsessionProcedure, upsv1connect.SessionServiceAuthoriseProcedure,
	upsv1connect.SessionServiceAuthoriseManyProcedure,
	upsv1connect.ManagementServiceListProcedure, upsv1connect.ManagementServiceDeleteProcedure,
	upsv1connect.ManagementServiceDeleteDatabaseProcedure, upsv1connect.ManagementServiceUpdateResultProcedure,
	upsv1connect.ManagementServiceRestoreProcedure, upsv1connect.ManagementServiceExecutableRemovedProcedure,
	upsv1connect.ManagementServicePlugInsChangedProcedure, upsv1connect.ManagementServicePolicyFilesChangedProcedure,
	upsv1connect.PlugInServiceAttachProcedure,
	upsv1connect.StatusServiceStatusProcedure, upsv1connect.StatusServiceReloadProcedure, upsv1connect.StatusServiceVersionProcedure,
	"/grpc.health.v1.Health/Check", "/grpc.health.v1.Health/Watch",
	"/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
	"/ups.v1.SessionService/", "/",
}

var contentTypes = []string{
	"application/json", "application/proto", "application/connect+json", "application/connect+proto",
	"application/grpc", "application/grpc+json", "application/grpc-web", "application/grpc-web-text", "text/plain", "",
}

func marshal(t testing.TB, m proto.Message) []byte {
	t.Helper()
	b, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// responder takes what a handler writes; it has the deadlines that a connection has.
type responder struct{ *httptest.ResponseRecorder }

func (responder) SetReadDeadline(time.Time) error  { return nil }
func (responder) SetWriteDeadline(time.Time) error { return nil }
func (responder) EnableFullDuplex() error          { return nil }

// enveloped puts a message into a stream of Connect or gRPC.
func enveloped(message []byte) []byte {
	return append([]byte{0, 0, 0, 0, byte(len(message))}, message...)
}

// FuzzHandler calls a procedure with any bytes, by a caller who may ask and read.
// Nothing panics, nothing is stored or deleted, and nothing is left open.
func FuzzHandler(f *testing.F) {
	message := marshal(f, &upsv1.AuthoriseRequest{
		Client: &upsv1.Client{Sid: 1, Drive: "C"}, Query: &upsv1.Query{Service: theService, Destination: "x"},
	})
	for i := range procedures {
		f.Add(byte(i), byte(0), "", []byte(aQuestion))
		f.Add(byte(i), byte(1), "1s", message)
		f.Add(byte(i), byte(3), "", enveloped(message))
		f.Add(byte(i), byte(4), "1S", enveloped(message))
	}
	many := marshal(f, &upsv1.AuthoriseManyRequest{Requests: []*upsv1.StreamedRequest{{Id: 1, Query: &upsv1.Query{Service: theService}}, {Id: 1}}, Cancelled: []uint64{1}})
	f.Add(byte(slices.Index(procedures, upsv1connect.SessionServiceAuthoriseManyProcedure)), byte(3), "", enveloped(many))
	f.Fuzz(func(t *testing.T, procedure, contentType byte, timeout string, body []byte) {
		var log strings.Builder
		g := newQuietFixture(t, &log)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		defer cancel()
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", bytes.NewReader(body))
		r.URL.Path = procedures[int(procedure)%len(procedures)]
		r.ProtoMajor, r.ProtoMinor = 2, 0
		r.Header.Set("Content-Type", contentTypes[int(contentType)%len(contentTypes)])
		r.Header.Set("Grpc-Timeout", timeout)
		r.Header.Set("Connect-Timeout-Ms", timeout)
		g.server.Handler().ServeHTTP(responder{httptest.NewRecorder()}, r)
		if strings.Contains(log.String(), "panicked") {
			t.Errorf("%s: %s", r.URL.Path, &log)
		}
		if st := g.service.Status(); st != (service.Status{}) {
			t.Errorf("%s leaves %+v", r.URL.Path, st)
		}
		if n, err := g.db.Count(t.Context(), decision.Filter{}); n != 1 || err != nil {
			t.Errorf("%s leaves %d records, %v", r.URL.Path, n, err)
		}
	})
}

// newQuietFixture is a server that listens nowhere, with one record.
func newQuietFixture(t *testing.T, log *strings.Builder) *fixture {
	f := newService(t)
	if _, err := f.db.Store(t.Context(), decision.Record{Result: decision.Always}); err != nil {
		t.Fatal(err)
	}
	f.newServer(func(o *Options) { o.Log = slog.New(slog.NewTextHandler(log, nil)) })
	return f
}
