package link

import "net/url"

// PermissionsPage is a page of the overview; its start without a cursor.
func PermissionsPage(q, cursor string) string { return query(Permissions, "q", q, "cursor", cursor) }

// WebhookPermissions is the Permissions tab; a POST to it gives a grant.
func WebhookPermissions(id string) string { return Webhook(id) + "/permissions" }

// WebhookPermissionsPage is the tab with a later page of people.
func WebhookPermissionsPage(id, cursor string) string {
	return query(WebhookPermissions(id), "cursor", cursor)
}

// WebhookPermissionsSuggest answers ?q= with the options of the type-ahead.
func WebhookPermissionsSuggest(id string) string { return WebhookPermissions(id) + "/suggest" }

// WebhookPermission takes a POST with the new level of a user or team.
func WebhookPermission(id, holder string) string {
	return WebhookPermissions(id) + "/" + url.PathEscape(holder)
}

// WebhookPermissionRevoke takes a POST.
func WebhookPermissionRevoke(id, holder string) string {
	return WebhookPermission(id, holder) + "/revoke"
}
