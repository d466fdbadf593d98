package service_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/service"
)

func TestB6_LiveTellsWhoWatches(t *testing.T) {
	l := service.NewLive()
	a, stopA := l.Watch("wh_a")
	b, stopB := l.Watch("wh_b")
	defer stopB()
	l.Tell("wh_a")
	l.Tell("wh_a") // told once until it has looked
	require.Len(t, a, 1)
	require.Empty(t, b)
	<-a
	stopA()
	stopA()
	l.Tell("wh_a")
	require.Empty(t, a)
}

func TestLive_CloseEndsWatches(t *testing.T) {
	l := service.NewLive()
	a, stop := l.Watch("wh_a")
	l.Close()
	_, open := <-a
	require.False(t, open)
	stop()
	l.Tell("wh_a")
	late, stopLate := l.Watch("wh_a")
	_, open = <-late
	require.False(t, open)
	stopLate()
}
