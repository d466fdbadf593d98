package models

// Actor is who asks: a signed-in user, a token, or the system itself.
type Actor struct {
	User   *User
	Token  *Token
	System bool // the command line on the server's own machine
}

// Name is how logs call the actor.
func (a Actor) Name() string {
	switch {
	case a.User != nil:
		return a.User.Email
	case a.Token != nil:
		return "token " + a.Token.Name
	case a.System:
		return "system"
	}
	return "nobody"
}
