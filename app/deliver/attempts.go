package deliver

// Attempts makes attempts of a delivery until one is not to be repeated at once, and
// returns that one, which the caller stores. An attempt whose access token was refused
// is stored by keep, under the same claim, and repeated with a new token (I6). keep
// returns the input of the repetition, or false when the delivery must not be sent
// again: another node holds it, it was cancelled, or storing failed. Then last is false.
func Attempts(in Input, send func(Input) Exchange, keep func(*Exchange) (Input, bool)) (ex Exchange, last bool) {
	for renewals := 0; ; renewals++ {
		in.Renewals = renewals
		if ex = send(in); !ex.Again {
			return ex, true
		}
		var ok bool
		if in, ok = keep(&ex); !ok {
			return ex, false
		}
	}
}
