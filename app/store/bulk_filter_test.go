package store_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/store"
)

// B6: a filter member that is not written down would make a job take more
// deliveries than were asked for.
func TestB6_EveryFilterMemberIsKept(t *testing.T) {
	var f store.DeliveryFilter
	v := reflect.ValueOf(&f).Elem()
	for i := range v.NumField() {
		fill(t, v.Type().Field(i).Name, v.Field(i))
	}
	stored, err := store.EncodeFilter(f)
	require.NoError(t, err)
	got, err := store.DecodeFilter(stored)
	require.NoError(t, err)
	require.Equal(t, f, got)

	for _, odd := range []string{"", "{}", `{"v":2}`, `{"v":1,"from_a_newer_version":true}`} {
		_, err := store.DecodeFilter([]byte(odd))
		require.Error(t, err, odd)
	}
}

// fill puts something into a field that is not its zero value.
func fill(t *testing.T, name string, v reflect.Value) {
	t.Helper()
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Date(2026, 6, 23, 9, 0, 0, 123456000, time.UTC)))
	case v.Kind() == reflect.String:
		v.SetString(name + ` "<>&` + "\u2028")
	case v.Kind() == reflect.Int:
		v.SetInt(404)
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(t, name, v.Index(i))
		}
	default:
		t.Fatalf("teach this test to fill %s, a %s", name, v.Type())
	}
}
