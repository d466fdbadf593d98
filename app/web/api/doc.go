// Package api is the door for programs: /api/v1, its OpenAPI document and docs
// page, and the endpoints that operators' tools ask (/healthz, /readyz,
// /metrics).
//
// A call comes through five steps, the same for all: who asks (auth.go), may
// they (the action stands in the route row), parameters (params.go) and body
// (body.go, strict.go) into the call's input type, the use case, and the answer
// or a problem document (problem.go). No rule lives here: what is valid is the
// service's to say.
//
// Huma describes the calls, from the very types that are read and written, but
// does not serve them. It would decode each body twice, once through float64;
// answer an upload that breaks off with 500 and one of exactly the allowed size
// with 413; and show back the values it refuses, which may be secrets.
package api
