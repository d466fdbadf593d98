// Package rawhead gives the headers of a request in the order and spelling in
// which they were sent, which net/http does not keep.
//
// Each connection remembers the last bytes that net/http read from it, as soon as
// the chosen path is among them. Lines looks there for the head of its request:
// for the one that net/http's own parser reads as exactly that request. When there
// is none, Lines says so, rather than give the headers of another request of the
// same connection, which a proxy may share between strangers.
//
// Connections without the path remember some 200 bytes, and bodies read in large
// parts are not looked at.
package rawhead
