package models

import "time"

// PruneStep says where a bounded step of pruning begins, and how many rows it may
// look at.
type PruneStep struct {
	After    string // a delivery id; "" for the oldest
	AfterSeq int64  // an event's place; 0 for the oldest
	Limit    int
}

// Pruned is what came of a step.
type Pruned struct {
	Removed int
	Next    string // After of the next step
	NextSeq int64  // AfterSeq of the next step
	Done    bool   // nothing older is left
	Busy    bool   // another node is at it; nothing was done
	// Took is how long the writer was held; 0 when it was not.
	Took time.Duration
}
