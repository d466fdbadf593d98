package api_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// firstRead notes how much memory is offered to the first bytes of a body.
type firstRead struct{ offered int }

func (r *firstRead) Read(p []byte) (int, error) {
	r.offered = max(r.offered, len(p))
	return 0, io.ErrUnexpectedEOF
}

// A length is only said: it gets no memory before the bytes are there.
func TestB9_MemoryForABodyIsTakenAsItArrives(t *testing.T) {
	d := newDesk(t)
	for path, said := range map[string]int64{"/events": models.MaxEventBytes, "/events/batch": models.MaxBatchBytes} {
		body := &firstRead{}
		r := httptest.NewRequest(http.MethodPost, "/api/v1"+path, body)
		r.ContentLength = said
		r.Header.Set("Authorization", "Bearer "+d.admin)
		w := httptest.NewRecorder()
		d.handler.ServeHTTP(w, r)
		require.Equal(t, http.StatusBadRequest, w.Code)
		require.Positive(t, body.offered)
		require.LessOrEqual(t, body.offered, 128<<10, path)
	}
}
