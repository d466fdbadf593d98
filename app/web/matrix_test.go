package web_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"hookline/app/policy"
	"hookline/app/web"
	"hookline/models"
)

// kinds of people, in the order of the columns below. Viewer and editor are
// members with a grant on the shared webhook, the last by a team.
var kinds = []string{"nobody", "disabled", "manager", "member", "viewer", "editor", "team", "owner"}

// The matrix: what each kind gets for a row of the route table, by the row's
// action. in: to the sign-in page; 403: not for them; 404: does not exist for
// them; ok: the status that the row has in statuses. A row without an object (the list, the form, what
// is the workspace's) has the first line; one of a webhook or delivery the
// second when the webhook is shared with them, and the third when it is not.
var matrix = map[policy.Action][3]string{
	//                        nobody disabled manager member viewer editor team owner
	policy.ReadWebhooks:    {"in in ok ok ok ok ok ok", "in in 404 404 ok ok ok ok", "in in 404 404 404 404 404 ok"},
	policy.ReadDeliveries:  {"in in ok ok ok ok ok ok", "in in 404 404 ok ok ok ok", "in in 404 404 404 404 404 ok"},
	policy.ChangeWebhooks:  {"in in ok ok ok ok ok ok", "in in 404 404 403 ok ok ok", "in in 404 404 404 404 404 ok"},
	policy.TestWebhooks:    {"in in ok ok ok ok ok ok", "in in 404 404 403 ok ok ok", "in in 404 404 404 404 404 ok"},
	policy.WriteDeliveries: {"in in ok ok ok ok ok ok", "in in 404 404 403 ok ok ok", "in in 404 404 404 404 404 ok"},
	policy.CreateWebhooks:  ownersOnly,
	policy.DeleteWebhooks:  ownersOnly,
	policy.ManageGrants:    ownersOnly,
	policy.PublishEvents:   ownersOnly,
	policy.ReadEvents:      ownersOnly,
	policy.WriteEventTypes: ownersOnly,
	policy.ManageTokens:    ownersOnly,
	policy.ManagePeople:    ownersOnly,
	policy.ManageSettings:  ownersOnly,
	policy.ReadAudit:       ownersOnly,

	policy.ManageConnections: ownersOnly,

	policy.ReadEventTypes: {"in in ok ok ok ok ok ok"},
	policy.SignedIn:       {"in in ok ok ok ok ok ok"},
	policy.UseCapture:     {"in in ok ok ok ok ok ok"},

	policy.ReadParticipants:  {"in in ok 403 403 403 403 ok"},
	policy.WriteParticipants: {"in in ok 403 403 403 403 ok"},

	policy.Public: {"ok ok ok ok ok ok ok ok"},
}

var ownersOnly = [3]string{"in in 403 403 403 403 403 ok", "in in 403 403 403 403 403 ok", "in in 403 403 403 403 403 ok"}

// private are objects of one person's own: what each kind gets for another's,
// whatever the action.
var private = []struct{ under, line string }{
	//           nobody disabled manager member viewer editor team owner
	{"/jobs/:", "in in 404 404 404 404 404 ok"},
	{"/capture/:", "in in 404 404 404 404 404 404"}, // not even the owner's business
}

// exempt are the rows that the matrix cannot tell, and why.
var exempt = map[string]string{
	"GET /": "leads those who are not signed in to the sign-in page, though it is public",
}

// world is a site with a person of every kind.
type world struct {
	*site
	people map[string]*models.User
	logis  string // the team
}

func newWorld(t *testing.T) world { return newWorldOn(t, "") }

func newWorldOn(t *testing.T, database string) world {
	w := world{site: startSiteOn(t, database, nil, func(*http.Server) {}), people: map[string]*models.User{"nobody": nil}}
	roles := map[string]models.Role{"manager": models.Manager, "owner": models.Owner}
	for _, kind := range kinds[1:] {
		u := models.User{
			ID: models.FormatID(models.UserPrefix, uuid.Must(uuid.NewV7())), Name: "The " + kind, Email: kind + "@example.com",
			Role: models.Member, Disabled: kind == "disabled",
		}
		if r := roles[kind]; r != "" {
			u.Role = r
		}
		require.NoError(t, w.store.CreateUser(context.Background(), u))
		w.people[kind] = &u
	}
	w.logis = models.FormatID(models.TeamPrefix, uuid.Must(uuid.NewV7()))
	require.NoError(t, w.store.CreateTeam(context.Background(), models.Team{ID: w.logis, Name: "Logistics", Members: []string{w.people["team"].ID}}))
	return w
}

