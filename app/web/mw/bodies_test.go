package mw_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"hookline/app/web/mw"
	"hookline/models"
)

// A9: senders that declare long bodies to a handler which reads little of them leave
// the room for others.
func TestA9_DeclaredBytesBeyondAHandlersLimitTakeNoRoom(t *testing.T) {
	budget, e := mw.NewBodies(), echo.New()
	readOne := func(most int64, then func() error) error {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("a body"))
		r.ContentLength = models.MaxBatchBytes
		return budget.Limit(func(c echo.Context) error {
			mw.ReadAtMost(c.Request().Body, most)
			if _, err := c.Request().Body.Read(make([]byte, 1)); err != nil {
				return err
			}
			return then()
		})(e.NewContext(r, httptest.NewRecorder()))
	}
	var holding func(n int) error // n bodies at once, and then a long one
	holding = func(n int) error {
		if n == 0 {
			return readOne(models.MaxBatchBytes, func() error { return nil })
		}
		return readOne(models.MaxCaptureBody, func() error { return holding(n - 1) })
	}
	require.NoError(t, holding(8))
}
