// Package mail sends messages through the mail server that the operator named:
// text and HTML, over TLS, within a bounded time. No user chooses where it
// connects to, so the target guard has no part in it.
package mail
