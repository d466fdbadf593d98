// Package storetest is the conformance suite that every database must pass.
package storetest

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

// Clock is a clock that tests move by hand.
type Clock struct{ At time.Time }

// Now is what store.Options wants.
func (c *Clock) Now() time.Time { return c.At }

// Open opens another store on the same database, as another node does.
type Open func(t *testing.T, node string, clock *Clock) *store.Store

// Rows are the tests that write and read rows of every table, for another way to
// the same database.
var Rows = []string{
	"PublishKeepsBytes", "FinishLateIsLoggedOnly", "WebhooksRoundTrip", "EventTypes", "UsersAndSessions", "D2_Invitations", "Resets", "SetUpOnce", "Tokens",
	"D6_Participants", "D6_EventNamesParticipant", "Z8_Grants", "B10_Audit", "B4_Captures", "B5_FilterFaults", "B6_BulkBatchIsMadeOnce", "B8_StatsSurviveAndAddUp",
	"B14_Prune", "H2_OAuthConnections", "I6_OneNodeFetchesTheToken", "I9_PermitsAreThePace", "TextThatDatabasesDislikeIsHandled",
}

// Run runs the suite, or only the tests with these names. fresh makes an empty
// database and returns how to open it.
func Run(t *testing.T, fresh func(t *testing.T) Open, only ...string) {
	for name, test := range map[string]func(t *testing.T, s *suite){
		"PublishIsDurableAndClaimable":      testPublish,
		"PublishRepeats":                    testRepeats,
		"PublishRace":                       testRace,
		"PublishOwnsThePlaces":              testPublishOwnsPlaces,
		"PublishReleasesOnPanic":            testPublishPanics,
		"PublishKeepsBytes":                 testBytes,
		"ClaimFencesAndExpires":             testLease,
		"ClaimByManyNodesNeverTwice":        testManyClaimers,
		"WaitingListsWebhooks":              testWaiting,
		"FinishLateIsLoggedOnly":            testLateFinish,
		"CancelKeepsWhatTheAttemptBrought":  testCancelRaces,
		"ReleaseAllGivesBackOwnOnly":        testRelease,
		"RetriggerAndCancel":                testRetriggerCancel,
		"DeliveriesPageByKeyset":            testPages,
		"DeliveriesFilter":                  testFilter,
		"B8_StatsCountWhatIsStored":         testStats,
		"B8_StatsSurviveAndAddUp":           testStatsNodes,
		"B8_StatsMergeLosesNothing":         testStatsMerge,
		"B8_StatsOfFailedWrites":            testStatsRefused,
		"B8_Backlog":                        testBacklog,
		"DeliveriesOfManyWebhooks":          testFilterWebhooks,
		"DeliveriesSearchIsBounded":         testBoundedSearch,
		"B6_BulkSetIsFixed":                 testBulkSet,
		"B6_BulkKeepsTheWholeFilter":        testBulkFilter,
		"B6_BulkCancelTakesWhatIsHeld":      testBulkCancelSet,
		"B6_BulkBatchIsMadeOnce":            testBulkAdvance,
		"B6_BulkIsWorkedByOneNode":          testBulkLease,
		"B6_BulkJobsList":                   testBulkList,
		"I9_PermitsAreThePace":              testPermits,
		"I9_PermitsOfManyNodes":             testPermitsShared,
		"I9_PermitsGoWithTheWebhook":        testPermitsDeleted,
		"WebhooksRoundTrip":                 testWebhooks,
		"WebhookVersionsDoNotOverwrite":     testVersions,
		"DeleteWebhookWipesAndCancels":      testDeleteWebhook,
		"EventTypes":                        testEventTypes,
		"UsersAndSessions":                  testUsers,
		"D2_LastOwner":                      testLastOwner,
		"D2_DeleteUser":                     testDeleteUser,
		"D2_DeletingOwnersLeavesOne":        testDeleteLastOwner,
		"D2_Invitations":                    testInvitations,
		"Resets":                            testResets,
		"Users":                             testUserList,
		"Sessions":                          testSessions,
		"SetUpOnce":                         testSetUp,
		"Tokens":                            testTokens,
		"D6_Participants":                   testParticipants,
		"D6_ParticipantSearch":              testParticipantSearch,
		"D6_EventNamesParticipant":          testNaming,
		"D6_BatchNamesParticipants":         testNamingBatch,
		"D6_ParticipantsFromTwoNodes":       testNamingRace,
		"D6_MergesHoldUpNoOtherWrite":       testMergeAside,
		"Z8_Grants":                         testGrants,
		"Z8_EntitledAndSearch":              testEntitled,
		"B10_Audit":                         testAudit,
		"B4_Captures":                       testCaptures,
		"B4_CaptureLimits":                  testCaptureLimits,
		"A9_LimitsHoldWhenRaced":            testLimitsRaced,
		"B5_FilterFaults":                   testFilterFaults,
		"B5_RecentEvents":                   testRecentEvents,
		"B14_Prune":                         testPrune,
		"B16_Stream":                        testStream,
		"Z4_RenameCategory":                 testRenameCategory,
		"H2_OAuthConnections":               testConnections,
		"I6_OneNodeFetchesTheToken":         testTokenLease,
		"I6_TokensGoWithTheirWebhook":       testTokenGoesWithItsWebhook,
		"I6_FinishMayKeepTheClaim":          testFinishKeepsClaim,
		"InstanceNamesTheDatabase":          testInstance,
		"ConfigReachesOtherNodes":           testConfigSpreads,
		"ConstraintErrorsBecomeConflicts":   testConflict,
		"TextThatDatabasesDislikeIsHandled": testOddText,
	} {
		if len(only) > 0 && !slices.Contains(only, name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			s := &suite{clock: &Clock{At: time.Date(2026, 6, 23, 9, 30, 0, 0, time.UTC)}, open: fresh(t), ctx: t.Context()}
			s.Store = s.open(t, "n1", s.clock)
			test(t, s)
		})
	}
}

