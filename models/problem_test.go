package models

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func ended(states ...DeliveryState) (list []Delivery) {
	for i, s := range states {
		list = append(list, Delivery{ID: string(rune('a' + i)), State: s, Last: LastAttempt{Outcome: HTTPError, Status: 503}})
	}
	return list
}

// B8: what is wrong with a webhook follows from its newest deliveries and its switch.
func TestB8_Problems(t *testing.T) {
	on, off, failing, gone := NewWebhook(), NewWebhook(), NewWebhook(), NewWebhook()
	off.Enabled, failing.State, gone.State = false, DisabledFailing, Gone
	unconfirmed := NewWebhook()
	unconfirmed.State = PendingConfirmation
	for name, c := range map[string]struct {
		w     Webhook
		list  []Delivery
		kind  ProblemKind
		blame Blame
	}{
		"all well":           {on, ended(Succeeded, Succeeded), "", ""},
		"nothing yet":        {on, nil, "", ""},
		"half do not arrive": {on, ended(Failed, Succeeded), ProblemFailing, BlameReceiver},
		"retries count":      {on, ended(Pending, Running), ProblemFailing, BlameReceiver},
		"some do not":        {on, ended(Succeeded, Failed, Succeeded), ProblemSome, BlameReceiver},
		"off by a person":    {off, ended(Failed), ProblemOff, BlameNone},
		"off by failing":     {failing, ended(Failed), ProblemDisabled, BlameReceiver},
		"unconfirmed":        {unconfirmed, ended(Failed), ProblemWaits, BlameNone},
		"gone":               {gone, nil, ProblemGone, BlameReceiver},
	} {
		got, ok := ProblemOf(&c.w, RecentOf(c.list))
		require.Equal(t, c.kind != "", ok, name)
		require.Equal(t, c.kind, got.Kind, name)
		require.Equal(t, c.blame, got.Blame, name)
	}
	test := ended(Failed)[0]
	test.Test = true
	require.Zero(t, RecentOf([]Delivery{test, {State: Pending}}), "neither a test nor what was never attempted")
}

func TestB8_Blame(t *testing.T) {
	for blame, list := range map[Blame][]LastAttempt{
		BlameReceiver: {{Outcome: Timeout}, {Outcome: Network}, {Outcome: HTTPError, Status: 500}, {Outcome: HTTPError, Status: 429}, {Outcome: HTTPError, Status: 410}},
		BlameSettings: {{Outcome: TLS}, {Outcome: BlockedURL}, {Outcome: RenderError}, {Outcome: AuthError}, {Outcome: HTTPError, Status: 401}, {Outcome: HTTPError, Status: 404}, {Outcome: HTTPError, Status: 302}},
		BlameNone:     {{}, {Outcome: Success, Status: 200}},
	} {
		for _, last := range list {
			require.Equal(t, blame, BlameOf(last), "%+v", last)
		}
	}
}
