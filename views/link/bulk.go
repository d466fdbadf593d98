package link

import "net/url"

// Jobs is the list of bulk jobs.
const Jobs = "/jobs"

// Bulk are the filters of a bulk job as they stand in the URL of its preview.
type Bulk struct {
	WebhookID string
	EventID   string
	State     string
	EventType string
	Status    string
	Host      string
	Since     string
	Until     string
	Q         string
	Tests     string // "true", or ""
}

// Pairs are the names and values of what is filtered by.
func (b Bulk) Pairs() [][2]string {
	var pairs [][2]string
	for _, p := range [][2]string{
		{"webhook_id", b.WebhookID}, {"event_id", b.EventID}, {"state", b.State}, {"event_type", b.EventType}, {"status", b.Status},
		{"host", b.Host}, {"since", b.Since}, {"until", b.Until}, {"q", b.Q}, {"tests", b.Tests},
	} {
		if p[1] != "" {
			pairs = append(pairs, p)
		}
	}
	return pairs
}

func (b Bulk) at(path string) string {
	var flat []string
	for _, p := range b.Pairs() {
		flat = append(flat, p[0], p[1])
	}
	return query(path, flat...)
}

// BulkRetrigger previews a job; a POST to it starts one.
func BulkRetrigger(b Bulk) string { return b.at("/deliveries/retrigger") }

// BulkCancel previews a job; a POST to it starts one.
func BulkCancel(b Bulk) string { return b.at("/deliveries/cancel") }

// JobsPage is a page of the list, older than its start.
func JobsPage(cursor string) string { return query(Jobs, "cursor", cursor) }

// Job is a bulk job.
func Job(id string) string { return Jobs + "/" + url.PathEscape(id) }

// JobPanel is what changes on a job's page while it runs.
func JobPanel(id string) string { return Job(id) + "/panel" }

// JobCancel takes a POST.
func JobCancel(id string) string { return Job(id) + "/cancel" }
