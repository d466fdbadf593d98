package store

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"time"

	"hookline/models"
)

// histogram counts durations in slots of fixed bounds, so that histograms of
// any nodes and times add up. Each power of two is cut into eight slots: a slot
// is at most an eighth of its lower bound wide and is read at its middle, so a
// percentile is off by 1/16 (6.25 %) at the most. Below 8 µs it is exact; above
// 19 hours everything counts as the last slot. The zero value is empty.
type histogram [histogramSlots]int64

const (
	slotBits       = 3 // eight slots to a power of two
	histogramSlots = (36-slotBits)<<slotBits + 1<<slotBits
)

// slotOf is the slot of a duration.
func slotOf(d time.Duration) int {
	us := uint64(max(0, d.Microseconds()))
	if us < 1<<slotBits {
		return int(us)
	}
	exponent := bits.Len64(us) - 1
	within := int(us>>(exponent-slotBits)) & (1<<slotBits - 1)
	return min(histogramSlots-1, (exponent-slotBits+1)<<slotBits+within)
}

// slotMiddle is what a slot reads as.
func slotMiddle(slot int) time.Duration {
	if slot < 1<<slotBits {
		return time.Duration(slot) * time.Microsecond
	}
	shift := slot>>slotBits - 1
	low := uint64(1<<slotBits+slot&(1<<slotBits-1)) << shift
	return time.Duration(low)*time.Microsecond + time.Duration(1<<shift)*time.Microsecond/2
}

// add counts one duration.
func (h *histogram) add(d time.Duration) { h[slotOf(d)]++ }

// merge adds all that other counted.
func (h *histogram) merge(other *histogram) {
	for i, n := range other {
		h[i] += n
	}
}

// count is how many durations were counted.
func (h *histogram) count() (n int64) {
	for _, c := range h {
		n += c
	}
	return n
}

// percentile is the duration that p percent of those counted do not exceed (the
// nearest rank), within 6.25 %. It is 0 when nothing was counted. p is in (0, 100].
func (h *histogram) percentile(p float64) time.Duration {
	total := h.count()
	if total == 0 {
		return 0
	}
	rank := max(1, int64(p/100*float64(total)+0.9999999))
	for slot, n := range h {
		if rank -= n; rank <= 0 {
			return slotMiddle(slot)
		}
	}
	return slotMiddle(histogramSlots - 1)
}

// percentiles reads the latency out of the histogram.
func (h *histogram) percentiles() models.Latency {
	return models.Latency{P50: h.percentile(50), P95: h.percentile(95), P99: h.percentile(99)}
}

// encode packs the slots that are not empty: pairs of varints, the distance from
// the slot before and the count.
func (h *histogram) encode() []byte {
	out, last := []byte{}, 0
	for slot, n := range h {
		if n == 0 {
			continue
		}
		out = binary.AppendUvarint(out, uint64(slot-last))
		out = binary.AppendUvarint(out, uint64(n))
		last = slot
	}
	return out
}

var errHistogram = errors.New("a stored histogram is damaged")

// mergeEncoded adds what encode packed.
func (h *histogram) mergeEncoded(packed []byte) error {
	slot := uint64(0)
	for len(packed) > 0 {
		step, n := binary.Uvarint(packed)
		if n <= 0 {
			return errHistogram
		}
		count, m := binary.Uvarint(packed[n:])
		if slot += step; m <= 0 || slot >= histogramSlots || step > histogramSlots {
			return errHistogram
		}
		h[slot] += int64(count)
		packed = packed[n+m:]
	}
	return nil
}
