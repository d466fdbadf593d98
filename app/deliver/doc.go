// Package deliver makes an attempt: from a webhook and an event to bytes on the
// wire, and from what came back to an outcome and a log entry.
//
//	prepared.go   what is the same for every attempt of a webhook, made once; cache.go keeps it
//	rendering.go  what one attempt is made from: the event, and the values that templates may name
//	templates.go  texts that are filled in; target.go, the address: URL, parameters, merged fields of a query
//	formats.go    how an event becomes a body; format_*.go, one file a format
//	sign.go       token and signatures over the body; sign_standard.go, those of Standard Webhooks
//	request.go    address, headers and body together
//	sender.go     the attempt
//	preview.go    the same without sending, and what is wrong with a webhook's templates
//	outcome.go    what came of it, in a word and a sentence
//	log.go        the record of it; mask.go keeps secrets out, even those a receiver sends back
package deliver
