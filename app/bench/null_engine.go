package main

import (
	"bytes"
	"io"
	"net/http"
	"time"
)

const (
	nullCommand = "__null" // the hidden subcommand; its arguments are the address to listen on and the target URL
	nullWorkers = 64
	nullQueue   = 4096
)

// runNull is the null engine: what any engine must at least do, and nothing more. It takes
// an event, queues it in memory, answers 202 and posts the bytes onward. A full queue makes the publisher wait.
func runNull(listen, target string) error {
	queue := make(chan []byte, nullQueue)
	client := &http.Client{
		Timeout: 10 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: nullWorkers, MaxConnsPerHost: nullWorkers,
			DisableCompression: true},
	}
	for range nullWorkers {
		go func() {
			for body := range queue {
				_ = postOnward(client, target, body)
			}
		}()
	}
	srv := &http.Server{Addr: listen, Handler: nullIngest(queue), ReadHeaderTimeout: 10 * time.Second}
	return srv.ListenAndServe()
}

func nullIngest(queue chan<- []byte) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /api/v1/events", func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, 1<<20))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		queue <- body
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, `{"id":"evt_0","deliveries":1}`)
	})
	return mux
}

// postOnward is one hop: the body to the receiver, the answer read to its end.
func postOnward(client *http.Client, url string, body []byte) error {
	res, err := client.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	_, err = io.Copy(io.Discard, res.Body)
	return err
}
