// Package egress is the only way out of Hookline to a URL that a person or a
// token can set: deliveries, tests, OAuth token URLs, confirmations, alerts.
//
// A request passes three gates. CheckURL looks at the text of the URL (url.go,
// host.go) before it is saved; Do looks again before each send, because
// templates ran in between. When a connection is made, every address that the
// name resolves to is vetted, and the vetted address is the one that is dialled
// (dial.go); the socket's real address is checked once more before it connects
// (guard.go). Only the operator's AllowTargets lead around the address rules, and
// let names of private networks pass, all of whose addresses must lie in them;
// nothing else leads around the URL rules.
//
// A response cannot hurt the caller: 64 KiB of headers and 64 KiB of body are
// read at most, 16 KiB of the body are kept, nothing is decompressed, no
// redirect is followed, no cookie is kept, and one deadline covers the whole
// exchange from the name lookup to the last byte of the body.
//
// Do returns a value and never an error: whatever the receiver did is a fact
// about the attempt. Its sentences (reason.go) are written for people and carry
// neither bytes of the response nor addresses that the name resolved to.
package egress
