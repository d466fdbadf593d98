// Package output writes a server's standard output and standard error. A reader
// that stalls or goes away costs log lines, and never work: no caller waits for
// it.
package output
