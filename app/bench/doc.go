// Command bench measures Hookline from outside and prints one table.
//
//	make bench                          the whole, about ten minutes
//	go run ./app/bench -short           for CI, a minute or two
//	go run ./app/bench -only throughput,latency
//	go run ./app/bench -binary ./bin/hookline
//
// Absolute times differ from machine to machine and from minute to minute, so most figures
// are ratios between two things measured in turn inside one run, at least three rounds, of
// which the median counts. CPU time per event is the steadiest of the absolute ones.
//
// # What runs
//
// All on loopback, all ended and their folder removed on every way out:
//
//   - hookline: built with go build, started as "serve" on a fresh database. Full durability,
//     signing (JWT and HMAC), target guard and attempt log are on, as they are by default;
//     nothing is switched off. --allow-http and --allow-targets 127.0.0.0/8 let it reach the receiver.
//   - null engine: this binary again. The least that could be called a webhook engine: net/http takes the event, a
//     bounded queue, 202, 64 workers post it onward with http.Client. Nothing is stored, signed or checked.
//   - the bench itself, with the load generator and the receiver on fasthttp, so that on few cores they take little
//     from what is measured. The receiver notes when each event arrived first and how often, by a marker in the
//     event's data ("hlb-" and ten digits). The path says how long it waits before it answers (/hook/3000).
//
// Events are 1 KiB of JSON in all: {"type": …, "data": {…}}. An answer other than 202 ends
// the figure with an error; an event that does not arrive in time does too.
//
// # The figures (names for -only in brackets)
//
// Delivered per second [throughput]. 64 connections publish as fast as they are answered for some seconds;
// the rate is all events of that time divided by the time from the first byte sent to the last
// event received. The same generator, the same way, drives the null engine in the same round; the figure
// is the ratio.
//
// CPU per delivered event [throughput]. User and system time of the hookline process over the rounds
// with 64 connections, until 300 ms after the last receipt (results are written after it), divided by the
// events delivered. The clock behind it ticks every 10 ms, which is small against seconds.
//
// Peak memory [throughput]. VmHWM of that process after its last round.
//
// Draining a stored backlog [drain]. The receiver holds its answers back, events are published in batches, and
// Hookline is told to stop; only then the answers come. What was not delivered by then is in the database and
// nowhere else. Hookline starts anew; the rate is what was left divided by the time from the
// start of the process to the last receipt. The figure is the ratio to one hop (http.Client, 64 connections, straight
// to the receiver) in the same round. So the backlog is made by the product itself, and start-up is counted.
//
// Ingest to receipt [latency]. 50 events/s evenly spaced, whatever the answers do. From just before the request
// is written to the moment the receiver has read the whole delivery. p50 and p99 of each round, medians of those.
//
// Healthy beside slow [neighbour]. A second webhook, subscribed to another event type, points to a
// receiver, at another port, that takes 3 s. Before each round its queue is filled to 400. Then the same as latency for the first one.
//
// A receiver that takes 50 ms [slow]. One webhook, default --workers. A batch of events is published at once; the
// rate is their number divided by the time from the first receipt to the last plus 50 ms. 64 places and
// 50 ms make 1,280/s the most there can be.
//
// The log with a million deliveries [log]. The database is filled by SQL with deliveries that look like
// those Hookline made (see seed.go), 1,000,000 or with -short 200,000. The API's cursor is followed from the newest to
// the oldest delivery, of one webhook and (not with -short) of all; at five depths 20 pages of 50 in a row are timed, then
// with other filters from the newest on. The figure is the worst of these p50. It includes the HTTP exchange on loopback.
// How long that start took until ready is shown too: it must not grow with the log.
//
// Claim [claim]. From outside only its effect is visible: the time per delivery while
// draining, with 5 million finished and 100,000 waiting deliveries, against a database that has 10,000 waiting and
// nothing else. From the first receipt to a fixed number of receipts after a start. With -short, 100,000
// and 20,000. The claim statement by itself is measured by a Go benchmark in app/store.
//
// Memory, idle [memory]. VmRSS two seconds after a start on an existing database, without traffic.
//
// Ready after start [ready]. From just before the process is created to the first 200 of /readyz, on an existing database.
//
// PostgreSQL [postgres]. A throwaway cluster from the binaries in /usr/lib/postgresql, default durability, on
// a Unix socket. In each round SQLite, one node on PostgreSQL, and two nodes (32 connections each) take the
// same load with 64 connections. Skipped, and said so, where the binaries are missing.
//
// # Reading the table
//
// The verdict compares the unrounded median with the goal. The exit status is 0 also when a goal is
// missed, 1 when something could not be measured, and with -strict 1 in both cases. The line about the machine
// tells the file system and what a 4 KiB write with fsync takes there: on a memory file system full durability
// costs nothing, and the ratios look better than they are. It also tells the load average at the start: on a machine that
// has other work, throughput and p99 are of little worth.
package main