type suite struct {
	*store.Store
	made  atomic.Uint32 // deliveries, for ids that sort
	ctx   context.Context
	clock *Clock
	open  Open
}

func newID(prefix string) string { return models.FormatID(prefix, uuid.Must(uuid.NewV7())) }

// deliveryID is one made now by the test's clock, as a node makes them by its own.
func (s *suite) deliveryID() string {
	id := uuid.Must(uuid.NewV7())
	binary.BigEndian.PutUint64(id[:8], uint64(s.clock.At.UnixMilli())<<16|0x7000)
	binary.BigEndian.PutUint32(id[8:], s.made.Add(1))
	return models.FormatID(models.DeliveryPrefix, id)
}

func (s *suite) webhook(t *testing.T) models.Webhook {
	t.Helper()
	w := models.NewWebhook()
	w.ID, w.Name, w.URL, w.Version = newID(models.WebhookPrefix), "Receiver", "https://example.com/hook", 1
	w.Signing.Key = models.Sealed("\x01sealed-bytes")
	w.CreatedAt, w.UpdatedAt = s.clock.At, s.clock.At
	require.NoError(t, s.CreateWebhook(s.ctx, w))
	return w
}

// publish stores one event owed to the webhook; claim "" leaves it to the table.
func (s *suite) publish(t *testing.T, webhookID, claim string) models.Work {
	t.Helper()
	w := s.work(webhookID, claim)
	r := s.Publish(s.ctx, nil, []store.Publication{{Event: w.Event, Deliveries: []models.Work{w}}})[0]
	require.NoError(t, r.Err)
	require.False(t, r.Repeat)
	return w
}

func (s *suite) work(webhookID, claim string) models.Work {
	now := s.clock.At
	e := models.Event{ID: newID(models.EventPrefix), Type: "release.published", Data: json.RawMessage(`{"n":1}`), OccurredAt: now, CreatedAt: now}
	return models.Work{
		Event: e, ClaimID: claim, LeaseUntil: now.Add(models.Lease),
		Delivery: models.Delivery{
			ID: s.deliveryID(), EventID: e.ID, EventType: e.Type, WebhookID: webhookID,
			State: models.Pending, DueAt: now, CreatedAt: now,
		},
	}
}

func (s *suite) attempt(outcome models.Outcome, status int) *models.Attempt {
	return &models.Attempt{
		WebhookVersion: 1, StartedAt: s.clock.At, Duration: 12 * time.Millisecond, Outcome: outcome, Status: status,
		Request: models.LoggedRequest{
			Method: "POST", URL: "https://example.com/hook", Body: []byte(`{"n":1}`),
			Headers: []models.HeaderLine{{Name: "Content-Type", Value: "application/json"}, {Name: "X-Key", Value: "***"}},
		},
		Response: models.LoggedResponse{Headers: []models.HeaderLine{{Name: "Server", Value: "a: b"}}, Body: []byte("ok"), Truncated: true},
		Timing:   models.Timing{DNS: 1100 * time.Microsecond, Connect: 2 * time.Microsecond, Wait: 10 * time.Millisecond, Body: 898 * time.Microsecond},
	}
}

func (s *suite) claimOne(t *testing.T, webhookID string) models.Work {
	t.Helper()
	work, err := s.Claim(s.ctx, webhookID, 10)
	require.NoError(t, err)
	require.Len(t, work, 1)
	return work[0]
}

func (s *suite) finish(t *testing.T, f models.Finish) (held bool) {
	t.Helper()
	held, err := s.Finish(s.ctx, f)
	require.NoError(t, err)
	return held
}

func ids(work []models.Work) []string {
	list := make([]string, len(work))
	for i, w := range work {
		list[i] = w.ID
	}
	return list
}

func unique[T comparable](t *testing.T, list []T) {
	t.Helper()
	seen := map[T]bool{}
	for _, v := range list {
		require.False(t, seen[v], fmt.Sprint(v, " is there twice"))
		seen[v] = true
	}
}
