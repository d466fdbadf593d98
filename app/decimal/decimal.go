// Package decimal computes with numbers as JSON writes them: exactly, in base ten,
// and within bounds on their digits and exponents that are checked before any work.
package decimal

import (
	"errors"
	"strconv"
	"strings"

	"github.com/cockroachdb/apd/v3"
)

// Bounds of a number that is computed with.
const (
	// MaxDigits is how many digits a number may have, and how many places before or
	// after the point.
	MaxDigits = 400
	// maxExponent is how far a number's size is told: two numbers beyond it are not
	// compared.
	maxExponent = 1_000_000_000
	// quotientDigits are those of a division that does not end: as many as IEEE 754's
	// decimal128 has.
	quotientDigits = 34
)

// Errors of numbers that are outside of the bounds.
var (
	ErrLong  = errors.New("this number has too many digits: numbers of up to 400 digits are computed with")
	ErrLarge = errors.New("this number is too large: numbers have up to 400 places before and after the point")
)

// Number is a decimal number. It is not changed once made.
type Number struct{ value apd.Decimal }

// FromInt makes a number of an integer.
func FromInt(n int64) *Number {
	d := new(Number)
	d.value.SetInt64(n)
	return d
}

// written is a number taken apart: ±digits × 10^exponent, without zeros at the ends
// of the digits. Zero has no digits.
type written struct {
	negative bool
	digits   string
	exponent int64
}

// Valid says whether a text is a decimal number: JSON's grammar, and also +1, .5, 5.
// and leading zeros.
func Valid(text string) bool {
	text = strings.TrimPrefix(strings.TrimPrefix(text, "-"), "+")
	mantissa, exponent, scientific := cutExponent(text)
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if whole+fraction == "" || !allDigits(whole) || !allDigits(fraction) {
		return false
	}
	exponent = strings.TrimLeft(exponent, "+-")
	return !scientific || exponent != "" && allDigits(exponent)
}

func allDigits(text string) bool { return strings.Trim(text, "0123456789") == "" }

func cutExponent(text string) (mantissa, exponent string, scientific bool) {
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		return text[:i], text[i+1:], true
	}
	return text, "", false
}

// read takes a valid number apart. Its cost is linear.
func read(text string) (written, error) {
	w := written{negative: strings.HasPrefix(text, "-")}
	mantissa, power, scientific := cutExponent(strings.TrimLeft(text, "+-"))
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	w.digits = strings.TrimRight(digits, "0")
	if w.digits == "" {
		return written{}, nil
	}
	if scientific {
		n, err := strconv.ParseInt(power, 10, 64)
		if err != nil || n > maxExponent || n < -maxExponent {
			return w, ErrLarge
		}
		w.exponent = n
	}
	w.exponent += int64(len(digits)-len(w.digits)) - int64(len(fraction))
	return w, nil
}

// Parse reads a valid number. The error is ErrLong or ErrLarge.
func Parse(text string) (*Number, error) {
	w, err := read(text)
	switch {
	case err != nil:
		return nil, err
	case len(w.digits) > MaxDigits:
		return nil, ErrLong
	}
	d := new(Number)
	if w.digits != "" {
		d.value.Coeff.SetString(w.digits, 10)
	}
	d.value.Exponent, d.value.Negative = int32(w.exponent), w.negative
	return d, nil
}

// Key is a text that two valid numbers share exactly when they are equal: 1, 1.0 and
// 10e-1. The error is ErrLarge, for a number whose exponent is beyond any use.
func Key(text string) (string, error) {
	w, err := read(text)
	if err != nil {
		return "", err
	}
	sign := ""
	if w.negative {
		sign = "-"
	}
	return sign + w.digits + "e" + strconv.FormatInt(w.exponent, 10), nil
}

// Compare is -1, 0 or 1, exactly.
func Compare(a, b *Number) int { return a.value.Cmp(&b.value) }

// Sign is -1, 0 or 1.
func (d *Number) Sign() int { return d.value.Sign() }

// IsInteger says that there is nothing behind the point.
func (d *Number) IsInteger() bool {
	if d.value.Exponent >= 0 || d.value.IsZero() {
		return true
	}
	var reduced apd.Decimal
	reduced.Reduce(&d.value)
	return reduced.Exponent >= 0
}

// Int is the number as an integer; not ok when it has a fraction or is too large.
func (d *Number) Int() (n int64, ok bool) {
	if d.places() > 20 {
		return 0, false
	}
	n, err := d.value.Int64()
	return n, err == nil
}

// Digits is how many digits are written out at most.
func (d *Number) Digits() int { return int(min(d.value.NumDigits(), 2*MaxDigits)) }

// places before the point.
func (d *Number) places() int64 { return d.value.NumDigits() + int64(d.value.Exponent) }

// plain is how many places a number may have to be written without an exponent.
const (
	plainBefore = 40
	plainAfter  = 6
)

// Append appends the number as JSON, in the shortest spelling.
func (d *Number) Append(dst []byte) []byte {
	var reduced apd.Decimal
	reduced.Reduce(&d.value)
	if reduced.IsZero() {
		return append(dst, '0')
	}
	if n := reduced.NumDigits() + int64(reduced.Exponent); n > plainBefore || n <= -plainAfter {
		return reduced.Append(dst, 'e')
	}
	return reduced.Append(dst, 'f')
}

// Bounded says whether a valid number is within the bounds, at linear cost. The error
// is ErrLong or ErrLarge.
func Bounded(text string) error {
	w, err := read(text)
	switch {
	case err != nil:
		return err
	case len(w.digits) > MaxDigits:
		return ErrLong
	case w.digits != "" && (int64(len(w.digits))+w.exponent > MaxDigits || w.exponent < -MaxDigits):
		return ErrLarge
	}
	return nil
}
