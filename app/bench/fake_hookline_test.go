package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestMain lets the test binary be what the bench starts: its helpers, and a stand-in for hookline.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case nullCommand:
			exit(runNull(os.Args[2], os.Args[3]))
		case "serve":
			exit(serveFake())
		case "token":
			_, _ = os.Stdout.WriteString("hl_fake\n")
			os.Exit(0)
		}
	}
	os.Exit(m.Run())
}

func exit(err error) {
	if err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	os.Exit(0)
}

// fake behaves like hookline as far as the bench looks, and keeps what is not delivered in a file over a restart.
type fake struct {
	file   string
	client *http.Client

	mu       sync.Mutex
	state    fakeState
	lanes    map[string]chan []byte
	stopping bool
	busy     sync.WaitGroup
}

type fakeState struct {
	Targets map[string]string // event type → URL
	Pending map[string][]string
}

func argument(name string) string {
	i := slices.Index(os.Args, name)
	return os.Args[i+1]
}

func serveFake() error {
	f := &fake{file: filepath.Join(argument("--data"), "fake.json"), lanes: map[string]chan []byte{},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64}}}
	f.state = fakeState{Targets: map[string]string{}, Pending: map[string][]string{}}
	if b, err := os.ReadFile(f.file); err == nil {
		if err := json.Unmarshal(b, &f.state); err != nil {
			return err
		}
	}
	for eventType := range f.state.Targets {
		f.open(eventType)
		for _, body := range f.state.Pending[eventType] {
			f.lanes[eventType] <- []byte(body)
		}
	}
	srv := &http.Server{Addr: argument("--listen"), Handler: f.routes(), ReadHeaderTimeout: time.Second}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	go func() {
		<-stop
		f.mu.Lock()
		f.stopping = true
		f.mu.Unlock()
		_ = srv.Close()
	}()
	if err := srv.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	f.busy.Wait()
	return f.save()
}

func (f *fake) save() error {
	f.state.Pending = map[string][]string{}
	for eventType, lane := range f.lanes {
		for len(lane) > 0 {
			f.state.Pending[eventType] = append(f.state.Pending[eventType], string(<-lane))
		}
	}
	b, err := json.Marshal(f.state)
	if err != nil {
		return err
	}
	return os.WriteFile(f.file, b, 0o600)
}

// open starts a lane of 64 workers.
func (f *fake) open(eventType string) {
	lane := make(chan []byte, 100_000)
	f.lanes[eventType] = lane
	url := f.state.Targets[eventType]
	for range 64 {
		f.busy.Go(func() {
			for {
				f.mu.Lock()
				stopping := f.stopping
				f.mu.Unlock()
				if stopping {
					return
				}
				select {
				case body := <-lane:
					_ = postOnward(f.client, url, body)
				case <-time.After(20 * time.Millisecond):
				}
			}
		})
	}
}

func (f *fake) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /api/v1/event-types/{name}", func(w http.ResponseWriter, r *http.Request) {
		http.NotFound(w, r)
	})
	mux.HandleFunc("POST /api/v1/event-types", func(w http.ResponseWriter, _ *http.Request) { reply(w, 201, `{}`) })
	mux.HandleFunc("POST /api/v1/webhooks", f.addWebhook)
	mux.HandleFunc("POST /api/v1/events", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		f.publish(body)
		reply(w, 202, `{"id":"evt_1","deliveries":1}`)
	})
	mux.HandleFunc("POST /api/v1/events/batch", func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Events []json.RawMessage }
		_ = json.NewDecoder(r.Body).Decode(&in)
		for _, e := range in.Events {
			f.publish(e)
		}
		reply(w, 202, `{"results":[`+strings.TrimSuffix(strings.Repeat(`{"deliveries":1},`, len(in.Events)), ",")+`]}`)
	})
	return mux
}

func (f *fake) publish(body []byte) {
	var e struct{ Type string }
	_ = json.Unmarshal(body, &e)
	f.mu.Lock()
	lane := f.lanes[e.Type]
	f.mu.Unlock()
	lane <- body
}

func (f *fake) addWebhook(w http.ResponseWriter, r *http.Request) {
	var in struct {
		URL           string
		Subscriptions struct{ Types []string }
	}
	_ = json.NewDecoder(r.Body).Decode(&in)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.state.Targets[in.Subscriptions.Types[0]] = in.URL
	f.open(in.Subscriptions.Types[0])
	reply(w, 201, `{"id":"wh_1","state":"active"}`)
}

func reply(w http.ResponseWriter, status int, text string) {
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}
