// Package receive holds the doors before the router: addresses to which other systems
// send requests. A request there is taken as it came; it has no session, no form
// token and no row in the tables of pages and API.
package receive
