package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// serveControl is how the bench asks the receiver what it saw.
func (r *receiver) serveControl(l net.Listener) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /await", func(w http.ResponseWriter, req *http.Request) {
		from, to := queryRange(req)
		ctx, stop := context.WithTimeout(req.Context(), time.Duration(queryInt(req, "timeout_ms"))*time.Millisecond)
		defer stop()
		r.ledger.await(ctx, from, to, int(queryInt(req, "want")))
		_ = json.NewEncoder(w).Encode(r.ledger.tally(from, to))
	})
	mux.HandleFunc("GET /arrivals", func(w http.ResponseWriter, req *http.Request) {
		from, to := queryRange(req)
		out := make([]byte, 0, 8*(to-from))
		for n := from; n < to; n++ {
			out = binary.LittleEndian.AppendUint64(out, uint64(r.ledger.first[n].Load()))
		}
		_, _ = w.Write(out)
	})
	mux.HandleFunc("POST /hold", func(_ http.ResponseWriter, req *http.Request) {
		r.setHold(req.URL.Query().Get("on") == "1")
	})
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	_ = srv.Serve(l)
}

func queryInt(req *http.Request, name string) uint64 {
	n, _ := strconv.ParseUint(req.URL.Query().Get(name), 10, 64)
	return n
}

func queryRange(req *http.Request) (from, to uint64) {
	to = min(queryInt(req, "to"), ledgerSize)
	return min(queryInt(req, "from"), to), to
}

// receiverClient is the bench's side of the control address.
type receiverClient struct {
	hooks   string // host:port to post to
	other   string // another one: a limit per host must not make neighbours of two webhooks
	control string
}

// await waits until want events of the range have arrived; fewer in time is an error.
func (c receiverClient) await(ctx context.Context, r seqRange, want int, limit time.Duration) (tally, error) {
	var t tally
	url := fmt.Sprintf("http://%s/await?from=%d&to=%d&want=%d&timeout_ms=%d", c.control, r.from, r.to, want, limit.Milliseconds())
	body, err := c.call(ctx, http.MethodGet, url)
	if err != nil {
		return t, err
	}
	if err := json.Unmarshal(body, &t); err != nil {
		return t, err
	}
	if t.Unique < want {
		return t, fmt.Errorf("only %d of %d events arrived within %s (%d deliveries without a known marker)", t.Unique, want, limit, t.Strange)
	}
	return t, nil
}

// tally is what has come by now.
func (c receiverClient) tally(ctx context.Context, r seqRange) (tally, error) {
	return c.await(ctx, r, 0, 0)
}

// arrivals returns the first arrival of each event of the range in Unix nanoseconds, 0 for missing ones.
func (c receiverClient) arrivals(ctx context.Context, r seqRange) ([]int64, error) {
	body, err := c.call(ctx, http.MethodGet, fmt.Sprintf("http://%s/arrivals?from=%d&to=%d", c.control, r.from, r.to))
	if err != nil {
		return nil, err
	}
	at := make([]int64, len(body)/8)
	for i := range at {
		at[i] = int64(binary.LittleEndian.Uint64(body[8*i:]))
	}
	return at, nil
}

func (c receiverClient) hold(ctx context.Context, on bool) error {
	flag := "0"
	if on {
		flag = "1"
	}
	_, err := c.call(ctx, http.MethodPost, "http://"+c.control+"/hold?on="+flag)
	return err
}

func (c receiverClient) call(ctx context.Context, method, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return nil, err
	}
	res, err := new(http.Client).Do(req) // ctx bounds it: some calls wait for arrivals
	if err != nil {
		return nil, fmt.Errorf("receiver: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	return io.ReadAll(res.Body)
}
