package cli

import (
	"bytes"
	"io"
	"log/slog"
	"math"
	"os"
	"time"

	"hookline/app/output"
)

// flushTime is how long the end of a server waits for the reader of its output.
const flushTime = 500 * time.Millisecond

// logTo puts queues in front of what a server writes, so that the reader of its
// output cannot stop it, and returns a logger for standard error. From here on
// the standard library's loggers write there too.
func (w *world) logTo(format logFormat) *slog.Logger {
	notice := func(dropped uint64) []byte {
		var line bytes.Buffer
		format.logger(&line).Warn("log lines were dropped because nobody read them", "lines", dropped)
		return line.Bytes()
	}
	out, errOut := output.Standard(os.Stdout, os.Stderr, notice)
	w.out, w.errOut, w.queues = out, errOut, []*output.Queue{out, errOut}
	log := format.logger(errOut)
	slog.SetDefault(log)
	return log
}

// flush waits a moment for what a server wrote last.
func (w *world) flush() {
	until := time.Now().Add(flushTime)
	for _, q := range w.queues {
		q.Close(time.Until(until))
	}
}

// dropped is how many lines the reader of the output has missed.
func (w *world) dropped() uint64 {
	var n uint64
	for _, q := range w.queues {
		n += q.Dropped()
	}
	return n
}

// logFormat says how lines look.
type logFormat struct {
	json  bool
	level slog.Level
}

func (f logFormat) logger(to io.Writer) *slog.Logger {
	if f.json {
		return slog.New(slog.NewJSONHandler(to, &slog.HandlerOptions{Level: f.level, ReplaceAttr: jsonAttr}))
	}
	return slog.New(slog.NewTextHandler(to, &slog.HandlerOptions{Level: f.level, ReplaceAttr: textAttr}))
}

// textAttr leaves times out that are not set, which would show as the year one.
func textAttr(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindTime && a.Value.Time().IsZero() {
		return slog.Attr{}
	}
	return a
}

// jsonAttr gives durations their unit too, which JSON has no form for:
// took_ms is the number of milliseconds.
func jsonAttr(groups []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		ms := float64(a.Value.Duration()) / float64(time.Millisecond)
		return slog.Float64(a.Key+"_ms", math.Round(ms*1000)/1000)
	}
	return textAttr(groups, a)
}

// onTerminal reports whether standard error is a terminal.
func onTerminal() bool {
	info, err := os.Stderr.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
