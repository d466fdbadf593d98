package views_test

import (
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/require"

	"hookline/models"
	"hookline/views/home"
)

// sampleStats is a day in which a receiver was down for a while.
func sampleStats(r models.Range) models.Stats {
	s := models.Stats{Range: r, Buckets: make([]models.Bucket, r.Buckets())}
	for i := range s.Buckets {
		b := &s.Buckets[i]
		b.Start = r.Start(now).Add(time.Duration(i) * r.Width())
		if i%17 == 5 {
			continue // nothing happened
		}
		b.Succeeded = int64(180 + 60*(i%5) - 7*(i%11))
		b.Latency = models.Latency{P50: time.Duration(60+5*(i%7)) * time.Millisecond, P95: time.Duration(180+20*(i%9)) * time.Millisecond, P99: time.Duration(420+30*(i%13)) * time.Millisecond}
		if i > 28 && i < 34 {
			b.Retried, b.Failed, b.Blocked = int64(40+i), int64(3*i-50), int64(i%3*12)
		}
		s.Total = s.Total.Plus(b.OutcomeCounts)
	}
	s.Latency = models.Latency{P50: 74 * time.Millisecond, P95: 260 * time.Millisecond, P99: 640 * time.Millisecond}
	return s
}

func emptyStats(r models.Range) models.Stats {
	s := models.Stats{Range: r, Buckets: make([]models.Bucket, r.Buckets())}
	for i := range s.Buckets {
		s.Buckets[i].Start = r.Start(now).Add(time.Duration(i) * r.Width())
	}
	return s
}

func problem(i int, kind models.ProblemKind, last models.LastAttempt) home.Problem {
	w := items()[i].Webhook
	w.Enabled, w.State = kind != models.ProblemOff, models.Active
	switch kind {
	case models.ProblemDisabled:
		w.State = models.DisabledFailing
	case models.ProblemGone:
		w.State = models.Gone
	case models.ProblemWaits:
		w.State = models.PendingConfirmation
	}
	d := delivery("dlv_1", models.Failed, 1)
	d.Last = last
	t, _ := models.ProblemOf(&w, models.Recent{Arrived: 2, Bad: 18, Newest: d})
	t.Kind, t.Day = kind, models.Activity{OutcomeCounts: models.OutcomeCounts{Succeeded: 800, Failed: 312, Blocked: 2}}
	return home.Problem{Problem: t, CanSwitch: true}
}

// unsure is a webhook whose filter fails.
func unsure(i int) home.Problem {
	w := items()[i].Webhook
	faults := models.FilterFaults{Count: 41, Newest: "dlv_3", Fault: "Line 1, column 13: A text and a number cannot be compared."}
	return home.Problem{CanSwitch: true, Problem: models.Problem{Webhook: &w, Kind: models.ProblemFilter, Blame: models.BlameSettings, Filter: faults}}
}

func waitingFor(i int, n int, reason models.WaitReason, age time.Duration) home.Waiting {
	d := delivery("dlv_9", models.Pending, 2)
	d.CreatedAt = before(age)
	return home.Waiting{Name: items()[i].Webhook.Name, Backlog: models.Backlog{
		WebhookID: items()[i].Webhook.ID, Waiting: n, More: n == models.MaxBacklog, Oldest: d, Next: now.Add(57 * time.Second), Reason: reason, InFlight: 16,
	}}
}

