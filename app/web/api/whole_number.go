package api

import (
	"errors"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// wholeNumbers reads 5000.0 and 5e3 as the whole number 5000, wherever a call takes
// one: many languages know no other kind of number, and JSON knows no difference.
var wholeNumbers = json.JoinUnmarshalers(
	json.UnmarshalFromFunc(func(d *jsontext.Decoder, n *int) error {
		v, err := readWholeNumber(d)
		*n = int(v)
		return err
	}),
	json.UnmarshalFromFunc(func(d *jsontext.Decoder, n *int64) error {
		v, err := readWholeNumber(d)
		*n = v
		return err
	}),
)

var errNotWhole = errors.New("not a whole number")

func readWholeNumber(d *jsontext.Decoder) (int64, error) {
	v, err := d.ReadValue()
	switch {
	case err != nil || v.Kind() == 'n': // null is the default, as of other members
		return 0, err
	case v.Kind() != '0':
		return 0, errNotWhole
	}
	return wholeNumber(string(v))
}

// wholeNumber is the value of a JSON number without a fraction. The error wraps
// strconv.ErrRange when it is too large.
func wholeNumber(text string) (int64, error) {
	mantissa, exponent, scientific := strings.Cut(strings.ToLower(text), "e")
	digits, fraction, _ := strings.Cut(mantissa, ".")
	fraction = strings.TrimRight(fraction, "0")
	if scientific {
		e, err := strconv.Atoi(exponent)
		if err != nil || e < len(fraction) {
			return 0, errNotWhole
		}
		// More zeros than a number may have are as good as too many.
		zeros := min(e-len(fraction), 20)
		digits, fraction = digits+fraction+strings.Repeat("0", zeros), ""
	}
	if fraction != "" {
		return 0, errNotWhole
	}
	return strconv.ParseInt(digits, 10, 64)
}
