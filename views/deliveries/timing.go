package deliveries

import (
	"fmt"
	"time"

	"hookline/models"
)

// timed is a phase of an attempt as the bar of 1,000 units shows it.
type timed struct {
	name, class, text string
	from, width       int
}

// phases leaves out what did not happen. A phase too short for the eye still
// gets a sliver, so that the bar and its key name the same.
func phases(t models.Timing) []timed {
	list := []timed{}
	total, from := max(t.Total(), 1), 0
	add := func(name, class string, d time.Duration) {
		if d <= 0 {
			return
		}
		width := max(4, int(1000*d/total))
		list = append(list, timed{name: name, class: class, text: fine(d), from: min(from, 996), width: width})
		from += width
	}
	add("DNS lookup", "t-dns", t.DNS)
	add("Connect", "t-connect", t.Connect)
	add("TLS handshake", "t-tls", t.TLS)
	add("Wait for the first byte", "t-wait", t.Wait)
	add("Answer", "t-body", t.Body)
	return list
}

// fine is a duration to a tenth of a millisecond where that is worth knowing.
func fine(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}
