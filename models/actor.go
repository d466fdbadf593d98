package models

// Actor is the caller of a use case: a signed-in user, a token, or the system itself.
type Actor struct {
	User   *User
	Token  *Token
	System bool // the command line on the server's own machine
}

// Identity is the id and the name of the user or token; the command line has no id.
func (a Actor) Identity() (id, name string) {
	switch {
	case a.User != nil:
		return a.User.ID, a.User.Name
	case a.Token != nil:
		return a.Token.ID, a.Token.Name
	}
	return "", "The command line"
}

// IDs are the id of the user, or else of the token; the other is "".
func (a Actor) IDs() (user, token string) {
	switch {
	case a.User != nil:
		return a.User.ID, ""
	case a.Token != nil:
		return "", a.Token.ID
	}
	return "", ""
}
