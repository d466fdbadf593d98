package models

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"time"
)

// Histogram counts durations in slots of fixed bounds, so that histograms of
// any nodes and times add up. Each power of two is cut into eight slots: a slot
// is at most an eighth of its lower bound wide and is read at its middle, so a
// percentile is off by 1/16 (6.25 %) at the most. Below 8 µs it is exact; above
// 19 hours everything counts as the last slot. The zero value is empty.
type Histogram [histogramSlots]int64

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

// Add counts one duration.
func (h *Histogram) Add(d time.Duration) { h[slotOf(d)]++ }

// Merge adds all that other counted.
func (h *Histogram) Merge(other *Histogram) {
	for i, n := range other {
		h[i] += n
	}
}

// Count is how many durations were counted.
func (h *Histogram) Count() (n int64) {
	for _, c := range h {
		n += c
	}
	return n
}

// Percentile is the duration that p percent of those counted do not exceed (the
// nearest rank), within 6.25 %. It is 0 when nothing was counted. p is in (0, 100].
func (h *Histogram) Percentile(p float64) time.Duration {
	total := h.Count()
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

// Encode packs the slots that are not empty: pairs of varints, the distance from
// the slot before and the count.
func (h *Histogram) Encode() []byte {
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

// MergeEncoded adds what Encode packed.
func (h *Histogram) MergeEncoded(packed []byte) error {
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
