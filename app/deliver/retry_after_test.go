package deliver

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRetryAfter(t *testing.T) {
	const day = 24 * time.Hour
	for value, want := range map[string]time.Duration{
		"":                                  0,
		"0":                                 0,
		"120":                               2 * time.Minute,
		" 7 ":                               7 * time.Second,
		"007":                               7 * time.Second,
		"86400":                             day,
		"86401":                             day,
		"99999999999999999999999":           day,
		"-5":                                0,
		"+5":                                0,
		"1.5":                               0,
		"1e3":                               0,
		"soon":                              0,
		"Wed, 04 Mar 2026 12:00:30 GMT":     30 * time.Second, // IMF-fixdate
		"Wednesday, 04-Mar-26 12:01:00 GMT": time.Minute,      // RFC 850
		"Wed Mar  4 12:02:00 2026":          2 * time.Minute,  // asctime
		"Wed, 04 Mar 2026 11:59:59 GMT":     0,
		"Sat, 04 Mar 2028 12:00:00 GMT":     day,
		"2026-03-04T12:00:30Z":              0,
		"Wed, 04 Mar 2026 12:00:30 GMT x":   0,
	} {
		require.Equal(t, want, retryAfter(http.Header{"Retry-After": {value}}, noon), "%q", value)
	}
	require.Zero(t, retryAfter(nil, noon))
}
