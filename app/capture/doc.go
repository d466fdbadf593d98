// Package capture is the request bin (B4): it takes requests to the private
// URLs of capture endpoints, keeps them, and answers as their owners said.
//
// Requests come through two doors. The public one is app/web's. The other is
// Client, which stands before egress.Client: a request to a capture URL of this
// very installation is handed over in memory, since the guard would refuse an
// address of this machine. It goes by an exact match of the text of the URL, so
// there is no rule of the guard that had to be opened for it.
//
// Whatever arrives waits in a bounded queue and is stored in batches, so that a
// flood costs the deliveries' writer one transaction now and then. What finds no
// place is dropped and counted.
package capture
