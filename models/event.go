package models

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Limits on what comes in.
const (
	MaxEventBytes = 1 << 20 // the whole request of one event
	MaxBatch      = 1000    // events in one batch
	MaxBatchBytes = 16 << 20
	// MaxBatchSnapshots is what the events of a batch store of participants at most:
	// each keeps its participant as it was, whatever the caller sent.
	MaxBatchSnapshots = 32 << 20
	MaxJSONDepth      = 64
	// MaxHops is how many webhooks an event may come through. One more is a loop.
	MaxHops = 10
)

// Event is one thing that happened.
type Event struct {
	ID         string
	Type       string
	Data       json.RawMessage // the exact bytes that came in
	OccurredAt time.Time
	CreatedAt  time.Time
	// IdempotencyKey is the caller's, when given in the header; "" otherwise.
	IdempotencyKey string
	// Context is a JSON object: what templates may use beside the data, as it was
	// when the event was published, such as contact. Empty when there is none.
	Context json.RawMessage
	// ParticipantID is the participant it is about; "" for none.
	ParticipantID string
	// ConfigVersion is the version of the configuration that decided who gets it; 0
	// when that is not known.
	ConfigVersion int64
	// Hops is how many webhooks it came through: each counts that delivered something
	// to Hookline's own API, which published it.
	Hops       int
	Test       bool
	Deliveries int // made when it was published
	// Seq is its place in the stream, where it was read for that; else 0.
	Seq int64
}

// Size is about what it takes in memory.
func (e Event) Size() int { return len(e.Data) + len(e.Context) }

// EventCounts says how the deliveries of an event stand.
type EventCounts struct {
	Delivered int
	Failed    int // failed and blocked
	Waiting   int // pending, and on the wire
	Cancelled int
}

// ParseEventID checks that text can be an event's id: callers may give their own,
// so it need not be one of ours. The error is NotFound.
func ParseEventID(text string) (string, error) {
	if !givenID.MatchString(text) {
		return "", Errorf(NotFound, "There is no event with this id.")
	}
	return text, nil
}

var givenID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$`)

// ValidEventID reports whether text can be the id of an event: publishers choose
// their own.
func ValidEventID(text string) bool { return givenID.MatchString(text) }

// Validate checks what a caller may set.
func (e Event) Validate() error {
	var errs FieldErrors
	if e.Type == "" {
		errs.Add("type", "Name the event's type, for example release.published.")
	}
	if e.ID != "" && !ValidEventID(e.ID) {
		errs.Add("id", "An id starts with a letter or digit and has up to 128 letters, digits and . _ : @ -")
	}
	if len(e.IdempotencyKey) > 255 || strings.ContainsFunc(e.IdempotencyKey, notVisible) {
		errs.Add("Idempotency-Key", "The key has up to 255 visible ASCII characters.")
	}
	if len(e.Data) == 0 {
		errs.Add("data", "Give the event's data, a JSON object; {} will do.")
	} else if e.Data[0] != '{' {
		errs.Add("data", "The data must be a JSON object.")
	}
	return errs.Err()
}

func notVisible(r rune) bool { return r < 0x21 || r > 0x7e }

// EventType is a catalog entry.
type EventType struct {
	Name        string // release.published
	Category    string // releases
	Title       string
	Description string
	Sample      json.RawMessage // an example of data
	Schema      json.RawMessage // a JSON Schema that data must satisfy; empty: any object will do
	Archived    bool
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

var (
	// typeName takes the names that senders have: push, pull_request, com.acme.Order-Paid.
	typeName     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9][A-Za-z0-9_-]*)*$`)
	categoryName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
)

// ValidCategory reports whether the text can name a category.
func ValidCategory(text string) bool { return len(text) <= 64 && categoryName.MatchString(text) }

// Validate checks a catalog entry, but whether the schema is one and the sample
// satisfies it.
func (t EventType) Validate() error {
	var errs FieldErrors
	if len(t.Name) > 128 || !typeName.MatchString(t.Name) {
		errs.Add("name", "A name is words of letters, digits, _ and - joined by dots, for example release.published or push; it has up to 128 characters.")
	}
	checkLine(&errs, "title", t.Title, "a title", 200)
	checkText(&errs, "description", t.Description, 2000, "\n\r\t")
	if !ValidCategory(t.Category) {
		errs.Add("category", "A category is one lower-case word, underscores allowed, for example work_orders.")
	}
	if len(t.Sample) > 0 && (!json.Valid(t.Sample) || t.Sample[0] != '{') {
		errs.Add("sample", "The sample must be a JSON object.")
	}
	return errs.Err()
}

// CategoryTitle is a category as people read it: work_orders → Work Orders.
func CategoryTitle(category string) string {
	words := strings.Split(category, "_")
	for i, w := range words {
		if w != "" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, " ")
}

// Add counts n deliveries of a state.
func (t EventCounts) Add(state DeliveryState, n int) EventCounts {
	switch state {
	case Succeeded:
		t.Delivered += n
	case Failed, Blocked:
		t.Failed += n
	case Cancelled:
		t.Cancelled += n
	default:
		t.Waiting += n
	}
	return t
}

// AuditFields lists what people set on an event type.
func (t EventType) AuditFields() []Field {
	return []Field{
		{Name: "name", Value: t.Name}, {Name: "category", Value: t.Category}, {Name: "title", Value: t.Title},
		{Name: "description", Value: t.Description}, {Name: "sample", Value: string(t.Sample)},
		{Name: "schema", Value: string(t.Schema)},
		{Name: "archived", Value: strconv.FormatBool(t.Archived)},
	}
}

// EventFilter narrows the stream of events. Zero members do not.
type EventFilter struct {
	Type  string
	ID    string // of the event, or its idempotency key
	Since time.Time
	Until time.Time
}
