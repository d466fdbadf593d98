package errs

// explanation is what people read about a status.
type explanation struct {
	Icon, Title, Text, Next string
	Retry                   bool // the same page may work in a moment
}

func explain(p Props) explanation {
	if p.Stale {
		return explanation{"refresh-cw", "Load the page again", "The form was out of date, or came from another site, so nothing was done.", "Then repeat the step.", true}
	}
	return ofStatus(p.Status)
}

func ofStatus(status int) explanation {
	switch status {
	case 401:
		return explanation{"lock", "Sign in first", "This page is for people who are signed in.", "Your session may have ended.", false}
	case 403:
		return explanation{"lock", "You may not do this", "Your role in this workspace does not include it.", "Ask an owner of the workspace, if you need it.", false}
	case 404:
		return explanation{"file-question-mark", "There is nothing here", "The address is wrong, or what it named was deleted, or is not shared with you (any more).", "Check the address, or start from the list.", false}
	case 405:
		return explanation{"file-question-mark", "That does not work here", "The page exists, but not for this kind of request.", "Go back and use the page's own buttons.", false}
	case 409:
		return explanation{"circle-alert", "That is no longer possible", "Something changed in the meantime.", "Load the page again to see how it stands now.", true}
	case 413:
		return explanation{"circle-alert", "That is too large", "The request was larger than this page accepts.", "Shorten what you entered and send it again.", false}
	case 429:
		return explanation{"clock", "Too many tries", "There were too many requests in a short time.", "Wait a minute, then try again.", true}
	case 503:
		return explanation{"server-crash", "Not available right now", "Hookline cannot keep its promises at the moment, so it accepts nothing.", "Try again in a minute. If it lasts, the operator finds the cause in the log.", true}
	}
	if status >= 400 && status < 500 {
		return explanation{"circle-alert", "That did not work", "The request could not be understood.", "Go back, load the page again and repeat the step.", false}
	}
	return explanation{"server-crash", "Something went wrong", "This is a fault in Hookline, not in what you did.", "Try again. If it happens again, the operator finds the cause in the log.", true}
}
