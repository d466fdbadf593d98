package main

import "time"

// plan is how long and how much; -short keeps the shape and shrinks the sizes.
type plan struct {
	rounds int

	warmUp     time.Duration
	hop, flood time.Duration // length of one leg
	settle     time.Duration // after a leg, until results are written

	pacePerSecond, paceCount int
	slowEvents               int // to the receiver that takes 50 ms
	backlog                  int // events stored before a drain

	logRows int  // deliveries in the log of the page figure
	walkAll bool // follow the cursor to the end without a webhook too

	claimFinished, claimWaiting int // the large database of the claim figure
	claimSmall                  int // waiting rows of the small one
	claimReceipts               int // receipts timed per start

	limit time.Duration // the whole run, as a safety net
}

func fullPlan() plan {
	return plan{
		rounds: 3,
		warmUp: 500 * time.Millisecond, hop: 3 * time.Second, flood: 4 * time.Second, settle: 300 * time.Millisecond,
		pacePerSecond: 50, paceCount: 300,
		slowEvents: 6400, backlog: 20_000,
		logRows: 1_000_000, walkAll: true,
		claimFinished: 5_000_000, claimWaiting: 100_000, claimSmall: 10_000, claimReceipts: 8_000,
		limit: 45 * time.Minute,
	}
}

func shortPlan() plan {
	return plan{
		rounds: 3,
		warmUp: 250 * time.Millisecond, hop: 500 * time.Millisecond, flood: 700 * time.Millisecond, settle: 200 * time.Millisecond,
		pacePerSecond: 50, paceCount: 50,
		slowEvents: 1600, backlog: 3_000,
		logRows:       200_000,
		claimFinished: 100_000, claimWaiting: 20_000, claimSmall: 10_000, claimReceipts: 2_500,
		limit: 4 * time.Minute,
	}
}
