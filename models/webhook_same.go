package models

import (
	"reflect"
	"slices"
	"time"
)

// Same reports whether both are one webhook with the same settings and secrets,
// whenever they were saved. Two sealings of one secret differ: it was entered
// again.
func (w Webhook) Same(o Webhook) bool { return reflect.DeepEqual(w.comparable(), o.comparable()) }

// comparable has nil for each list without members, and nothing that is not the
// webhook's own.
func (w Webhook) comparable() Webhook {
	w.UpdatedAt, w.Auth.Shared = time.Time{}, nil
	w.Params, w.Headers, w.Body.Fields = orNil(w.Params), orNil(w.Headers), orNil(w.Body.Fields)
	w.Body.UserFields, w.Retry.Delays, w.Retry.RetryOn = orNil(w.Body.UserFields), orNil(w.Retry.Delays), orNil(w.Retry.RetryOn)
	w.Subscriptions.Categories, w.Subscriptions.Types = orNil(w.Subscriptions.Categories), orNil(w.Subscriptions.Types)
	w.Auth.Secret, w.Signing.Key, w.Signing.OldKey, w.ConfirmHash = orNil(w.Auth.Secret), orNil(w.Signing.Key), orNil(w.Signing.OldKey), orNil(w.ConfirmHash)
	w.Headers = slices.Clone(w.Headers)
	for i := range w.Headers {
		w.Headers[i].Sealed = orNil(w.Headers[i].Sealed)
	}
	return w
}

func orNil[S ~[]E, E any](list S) S {
	if len(list) == 0 {
		return nil
	}
	return list
}
