package decimal

import (
	"errors"
	"math"
	"strconv"

	"github.com/cockroachdb/apd/v3"
)

// ErrDivision is a division by zero.
var ErrDivision = errors.New("this divides by zero")

// errPower is a power that is no number, such as the root of a negative one.
var errPower = errors.New("this power is not a number")

// exact has more room than any result of two numbers within the bounds.
var exact = apd.Context{
	Precision: 4 * MaxDigits, MaxExponent: 8 * MaxDigits, MinExponent: -8 * MaxDigits,
	Traps: apd.DefaultTraps &^ apd.Subnormal, Rounding: apd.RoundHalfUp,
}

// quotients are rounded to the nearest, ties to even.
var quotients = apd.Context{
	Precision: quotientDigits, MaxExponent: 8 * MaxDigits, MinExponent: -8 * MaxDigits,
	Traps: apd.DefaultTraps &^ apd.Subnormal, Rounding: apd.RoundHalfEven,
}

// within says whether a number may be computed with.
func (d *Number) within() error {
	switch n := d.places(); {
	case d.value.IsZero():
		return nil
	case n > MaxDigits, int64(d.value.Exponent) < -MaxDigits:
		return ErrLarge
	case d.value.NumDigits() > MaxDigits:
		return ErrLong
	}
	return nil
}

// apply computes one operation of two numbers, and bounds what comes of it.
func apply(a, b *Number, op func(result, x, y *apd.Decimal) (apd.Condition, error)) (*Number, error) {
	if err := a.within(); err != nil {
		return nil, err
	}
	if err := b.within(); err != nil {
		return nil, err
	}
	made := new(Number)
	if _, err := op(&made.value, &a.value, &b.value); err != nil {
		return nil, ErrLarge
	}
	made.value.Reduce(&made.value)
	return made, made.within()
}

// Add is a + b, exactly.
func Add(a, b *Number) (*Number, error) { return apply(a, b, exact.Add) }

// Sub is a - b, exactly.
func Sub(a, b *Number) (*Number, error) { return apply(a, b, exact.Sub) }

// Mul is a · b, exactly.
func Mul(a, b *Number) (*Number, error) { return apply(a, b, exact.Mul) }

// Div is a / b, to quotientDigits digits.
func Div(a, b *Number) (*Number, error) {
	if b.Sign() == 0 {
		return nil, ErrDivision
	}
	return apply(a, b, quotients.Quo)
}

// Rem is what a / b leaves over, with the sign of a.
func Rem(a, b *Number) (*Number, error) {
	if b.Sign() == 0 {
		return nil, ErrDivision
	}
	return apply(a, b, exact.Rem)
}

// Pow is a to the power of b: exact for whole b from 0 on, else to the digits of a
// float.
func Pow(a, b *Number) (*Number, error) {
	n, whole := b.Int()
	if !whole || n < 0 {
		return powFloat(a, b)
	}
	if a.value.NumDigits() == 1 && a.value.Coeff.Int64() <= 1 && a.value.Exponent == 0 { // 0, 1 and -1
		n = min(n, 2+n%2)
	} else if n > 4*MaxDigits {
		return nil, ErrLarge
	}
	made, err := FromInt(1), error(nil)
	for base := a; n > 0 && err == nil; n /= 2 {
		if n%2 == 1 {
			made, err = Mul(made, base)
		}
		if n > 1 && err == nil {
			base, err = Mul(base, base)
		}
	}
	return made, err
}

func powFloat(a, b *Number) (*Number, error) {
	if err := errors.Join(a.within(), b.within()); err != nil {
		return nil, ErrLarge
	}
	x, errX := a.value.Float64()
	y, errY := b.value.Float64()
	f := math.Pow(x, y)
	switch {
	case errX != nil || errY != nil || math.IsInf(f, 0):
		return nil, ErrLarge
	case math.IsNaN(f):
		return nil, errPower
	}
	return Parse(strconv.FormatFloat(f, 'g', -1, 64))
}

// Rounding is a way to leave out digits.
type Rounding = apd.Rounder

// Roundings: to the nearest with halves away from zero, towards zero, down and up.
const (
	Nearest = apd.RoundHalfUp
	Cut     = apd.RoundDown
	Down    = apd.RoundFloor
	Up      = apd.RoundCeiling
)

// Round leaves so many digits behind the point.
func (d *Number) Round(digits int, how Rounding) (*Number, error) {
	if err := d.within(); err != nil || int64(d.value.Exponent) >= -int64(digits) {
		return d, err
	}
	c, made := exact, new(Number)
	c.Rounding = how
	if _, err := c.Quantize(&made.value, &d.value, int32(-digits)); err != nil {
		return nil, ErrLarge
	}
	made.value.Reduce(&made.value)
	return made, nil
}

// Abs is the number without its sign.
func (d *Number) Abs() *Number {
	made := new(Number)
	made.value.Abs(&d.value)
	return made
}
