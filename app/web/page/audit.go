package page

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/audit"
	"hookline/views/link"
)

// Audit is the page of the audit log (B10).
type Audit struct{ Deps }

// List shows what the filter finds, newest first.
func (p Audit) List(c echo.Context) error {
	ctx, actor := c.Request().Context(), p.actor(c)
	filter, found, err := auditFilter(c)
	if err != nil {
		return err
	}
	page, err := p.Service.Audit.List(ctx, actor, found, models.PageRequest{Cursor: filter.Cursor})
	if err != nil {
		return err
	}
	actors, err := p.Service.Audit.Actors(ctx, actor)
	if err != nil {
		return err
	}
	rows := make([]audit.Row, len(page.Items))
	for i, a := range page.Items {
		rows[i] = audit.Row{Audit: a, Href: p.objectLink(c, a)}
	}
	return form.Draw(c, http.StatusOK, audit.Page(audit.Props{
		Page: p.Frame(c), Filter: filter, Actors: actors, Rows: rows, NextCursor: page.Older, MaxExport: service.MaxAuditExport,
	}))
}

func auditFilter(c echo.Context) (link.AuditFilter, models.AuditFilter, error) {
	f := link.AuditFilter{
		Q: form.Query(c.QueryParam("q")), Actor: form.Query(c.QueryParam("actor")), Action: form.Query(c.QueryParam("action")),
		Subject: form.Query(c.QueryParam("subject")), Since: c.QueryParam("since"), Until: c.QueryParam("until"), Cursor: c.QueryParam("cursor"),
	}
	found := models.AuditFilter{ActorID: f.Actor, SubjectID: f.Subject, Action: f.Action, Search: f.Q}
	if kind := models.ActorKind(f.Actor); kind == models.SystemActor || kind == models.VisitorActor {
		found.ActorKind, found.ActorID = kind, ""
	}
	var err error
	found.Since, found.Until, err = form.Days(f.Since, f.Until)
	return f, found, err
}

// objectLink leads to what an entry is about, if that is still there.
func (p Audit) objectLink(c echo.Context, a models.Audit) string {
	prefix, _, _ := strings.Cut(a.SubjectID, "_")
	ctx, actor := c.Request().Context(), p.actor(c)
	switch noun, _, _ := strings.Cut(a.Action, "."); {
	case prefix == models.WebhookPrefix:
		if _, err := p.Service.Webhooks.Get(ctx, actor, a.SubjectID); err == nil {
			return link.Webhook(a.SubjectID)
		}
	case prefix == models.ParticipantPrefix:
		if _, err := p.Service.Participants.Get(ctx, actor, a.SubjectID); err == nil {
			return link.Participant(a.SubjectID)
		}
	case prefix == models.DeliveryPrefix:
		return link.Delivery(a.SubjectID)
	case noun == "event":
		return link.Event(a.SubjectID)
	case noun == "event_type":
		if _, err := p.Service.EventTypes.Get(ctx, actor, a.SubjectID); err == nil {
			return link.EventType(a.SubjectID)
		}
	case noun == "category":
		return link.EventTypes
	case prefix == models.TokenPrefix && p.Service.Tokens.Exists(a.SubjectID):
		return link.Tokens + "#row-" + a.SubjectID
	}
	return ""
}

// csvColumns of the export.
var csvColumns = []string{"time", "who", "kind of actor", "actor id", "what", "action", "object", "object id", "changes"}

// byteOrderMark tells Excel that the file is UTF-8.
const byteOrderMark = "\ufeff"

// Export streams what the filter finds as CSV (RFC 4180). An error after the first
// line can only break the file off: the connection is closed without its end.
func (p Audit) Export(c echo.Context) error {
	_, found, err := auditFilter(c)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(c.Response(), 64<<10)
	w := csv.NewWriter(out)
	w.UseCRLF = true
	begin := func() {
		h := c.Response().Header()
		h.Set(echo.HeaderContentType, "text/csv; charset=utf-8; header=present")
		h.Set(echo.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="hookline-audit-%s.csv"`, p.Now().UTC().Format(time.DateOnly)))
		_, _ = out.WriteString(byteOrderMark)
		_ = w.Write(csvColumns) // a write that fails fails again, and is seen then
	}
	begun := false
	more, err := p.Service.Audit.Each(c.Request().Context(), p.actor(c), found, func(a models.Audit) error {
		if !begun {
			begun = true
			begin()
		}
		return w.Write(csvRow(a))
	})
	switch {
	case err != nil && begun:
		panic(http.ErrAbortHandler)
	case err != nil:
		return err
	case !begun:
		begin()
	}
	if more {
		_ = w.Write([]string{fmt.Sprintf("There is more: an export has the newest %d entries. Narrow the filter to get the rest.", service.MaxAuditExport)})
	}
	w.Flush()
	return out.Flush()
}

func csvRow(a models.Audit) []string {
	row := []string{
		a.At.UTC().Format(time.RFC3339), a.ActorName, string(a.ActorKind), a.ActorID, audit.Sentence(a), a.Action, a.Subject, a.SubjectID, csvChanges(a.Changes),
	}
	for i := range row {
		row[i] = csvCell(row[i])
	}
	return row
}

func csvChanges(changes []models.Change) string {
	lines := make([]string, len(changes))
	for i, c := range changes {
		lines[i] = fmt.Sprintf("%s: %q → %q", c.Field, c.Before, c.After)
		if audit.SecretReplaced(c) {
			lines[i] = c.Field + ": entered again"
		}
	}
	return strings.Join(lines, "\n")
}

// csvCell keeps a spreadsheet from taking what people typed for a formula. Some
// drop spaces and invisible characters before it, and some read the wide forms of
// the signs as the signs.
func csvCell(text string) string {
	seen := strings.TrimLeftFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
	first, _ := utf8.DecodeRuneInString(seen)
	if seen != "" && strings.ContainsRune("=+-@＝＋－＠", first) || text != "" && strings.ContainsRune("\t\r\n", rune(text[0])) {
		return "'" + text
	}
	return text
}
