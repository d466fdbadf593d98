// Package models says what is true about Hookline's nouns, with the standard
// library alone: no database, no HTTP, no clock.
//
// A webhook is a configured destination. An event type names a kind of event in
// a category. An event is one thing that happened. A webhook's subscriptions say
// which event types it wants. A delivery is one event owed to one webhook. An
// attempt is one HTTP exchange made for a delivery. A retrigger makes a delivery
// due again; a bulk job retriggers or cancels all deliveries that a filter matches.
// A participant is a person with profile fields, whom an event may be about.
// A user has one of three roles: owner, manager, member. A grant lets a user or a
// team view or edit one webhook. An invitation is a link that makes a user. A
// token lets a program act within its scopes. A session is a signed-in browser. A
// capture endpoint keeps the requests that its URL receives. An audit entry says
// who changed what.
//
// A delivery's life:
//
//	            ┌────────── retry ──────────┐
//	            ▼                           │
//	publish → pending ── claim ──→ running ─┼─→ succeeded ─┐
//	            │ ▲                         ├─→ failed     ├─ retrigger → pending
//	            │ └── lease ran out ────────┤  (or blocked)│
//	            └── cancel ──→ cancelled ───┴──────────────┘
//
// The code's words, each with one meaning: a claim is a node's lease on a delivery; a
// lane is the queue of one webhook in memory; a reservation is a place in a lane that
// waits for a commit; an outcome is how an attempt ended; a problem is a webhook that
// needs attention, and blame names the side that has to act; a match is a webhook that
// subscribes to an event, and a decision is the filter's answer; an upsert makes or
// changes a participant; a snapshot is the state that an event keeps; a budget bounds
// the cost of an expression; a version numbers the configuration, or a webhook's.
//
// Running is not stored: a pending delivery with a live claim is running. So a
// process that dies leaves nothing to clean up.
package models
