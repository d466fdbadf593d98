//go:build !race

package expression_test

const slower = 1