func homePages() map[string]home.Props {
	broken := home.Props{
		Page: page("/"), Webhooks: 6, Stats: sampleStats(models.LastDay), More: 3,
		Problems: []home.Problem{
			problem(2, models.ProblemDisabled, models.LastAttempt{Outcome: models.HTTPError, Status: 401}),
			problem(5, models.ProblemGone, models.LastAttempt{Outcome: models.HTTPError, Status: 410}),
			problem(0, models.ProblemFailing, models.LastAttempt{Outcome: models.HTTPError, Status: 503}),
			problem(3, models.ProblemFailing, models.LastAttempt{Outcome: models.BlockedURL, Error: script}),
			problem(1, models.ProblemSome, models.LastAttempt{Outcome: models.Timeout, Error: "no answer within 10 s"}),
			unsure(0),
			problem(4, models.ProblemOff, models.LastAttempt{}),
			problem(1, models.ProblemWaits, models.LastAttempt{}),
		},
		Waiting: []home.Waiting{
			waitingFor(4, models.MaxBacklog, models.WaitOff, 50*time.Hour), waitingFor(0, 1204, models.WaitRetry, 3*time.Hour),
			waitingFor(1, 480, models.WaitSlow, 4*time.Minute), waitingFor(3, 3, models.WaitQueued, 20*time.Second), waitingFor(5, 1, models.WaitSending, time.Second),
		},
	}
	many := broken
	many.Stats = sampleStats(models.LastHour)
	for range 4 {
		many.Problems = append(many.Problems, broken.Problems...)
	}
	some := home.Props{Page: page("/"), Webhooks: 40, Stats: sampleStats(models.LastWeek), Problems: broken.Problems[4:5]}
	return map[string]home.Props{
		"home-broken": broken,
		"home-many":   many,
		"home-some":   some,
		"home-calm":   {Page: page("/"), Webhooks: 12, Stats: sampleStats(models.LastHour)},
		"home-quiet":  {Page: page("/"), Webhooks: 1, Stats: emptyStats(models.LastDay), Waiting: broken.Waiting[4:]},
		"home-first":  {Page: page("/"), Steps: &home.Steps{BaseURL: "https://hooks.northwind.example.com", EventType: "approval.request_submitted"}},
		"home-second": {Page: page("/"), Webhooks: 1, Stats: emptyStats(models.LastDay), Steps: &home.Steps{Webhook: true, Token: true, BaseURL: "http://127.0.0.1:8080", EventType: "a." + longOne}},
		"home-none":   {Page: page("/"), CanAsk: true},
	}
}

func homeText(t *testing.T, name string) string { return textOf(t, homePages()[name]) }

func textOf(t *testing.T, p home.Props) string {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(render(t, home.Home(p))))
	require.NoError(t, err)
	return strings.Join(strings.Fields(doc.Find("main").Text()), " ")
}

// B8: one look tells whether something is broken, whose fault it is, and what to do.
func TestB8_HomeSaysWhatIsBrokenAndWhoseFaultItIs(t *testing.T) {
	broken := homeText(t, "home-broken")
	for _, want := range []string{
		"4 webhooks do not deliver", "3 receivers are down, slow or refusing; 3 webhooks need a change in their settings here",
		"It answers 503 Service Unavailable.", "At the receiver", "Check the webhook's authentication", "In the settings here",
		"It answered 410 Gone", "more than 10,000", "Oldest: 2 days", "Attempts failed with 503. The next one is due in 57 s.",
		"Filter fails", "A text and a number cannot be compared. What the filter cannot decide on is sent.", "41 deliveries in 24 hours",
	} {
		require.Contains(t, broken, want)
	}
	require.Contains(t, homeText(t, "home-some"), "1 webhook fails now and then")
	filter := homePages()["home-some"]
	filter.Problems = []home.Problem{unsure(0)}
	require.Contains(t, textOf(t, filter), "1 filter cannot tell which events are wanted1 webhook needs a change")
	require.Contains(t, homeText(t, "home-calm"), "Everything is delivered12 webhooks, ")
	require.Contains(t, homeText(t, "home-calm"), "Nothing waits.")
	require.Contains(t, homeText(t, "home-many"), "and 28 more webhooks")
	require.Contains(t, homeText(t, "home-none"), "No webhook is shared with you yet")
}

// Charts say in text what they draw.
func TestB8_ChartsHaveTextAndTable(t *testing.T) {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(render(t, home.Home(homePages()["home-some"]))))
	require.NoError(t, err)
	require.Equal(t, 2, doc.Find("svg[role=img][aria-label]").Length())
	s := homePages()["home-some"].Stats
	rows := doc.Find(".chart-data").First().Find("tbody tr").Length()
	filled := 0
	for _, b := range s.Buckets {
		if b.Ended() > 0 {
			filled++
		}
	}
	require.Equal(t, filled, rows)
	require.Contains(t, doc.Find("svg[role=img]").First().AttrOr("aria-label", ""), "Deliveries by outcome, last 7 days: ")
}