// shared makes objects that the viewer, the editor and the team may use.
func (w world) shared(target string) objects {
	o := w.objects(target, w.people["viewer"].ID)
	for _, holder := range []string{w.people["editor"].ID, w.logis} {
		_, err := w.svc.Grants.Give(context.Background(), system, o.webhook, holder, models.EditGrant)
		require.NoError(w.t, err)
	}
	return o
}

// TestD2_Z8_EveryRouteForEveryKind asks every row of the route table as everyone,
// for what is shared with them and for what is another's. The owner comes last:
// only they can remove what the row names.
func TestD2_Z8_EveryRouteForEveryKind(t *testing.T) {
	w := newWorld(t)
	target := receiver(t, http.StatusOK)
	browsers := map[string]*browser{}
	for kind, u := range w.people {
		browsers[kind] = w.browser()
		if u != nil {
			browsers[kind] = w.signedIn(*u)
		}
	}
	for _, r := range web.Routes() {
		name := r.Method + " " + r.Path
		lines, known := matrix[r.Action]
		require.True(t, known, "%s needs %s, which has no row in the matrix", name, r.Action)
		if exempt[name] != "" {
			continue
		}
		if line := privateLine(r.Path); line != "" {
			w.ask(r, browsers, filled(r.Path, w.shared(target).params(t, r.Path)), line, "another's")
			continue
		}
		if !bound(r.Path) {
			w.ask(r, browsers, filled(r.Path, w.objects(target, w.people["member"].ID).params(t, r.Path)), lines[0], "")
			continue
		}
		require.NotEmpty(t, lines[1], "%s: the matrix does not say what %s means for one webhook", name, r.Action)
		w.ask(r, browsers, filled(r.Path, w.shared(target).params(t, r.Path)), lines[1], "shared")
		w.ask(r, browsers, filled(r.Path, w.objects(target, w.people["owner"].ID).params(t, r.Path)), lines[2], "another's")
	}
}

func privateLine(path string) string {
	for _, p := range private {
		if strings.HasPrefix(path, p.under) {
			return p.line
		}
	}
	return ""
}

func bound(path string) bool {
	for _, start := range ofWebhook {
		if strings.HasPrefix(path, start) {
			return true
		}
	}
	return false
}

func (w world) ask(r web.Route, browsers map[string]*browser, path, line, whose string) {
	expected := strings.Fields(line)
	require.Len(w.t, expected, len(kinds))
	for i, kind := range kinds {
		if expected[i] == "ok" {
			expected[i] = expectedStatus(r, whose, i)
		}
		require.Equal(w.t, expected[i], outcome(browsers[kind], r.Method, path), "%s %s as %s %s", r.Method, r.Path, kind, whose)
		if r.Path == "/logout" && w.people[kind] != nil {
			browsers[kind] = w.signedIn(*w.people[kind])
		}
	}
}

// outcome is "in" for an answer that leads to the sign-in page, and else the status;
// an error of the server comes with its text.
func outcome(b *browser, method, path string) string {
	b.get("/nowhere")
	form := url.Values{"csrf": {b.csrf()}, "enabled": {"true"}, "level": {"view"}}
	req, err := http.NewRequest(method, b.site.URL+path, strings.NewReader(form.Encode()))
	require.NoError(b.t, err)
	if method != http.MethodGet {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", b.site.URL)
	}
	res, err := b.http.Do(req)
	require.NoError(b.t, err)
	defer func() { _ = res.Body.Close() }() // a live list never ends by itself
	switch code := res.StatusCode; {
	case code == http.StatusSeeOther && strings.HasPrefix(res.Header.Get("Location"), "/login") && path != "/logout":
		return "in"
	case path == "/logout" && !strings.Contains(strings.Join(res.Header.Values("Set-Cookie"), ""), "signed-out"):
		return "in" // both lead there; one with a farewell
	case code >= http.StatusInternalServerError:
		text, _ := io.ReadAll(res.Body)
		return res.Status + string(text)
	default:
		return strconv.Itoa(code)
	}
}

// Another user's object is answered in the very words of a missing object.
func TestZ8_RefusalsDoNotTellWhatExists(t *testing.T) {
	w := newWorld(t)
	o := w.objects("https://hooks.example.com/", w.people["owner"].ID)
	b := w.signedIn(*w.people["member"])
	for _, path := range []string{"/webhooks/" + o.webhook, "/webhooks/" + o.webhook + "/logs", "/deliveries/" + o.delivery, "/deliveries/" + o.delivery + "/row"} {
		id := strings.Split(path, "/")[2]
		prefix, _, _ := strings.Cut(id, "_")
		missing := strings.Replace(path, id, models.FormatID(prefix, uuid.Must(uuid.NewV7())), 1)
		require.Equal(t, b.get(missing).doc.Find("main").Text(), b.get(path).doc.Find("main").Text(), path)
	}
}
