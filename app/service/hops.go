package service

import "context"

type hopsKey struct{}

// WithHops says how many webhooks a request came through. Events that are published
// for it count on from there.
func WithHops(ctx context.Context, hops int) context.Context {
	return context.WithValue(ctx, hopsKey{}, hops)
}

func hopsOf(ctx context.Context) int {
	hops, _ := ctx.Value(hopsKey{}).(int)
	return hops
}
