package crashtest

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// record keeps all that a server answers to the clients that use it.
type record struct {
	mu      sync.Mutex
	answers []answer
}

// answer is one response as bytes: status, headers but for the cookie that is the
// session, and body.
type answer struct {
	request string // method and path, as in "GET /webhooks"
	text    []byte
}

// through makes a client's answers go into the record.
func (r *record) through(c *http.Client) {
	c.Transport = recorder{record: r, next: c.Transport}
}

type recorder struct {
	record *record
	next   http.RoundTripper
}

func (r recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := r.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	header := res.Header.Clone()
	header.Del("Set-Cookie")
	var text bytes.Buffer
	_ = header.Write(&text)
	text.Write(body)
	r.record.mu.Lock()
	defer r.record.mu.Unlock()
	r.record.answers = append(r.record.answers, answer{req.Method + " " + req.URL.Path, text.Bytes()})
	return res, nil
}

// last is the newest answer's place in the record.
func (r *record) last() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.answers) - 1
}

// yearOne is a time that is not set, as formats of ours write it.
var yearOne = regexp.MustCompile(`\b0001-01-01|\b1 Jan(uary)? 0001|-62135596800`)

// check looks through everything. shown says which canaries an answer may have:
// the one answer that shows a new secret its only time.
func (r *record) check(t testing.TB, c *canaries, shown map[int]string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, a := range r.answers {
		if yearOne.Match(a.text) {
			t.Errorf("a time that is not set is shown in the answer to %s:\n%.2000s", a.request, a.text)
		}
		for _, name := range c.find(a.text) {
			if name != shown[i] {
				t.Errorf("%s is in the answer to %s:\n%.2000s", name, a.request, a.text)
			}
		}
	}
	for i, name := range shown {
		if !strings.Contains(strings.Join(c.find(r.answers[i].text), ","), name) {
			t.Errorf("%s should be in the answer to %s, once: the search is blind", name, r.answers[i].request)
		}
	}
}
