package models

// Blame names the side that has to act on a delivery that did not succeed.
type Blame string

const (
	BlameNone     Blame = ""
	BlameReceiver Blame = "receiver" // the receiver is down, slow, or broken
	BlameSettings Blame = "settings" // the request, or its URL, is not what the receiver takes
)

// BlameOf tells from a delivery's last attempt which side most likely has to act.
func BlameOf(last LastAttempt) Blame {
	switch last.Outcome {
	case Timeout, Network:
		return BlameReceiver
	case TLS, BlockedURL, RenderError, AuthError:
		return BlameSettings
	case HTTPError:
		switch s := last.Status; {
		case s >= 500, s == 408, s == 410, s == 425, s == 429:
			return BlameReceiver
		}
		return BlameSettings
	}
	return BlameNone
}
