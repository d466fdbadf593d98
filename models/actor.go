package models

// Actor is who asks: a signed-in user, a token, or the system itself.
type Actor struct {
	User   *User
	Token  *Token
	System bool // the command line on the server's own machine
}
