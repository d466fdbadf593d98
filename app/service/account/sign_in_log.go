package account

import (
	"context"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"hookline/app/store"
	"hookline/models"
)

// signInLog decides which sign-ins that failed get an entry of their own in the
// audit log, and counts the others. The first of an account from a network gets
// one at once; those that follow within a while are one entry more when it is
// over. So a flood of guesses is seen, and does not fill the database.
type signInLog struct {
	mu    sync.Mutex
	now   func() time.Time
	first *rate.Limiter // entries made at once
	open  map[signInTry]*failures
	rest  failures // that failed and fit nowhere else
}

// signInTry is an account, as it was typed, and the network that tried it.
type signInTry struct{ account, network string }

// failures are those of one try since its first entry.
type failures struct {
	until time.Time
	count int
}

const (
	failuresFor = 15 * time.Minute
	// firstBurst and firstEvery bound entries, and so the windows that are open.
	firstBurst, firstEvery = 30, 5 * time.Minute
	noteEvery              = time.Minute
)

func newSignInLog(now func() time.Time) *signInLog {
	return &signInLog{now: now, first: rate.NewLimiter(rate.Every(firstEvery), firstBurst), open: map[signInTry]*failures{}}
}

// failed counts one, and reports whether it is to be written down now.
func (l *signInLog) failed(try signInTry) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if f := l.open[try]; f != nil && (now.Before(f.until) || f.count > 0) {
		f.count++
		return false
	}
	if !l.first.AllowN(now, 1) {
		if l.rest.count++; l.rest.count == 1 {
			l.rest.until = now.Add(failuresFor)
		}
		return false
	}
	l.open[try] = &failures{until: now.Add(failuresFor)}
	return true
}

// take hands over what was counted and is due, or all of it.
func (l *signInLog) take(all bool) (counted map[signInTry]int, rest int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	counted = map[signInTry]int{}
	for try, f := range l.open {
		if !all && l.now().Before(f.until) {
			continue
		}
		if f.count > 0 {
			counted[try] = f.count
		}
		delete(l.open, try)
	}
	if all || !l.now().Before(l.rest.until) {
		rest, l.rest = l.rest.count, failures{}
	}
	return counted, rest
}

// putBack counts again what take handed over and could not be written.
func (l *signInLog) putBack(counted map[signInTry]int, rest int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for try, n := range counted {
		f := l.open[try]
		if f == nil {
			f = &failures{until: l.now()}
			l.open[try] = f
		}
		f.count += n
	}
	if rest > 0 {
		l.rest = failures{until: l.now(), count: l.rest.count + rest}
	}
}

// maxTyped is how much of a typed account name the log keeps.
const maxTyped = 200

// noteFailure writes a sign-in that failed into the audit log, or counts it. An
// entry that cannot be written is no reason to answer otherwise.
func (s *Accounts) noteFailure(ctx context.Context, account, network string) {
	try := signInTry{cleanLine(account, maxTyped), network}
	if s.signIns.failed(try) {
		_ = s.store.Note(context.WithoutCancel(ctx), s.failureEntry(try, 1))
	}
}

func (s *Accounts) failureEntry(try signInTry, count int) models.Audit {
	fields := []models.Field{{Name: "network", Value: try.network}, {Name: "attempts", Value: strconv.Itoa(count)}}
	a := s.entry(models.Actor{}, "user.sign_in_failed", "", try.account, nil, fields)
	a.ActorKind, a.ActorName = models.VisitorActor, "Not signed in"
	return a
}

// RunSignInLog writes down what was counted of sign-ins that failed, until ctx
// ends.
func (s *Accounts) RunSignInLog(ctx context.Context) {
	store.Every(ctx, noteEvery, func() {
		_ = s.NoteFailures(ctx, false) // what cannot be written is counted on
	})
}

// NoteFailures writes down the counts that are due; with all, every one, at the
// end.
func (s *Accounts) NoteFailures(ctx context.Context, all bool) error {
	counted, rest := s.signIns.take(all)
	var entries []models.Audit
	for try, n := range counted {
		entries = append(entries, s.failureEntry(try, n))
	}
	if rest > 0 {
		entries = append(entries, s.failureEntry(signInTry{"several accounts", "several networks"}, rest))
	}
	if len(entries) == 0 {
		return nil
	}
	err := s.store.Note(ctx, entries...)
	if err != nil {
		s.signIns.putBack(counted, rest)
	}
	return err
}
