//go:build race

package schema_test

// slower is how much longer things may take with the race detector.
const slower = 20
