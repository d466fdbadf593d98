// Package status maps what went wrong to an HTTP status, for pages and API
// alike, so that both doors answer the same fault with the same number.
package status

import (
	"errors"
	"net/http"
	"time"

	"hookline/models"
)

var ofCode = map[models.Code]int{
	models.Invalid:         http.StatusUnprocessableEntity,
	models.Malformed:       http.StatusBadRequest,
	models.NotFound:        http.StatusNotFound,
	models.Conflict:        http.StatusConflict,
	models.Denied:          http.StatusForbidden,
	models.Unauthenticated: http.StatusUnauthorized,
	models.TooLarge:        http.StatusRequestEntityTooLarge,
	models.TooMany:         http.StatusTooManyRequests,
	models.Unavailable:     http.StatusServiceUnavailable,
}

// Of is the status of a code; 500 for "", which is an internal error.
func Of(code models.Code) int {
	if s, known := ofCode[code]; known {
		return s
	}
	return http.StatusInternalServerError
}

// RetryAfter is how many seconds to wait after an error; otherwise when it does not
// say.
func RetryAfter(err error, otherwise int) int {
	var known *models.Error
	if errors.As(err, &known) && known.RetryAfter > 0 {
		return int((known.RetryAfter + time.Second - 1) / time.Second)
	}
	return otherwise
}
