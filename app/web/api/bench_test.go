package api

import (
	"bytes"
	"context"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"

	"hookline/app/service"
	"hookline/app/store"
	"hookline/models"
)

// oneKiB is an event as the benchmark command sends it.
var oneKiB = []byte(`{"type":"release.published","data":{"version":"2.4.0","seq":123456,"ok":true,"tags":["a","b"],"nested":{"x":1.5,"y":null},"notes":"` +
	strings.Repeat("Faster search. ", 58) + `"}}`)

func BenchmarkReadEvent(b *testing.B) {
	b.SetBytes(int64(len(oneKiB)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := readEvent(oneKiB); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPublishOverhead is POST /events without the use case: router, token,
// body, decoding, answer.
func BenchmarkPublishOverhead(b *testing.B) {
	e, s, token := benchServer(b)
	s.serve(route{method: "POST", path: "/bench"}, func(c echo.Context) error {
		_, _, err := s.readPublish(c)
		if err != nil {
			return err
		}
		return accept(c, models.Event{ID: "evt_01kf2j7q8e5t9v3m6x0y4z1b2c", Deliveries: 1})
	})
	benchRequests(b, e, base+"/bench", token)
}

// BenchmarkHumaOverhead is the same work done by huma with a raw body and the
// same reader: what serving through it would cost.
func BenchmarkHumaOverhead(b *testing.B) {
	e, s, token := benchServer(b)
	config := huma.DefaultConfig("bench", "1")
	config.CreateHooks, config.DocsPath, config.OpenAPIPath, config.SchemasPath = nil, "", "", ""
	api := humaecho.New(e, config)
	type input struct {
		Authorization string `header:"Authorization"`
		Key           string `header:"Idempotency-Key"`
		RawBody       []byte
	}
	huma.Register(api, huma.Operation{Method: "POST", Path: "/huma", DefaultStatus: 202}, func(ctx context.Context, in *input) (*struct{ Body accepted }, error) {
		_, token, _ := strings.Cut(in.Authorization, " ")
		if _, err := s.Service.Tokens.Authenticate(ctx, token); err != nil {
			return nil, err
		}
		if _, err := readEvent(bytes.Clone(in.RawBody)); err != nil { // huma takes its buffer back
			return nil, err
		}
		return &struct{ Body accepted }{accepted{ID: "evt_01kf2j7q8e5t9v3m6x0y4z1b2c", Deliveries: 1}}, nil
	})
	benchRequests(b, e, "/huma", token)
}

func benchServer(b *testing.B) (*echo.Echo, *server, string) {
	db, err := store.Open(b.Context(), store.Options{Database: "sqlite:" + b.TempDir() + "/hookline.db", Exclusive: true, Migrate: true, Node: "n1"})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	svc := service.New(service.Deps{Store: db})
	token, _, err := svc.Tokens.Create(b.Context(), models.Actor{System: true}, "bench", []models.Scope{models.EventsWrite}, time.Time{})
	if err != nil {
		b.Fatal(err)
	}
	e := echo.New()
	s := &server{Options: Options{Service: svc}, echo: e}
	e.Use(s.problems)
	return e, s, token
}

func benchRequests(b *testing.B, e *echo.Echo, path, token string) {
	body := bytes.NewReader(oneKiB)
	req := httptest.NewRequest("POST", path, nil)
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	req.ContentLength = int64(len(oneKiB))
	b.ReportAllocs()
	for b.Loop() {
		body.Reset(oneKiB)
		req.Body = io.NopCloser(body)
		rec := httptest.NewRecorder()
		e.ServeHTTP(rec, req)
		if rec.Code != 202 {
			b.Fatal(rec.Code, rec.Body)
		}
	}
}
