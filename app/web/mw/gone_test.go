package mw_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"hookline/app/web/mw"
)

// A client that goes before it has the whole answer is no fault of the database,
// whose errors look alike.
func TestP9_AnAnswerThatNobodyTookIsNoFaultOfTheDatabase(t *testing.T) {
	type judged struct {
		err        error
		lost       bool
		ofDatabase bool
	}
	results := make(chan judged, 1)
	e := echo.New()
	e.GET("/", func(c echo.Context) error {
		database := fmt.Errorf("query: %w", &net.OpError{Op: "write", Source: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}})
		c.Response().WriteHeader(http.StatusOK)
		var err error
		for err == nil {
			_, err = c.Response().Write(make([]byte, 1<<20))
		}
		results <- judged{err, mw.AnswerLost(c, err), mw.AnswerLost(c, database)}
		return nil
	})
	server := httptest.NewServer(e)
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n")
	require.NoError(t, err)
	_, err = io.ReadFull(conn, make([]byte, 1000))
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	got := <-results
	require.True(t, got.lost, got.err)
	require.False(t, got.ofDatabase)
}
