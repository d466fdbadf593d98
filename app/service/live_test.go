package service_test

import (
	"strconv"
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

// A stream costs a connection and a query every two seconds, so neither one
// person nor all together can have as many as they like.
func TestLive_PlacesAreBounded(t *testing.T) {
	l := service.NewLive()
	var leave func()
	for range service.MaxStreamsEach {
		var ok bool
		leave, ok = l.Join("usr_a")
		require.True(t, ok)
	}
	_, ok := l.Join("usr_a")
	require.False(t, ok)
	_, ok = l.Join("usr_b")
	require.True(t, ok, "one person does not take another's place")
	leave()
	leave()
	_, ok = l.Join("usr_a")
	require.True(t, ok)
	_, ok = l.Join("usr_a")
	require.False(t, ok, "a place is given back once")
	open := service.MaxStreamsEach + 1
	for i := range service.MaxStreams - open {
		_, ok = l.Join("usr_" + strconv.Itoa(i))
		require.True(t, ok)
	}
	_, ok = l.Join("usr_z")
	require.False(t, ok)
}
