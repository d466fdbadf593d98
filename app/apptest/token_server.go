package apptest

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// TokenServer is an OAuth 2.0 token server for client credentials (RFC 6749, 4.4).
// Each token is another.
type TokenServer struct {
	URL    string // of tokens
	ID     string // of the one client
	Secret string

	mu     sync.Mutex
	asked  int
	valid  string
	answer http.HandlerFunc
}

// NewTokenServer starts one that ends with the test.
func NewTokenServer(t testing.TB) *TokenServer {
	t.Helper()
	s := &TokenServer{ID: "acme", Secret: "client-secret-1"}
	server := httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(server.Close)
	s.URL = server.URL + "/oauth/token"
	return s
}

// Answer replaces what it does; nil gives tokens again.
func (s *TokenServer) Answer(h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = h
}

// Rotate changes the client's secret.
func (s *TokenServer) Rotate(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Secret = secret
}

// Revoke ends the token that it gave last.
func (s *TokenServer) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.valid = ""
}

// Asked is how many requests for tokens came.
func (s *TokenServer) Asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// Guard is a receiver's answer: 200 for the token given last, else 401 with
// everything sent back.
func (s *TokenServer) Guard(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sent := r.Header.Get("Authorization"); s.valid == "" || sent != "Bearer "+s.valid {
		http.Error(w, "this is not the token: "+sent, http.StatusUnauthorized)
	}
}

func (s *TokenServer) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked++
	answer := s.answer
	s.mu.Unlock()
	if answer == nil {
		answer = s.give
	}
	answer(w, r)
}

func (s *TokenServer) give(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	form := r.Header.Get("Content-Type") == "application/x-www-form-urlencoded" && r.Method == http.MethodPost
	if !form || r.FormValue("grant_type") != "client_credentials" || r.FormValue("client_id") != s.ID || r.FormValue("client_secret") != s.Secret {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"error":"invalid_client","error_description":"You sent ` + strings.ReplaceAll(r.FormValue("client_secret"), `"`, `'`) + `"}`))
		return
	}
	s.valid = fmt.Sprintf("access-token-%d-%s", s.asked, rand.Text())
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": s.valid, "token_type": "Bearer", "expires_in": 3600})
}
