package egress

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// HTTPClient returns the *http.Client that a library asks for. Each request goes
// through do, with timeout as its one deadline. The client follows no redirect and
// keeps no cookie. A Result without a response becomes an error with its Reason.
func HTTPClient(do func(context.Context, Request) Result, timeout time.Duration) *http.Client {
	return &http.Client{
		Transport:     roundTripper{do: do, timeout: timeout},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type roundTripper struct {
	do      func(context.Context, Request) Result
	timeout time.Duration
}

func (t roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		defer r.Body.Close()
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	res := t.do(r.Context(), Request{Method: r.Method, URL: r.URL, Header: r.Header, Body: body, Timeout: t.timeout})
	if res.Kind != KindResponse {
		return nil, errors.New(res.Reason)
	}
	return &http.Response{
		StatusCode: res.Status, Status: http.StatusText(res.Status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: res.Header, Body: io.NopCloser(bytes.NewReader(res.Body)), ContentLength: int64(len(res.Body)), Request: r,
	}, nil
}
