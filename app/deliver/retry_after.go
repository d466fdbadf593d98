package deliver

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxRetryAfter keeps a receiver from parking a delivery for longer than people
// would notice.
const maxRetryAfter = 24 * time.Hour

// retryAfter reads the header of that name: seconds, or a date in any of HTTP's
// three forms. Anything else, and what lies in the past, is 0.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if strings.Trim(value, "0123456789") == "" {
		seconds, err := strconv.ParseInt(value, 10, 64)
		if err != nil || seconds > int64(maxRetryAfter/time.Second) {
			return maxRetryAfter // digits too many to count are a long time too
		}
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), maxRetryAfter)
}
