package link

import "net/url"

// Jobs is the list of bulk jobs.
const Jobs = "/jobs"

// Bulk is the filter of a bulk job as it stands in the URL of its preview.
type Bulk struct {
	Filter
	Tests bool // tests, too
}

// Pairs are the names and texts of the members that narrow, or widen.
func (b Bulk) Pairs() [][2]string {
	pairs := b.Filter.Pairs()
	if b.Tests {
		pairs = append(pairs, [2]string{"tests", "true"})
	}
	return pairs
}

func (b Bulk) at(path string) string { return query(path, flat(b.Pairs())...) }

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
