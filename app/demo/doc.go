// Package demo is Hookline on a throwaway database: sample people, webhooks, a
// week of history, a receiver on this machine that misbehaves now and then, and
// steady traffic. What it serves is the real thing; only its past is made up.
package demo
