// Package crashtest holds the built program to its promises of trust.md, as
// processes that are killed, stopped, starved and refused.
//
// Nothing here sleeps: a process is killed when the k-th answer or request comes
// by, with k from a seeded generator whose seed is logged.
package crashtest
