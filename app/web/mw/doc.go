// Package mw is what stands between a request and its handler: headers, log,
// limits, session, permission and the defence against forged forms.
package mw
