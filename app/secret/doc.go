// Package secret seals what must not lie in the database in clear, and makes
// and checks what only its holder may know: tokens and passwords.
package secret
