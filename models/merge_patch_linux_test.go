package models

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest/cpu"
)

// leastCPU is what f takes of the processor when nothing disturbs it.
func leastCPU(f func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	least := time.Hour
	for range 3 {
		before := cpu.Time()
		f()
		least = min(least, cpu.Time()-before)
	}
	return least
}

func manyFields(n int, value string) json.RawMessage {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"f%06d":%s`, i, value)
	}
	return json.RawMessage(`{` + b.String()[1:] + `}`)
}

// deepPatch has an object in an object in an object, and much in the innermost.
func deepPatch(n int) json.RawMessage {
	return json.RawMessage(strings.Repeat(`{"a":`, MaxJSONDepth-1) + string(manyFields(n, "1")) + strings.Repeat("}", MaxJSONDepth-1))
}

// A merge is bounded by the bytes that it is given, not by their square: all fields
// changed, all removed, all new, and far down.
func TestA9_MergeCostsNoMoreThanItIsLong(t *testing.T) {
	for name, of := range map[string]func(n int) (target, patch json.RawMessage){
		"changed": func(n int) (json.RawMessage, json.RawMessage) { return manyFields(n, "1"), manyFields(n, "2") },
		"removed": func(n int) (json.RawMessage, json.RawMessage) { return manyFields(n, "1"), manyFields(n, "null") },
		"new":     func(n int) (json.RawMessage, json.RawMessage) { return json.RawMessage(`{}`), manyFields(n, "1") },
		"absent": func(n int) (json.RawMessage, json.RawMessage) {
			return manyFields(n, "1"), json.RawMessage(strings.ReplaceAll(string(manyFields(n, "null")), "f", "g"))
		},
		"deep": func(n int) (json.RawMessage, json.RawMessage) { return deepPatch(n), deepPatch(n + 1) },
	} {
		target, patch := of(60_000)
		took := leastCPU(func() { MergePatch(target, patch) })
		bound := time.Duration(len(target)+len(patch)) * 300 * time.Nanosecond
		require.Less(t, took, bound, "%s: %d bytes", name, len(target)+len(patch))
	}
}

// An expression that is too large is refused for its size, before it is read.
func TestA9_SizeIsCheckedBeforeTheMerge(t *testing.T) {
	huge := manyFields(60_000, `"x"`)
	for name, check := range map[string]func() FieldErrors{
		"named":   func() FieldErrors { return ParticipantRef{Email: "sam@example.com", Fields: huge}.Validate() },
		"by id":   func() FieldErrors { return ParticipantRef{Email: "sam@example.com", Identifiers: huge}.Validate() },
		"patched": func() FieldErrors { return CheckParticipantPatch(nil, huge) },
		"new":     func() FieldErrors { return Participant{Fields: huge}.Normal().Validate() },
	} {
		var errs FieldErrors
		took := leastCPU(func() { errs = check() })
		require.Len(t, errs, 1, name)
		require.Contains(t, errs[0].Message, "KiB at most", name)
		require.Less(t, took, 5*time.Millisecond, name)
	}
	// A change may remove as much as there can be, and more than it could set.
	removal := manyFields(5_000, "null")
	require.Greater(t, len(removal), MaxParticipantBytes)
	require.Empty(t, ParticipantRef{ID: "par_01kf2j7q8e5t9v3m6x0y4z1b2c", Fields: removal}.Validate())
}
