package main

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

const (
	nullCommand = "__null" // the hidden subcommand; its argument is the target URL
	nullWorkers = 64
	nullQueue   = 4096
)

// runNull is the null engine: what any engine must at least do, and nothing more. It takes
// an event, queues it in memory, answers 202 and posts the bytes onward. A full queue makes the publisher wait.
func runNull() error {
	if len(os.Args) < 3 {
		return errors.New("the null engine needs a target URL")
	}
	queue := make(chan []byte, nullQueue)
	client := &http.Client{
		Timeout: 10 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: nullWorkers, MaxConnsPerHost: nullWorkers,
			DisableCompression: true},
	}
	for range nullWorkers {
		go func() {
			for body := range queue {
				_ = postOnward(client, os.Args[2], body)
			}
		}()
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	srv := &http.Server{Handler: nullIngest(queue), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = srv.Serve(l) }()
	return announce(addresses{Serve: l.Addr().String()})
}

func nullIngest(queue chan<- []byte) http.Handler {
	mux := http.NewServeMux()
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
