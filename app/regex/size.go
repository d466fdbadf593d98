// Package regex bounds regular expressions before they are compiled.
package regex

import "regexp/syntax"

// most keeps Size from overflowing, and is above any limit on it.
const most = 1 << 20

// Size estimates how large a pattern becomes once its repetitions are written out,
// which compiling it does.
func Size(re *syntax.Regexp) int {
	size := 1 + len(re.Rune)/8
	if re.Op == syntax.OpLiteral {
		size = len(re.Rune)
	}
	for _, sub := range re.Sub {
		size += Size(sub)
	}
	if re.Op == syntax.OpRepeat {
		size *= max(1, re.Max, re.Min)
	}
	return min(size, most)
}
