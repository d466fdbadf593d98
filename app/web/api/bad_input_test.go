package api_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

func nest(depth int) string {
	return strings.Repeat(`{"a":`, depth) + "1" + strings.Repeat("}", depth)
}

// badBodies are wrong for POST /events.
var badBodies = []struct {
	name, body string
	status     int
	field      string // named in errors
	says       string // in the detail or the field's message
}{
	{"empty", ``, 400, "", "empty"},
	{"spaces", " \n ", 400, "", "empty"},
	{"byte order mark", "\xef\xbb\xbf" + anEvent, 400, "", "byte order mark"},
	{"list", `[` + anEvent + `]`, 400, "", "object"},
	{"null", `null`, 400, "", "object"},
	{"string", `"x"`, 400, "", "object"},
	{"cut", anEvent[:40], 400, "", "too early (line 1, byte 40)"},
	{"two documents", anEvent + anEvent, 400, "", "object"},
	{"rubbish after", anEvent + "x", 400, "", "not valid JSON"},
	{"comma", "{\n\"type\":\"a.b\",\n}", 400, "", "line 2"},
	{"single quotes", `{'type':'a'}`, 400, "", "not valid JSON"},
	{"NaN", `{"type":"release.published","data":{"a":NaN}}`, 400, "", "not valid JSON"},
	{"leading zero", `{"type":"release.published","data":{"a":01}}`, 400, "", "not valid JSON"},
	{"bad escape", `{"type":"release.published","data":{"a":"\x"}}`, 400, "", "not valid JSON"},
	{"half a surrogate", `{"type":"release.published","data":{"a":"\ud800"}}`, 400, "", "not valid JSON"},
	{"invalid UTF-8", "{\"type\":\"release.published\",\"data\":{\"a\":\"\xff\"}}", 400, "", "UTF-8"},
	{"NUL byte", "{\"type\":\"release.published\",\"data\":{\"a\":\"\x00\"}}", 400, "", "not valid JSON"},
	{"twice", `{"type":"release.published","type":"x","data":{}}`, 400, "type", "twice"},
	{"twice, escaped", `{"type":"release.published","\u0074ype":"x","data":{}}`, 400, "type", "twice"},
	{"twice in data", `{"type":"release.published","data":{"a":{"b":1,"b":2}}}`, 400, "data.a.b", "twice"},
	{"depth 65", `{"type":"release.published","data":` + nest(64) + `}`, 400, "", "64 levels"},
	{"depth 100000", `{"type":"release.published","data":` + nest(100000) + `}`, 400, "", "64 levels"},
	{"unknown member", anEvent[:1] + `"colour":"red",` + anEvent[1:], 422, "colour", "no such member"},
	{"nobody", about(`{}`), 422, "participant", "by id or by email"},
	{"participant number", about(`7`), 422, "participant", "an object"},
	{"participant by both", about(`{"id":"par_` + noID + `","email":"a@b.test"}`), 422, "participant", "not by both"},
	{"participant unknown", about(`{"id":"par_` + noID + `"}`), 422, "participant.id", "no participant"},
	{"participant of another kind", about(`{"id":"usr_` + noID + `"}`), 422, "participant.id", "no participant"},
	{"participant id number", about(`{"id":7}`), 422, "participant.id", "Give a string"},
	{"participant email", about(`{"email":"x"}`), 422, "participant.email", "e-mail address"},
	{"participant email empty", about(`{"email":""}`), 422, "participant.email", "not empty"},
	{"participant member", about(`{"email":"a@b.test","name":"x"}`), 422, "participant.name", "Known are id"},
	{"participant fields", about(`{"email":"a@b.test","fields":[1]}`), 422, "participant.fields", "JSON object"},
	{"participant identifiers", about(`{"email":"a@b.test","identifiers":{"a":1}}`), 422, "participant.identifiers.a", "Give a string"},
	{"participant large", about(`{"email":"a@b.test","fields":{"a":"` + strings.Repeat("x", models.MaxParticipantBytes) + `"}}`), 422, "participant.fields", "64 KiB"},
	{"participant twice in fields", about(`{"email":"a@b.test","fields":{"a":1,"a":2}}`), 400, "participant.fields.a", "twice"},
	{"no type", `{"data":{}}`, 422, "type", "Name the event's type"},
	{"type null", `{"type":null,"data":{}}`, 422, "type", "Give a string"},
	{"type number", `{"type":7,"data":{}}`, 422, "type", "Give a string"},
	{"type empty", `{"type":"","data":{}}`, 422, "type", "not empty"},
	{"type unknown", `{"type":"no.such","data":{}}`, 422, "type", "GET /api/v1/event-types"},
	{"type with NUL", `{"type":"a\u0000","data":{}}`, 422, "type", "no event type"},
	{"no data", `{"type":"release.published"}`, 422, "data", "{} will do"},
	{"data null", `{"type":"release.published","data":null}`, 422, "data", "object"},
	{"data list", `{"type":"release.published","data":[1]}`, 422, "data", "object"},
	{"data string", `{"type":"release.published","data":"{}"}`, 422, "data", "object"},
	{"id number", `{"type":"release.published","data":{},"id":1}`, 422, "id", "Give a string"},
	{"id empty", `{"type":"release.published","data":{},"id":""}`, 422, "id", "leave it out"},
	{"id with spaces", `{"type":"release.published","data":{},"id":"a b"}`, 422, "id", "starts with a letter or digit"},
	{"id too long", `{"type":"release.published","data":{},"id":"` + strings.Repeat("a", 129) + `"}`, 422, "id", "128"},
	{"id with quotes", `{"type":"release.published","data":{},"id":"a\",\"deliveries\":9"}`, 422, "id", "letters, digits"},
	{"time without zone", `{"type":"release.published","data":{},"occurred_at":"2026-05-01T09:00:00"}`, 422, "occurred_at", "RFC 3339"},
	{"time with a comma", `{"type":"release.published","data":{},"occurred_at":"2026-05-01T09:00:00,5Z"}`, 422, "occurred_at", "RFC 3339"},
	{"time as number", `{"type":"release.published","data":{},"occurred_at":1746090000}`, 422, "occurred_at", "Give a string"},
	{"time past 9999", `{"type":"release.published","data":{},"occurred_at":"9999-12-31T23:59:59-12:00"}`, 422, "occurred_at", "RFC 3339"},
	{"time before 1", `{"type":"release.published","data":{},"occurred_at":"0000-01-01T00:00:00Z"}`, 422, "occurred_at", "RFC 3339"},
	{"all at once", `{"type":7,"id":[],"nope":1}`, 422, "nope", "no such member"},
}

// about is a good event with this participant.
func about(participant string) string {
	return anEvent[:1] + `"participant":` + participant + "," + anEvent[1:]
}

func TestBadEventsAreRefusedAndNothingIsStored(t *testing.T) {
	d := newDesk(t)
	d.webhook("https://example.com/hooks")
	before := d.counts()
	for _, c := range badBodies {
		t.Run(c.name, func(t *testing.T) {
			detail, fields := d.in(t).call("POST", "/api/v1/events", c.body).problem(c.status)
			if c.field != "" {
				require.Contains(t, fields, c.field)
				detail += fields[c.field]
			}
			require.Contains(t, detail, c.says)
		})
	}
	require.Equal(t, before, d.counts())
	d.publish(`{"type":"release.published","data":` + nest(63) + `}`) // 64 levels are fine
}

func TestAllFaultsOfAnEventComeTogether(t *testing.T) {
	d := newDesk(t)
	_, fields := d.call("POST", "/api/v1/events", `{"type":7,"id":[],"nope":1}`).problem(422)
	require.Len(t, fields, 3)
}

func TestBadIdempotencyKeys(t *testing.T) {
	d := newDesk(t)
	d.webhook("https://example.com/hooks")
	for _, key := range []string{strings.Repeat("k", 256), "with space", "umlaut-ü"} {
		_, fields := d.call("POST", "/api/v1/events", anEvent, "Idempotency-Key", key).problem(422)
		require.Contains(t, fields, "Idempotency-Key")
	}
	require.Zero(t, d.counts()["deliveries"])
}

func TestContentTypes(t *testing.T) {
	d := newDesk(t)
	for kind, status := range map[string]int{
		"": 202, "application/json": 202, "Application/JSON; charset=UTF-8": 202, `application/json;charset="utf-8"`: 202,
		"text/plain": 415, "application/x-www-form-urlencoded": 415, "application/xml": 415, "application/json; charset=latin1": 415, "application/jsonx": 415, ";": 202,
	} {
		a := d.call("POST", "/api/v1/events", anEvent, "Content-Type", kind)
		require.Equal(t, status, a.status, kind)
	}
	d.call("POST", "/api/v1/events", anEvent, "Content-Type", "text/plain").problem(415)
	d.call("POST", "/api/v1/events", anEvent, "Content-Encoding", "gzip").problem(415)
}

func sized(n int) string {
	const head, tail = `{"type":"release.published","data":{"x":"`, `"}}`
	return head + strings.Repeat("x", n-len(head)-len(tail)) + tail
}

func TestBodyLimits(t *testing.T) {
	d := newDesk(t)
	d.webhook("https://example.com/hooks")
	for path, body := range map[string]string{
		"/api/v1/events":       sized(models.MaxEventBytes + 1),
		"/api/v1/events/batch": `{"events":[` + strings.Repeat(" ", models.MaxBatchBytes) + `]}`,
		"/api/v1/webhooks":     strings.Repeat(" ", models.MaxEventBytes+1),
		"/api/v1/event-types":  strings.Repeat(" ", models.MaxEventBytes+1),
	} {
		detail, _ := d.call("POST", path, body).problem(413)
		require.Contains(t, detail, "MiB")
	}
	// A body of unknown length is cut off, not buffered whole.
	a, err := d.try("POST", "/api/v1/events", io.MultiReader(strings.NewReader(sized(models.MaxEventBytes+1))))
	require.NoError(t, err)
	a.problem(413)
	require.Zero(t, d.counts()["deliveries"])

	d.publish(sized(models.MaxEventBytes)) // exactly the limit is fine
	a, err = d.try("POST", "/api/v1/events", io.MultiReader(strings.NewReader(sized(models.MaxEventBytes))))
	require.NoError(t, err)
	a.is(202)
}

// A body that is announced as too large is refused before any of it is sent.
func TestTooLargeBodyIsRefusedUnread(t *testing.T) {
	d := newDesk(t)
	conn := dial(t, d)
	_, err := io.WriteString(conn, "POST /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+d.admin+"\r\nContent-Length: 9000000000\r\n\r\n")
	require.NoError(t, err)
	reply, err := io.ReadAll(conn)
	require.NoError(t, err)
	require.Contains(t, string(reply), "HTTP/1.1 413 ")
	require.Contains(t, string(reply), "Connection: close")
}

func TestBrokenOffBodyIsNotOurFault(t *testing.T) {
	d := newDesk(t)
	conn := dial(t, d)
	_, err := io.WriteString(conn, "POST /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+d.admin+"\r\nContent-Length: 100\r\n\r\n{")
	require.NoError(t, err)
	require.NoError(t, conn.(*net.TCPConn).CloseWrite())
	reply, err := io.ReadAll(conn)
	require.NoError(t, err)
	require.Contains(t, string(reply), "HTTP/1.1 400 ")
}

func dial(t *testing.T, d *desk) net.Conn {
	conn, err := net.Dial("tcp", strings.TrimPrefix(d.url, "http://"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	return conn
}

func TestHostileIDsAreNotFound(t *testing.T) {
	d := newDesk(t)
	for _, id := range []string{
		"x", "wh_", "%00", "%ff", "..%2f..", "wh_%27%20OR%201=1--", strings.Repeat("a", 5000), "dlv_01kf2j7q8e5t9v3m6x0y4z1b2c", "wh_01kf2j7q8e5t9v3m6x0y4z1b2c",
		"evt_01kf2j7q8e5t9v3m6x0y4z1b2c", "tok_01kf2j7q8e5t9v3m6x0y4z1b2c", "%2500", "a%0ab", "%F0%9F%92%A9", "*", ":id", "{id}",
	} {
		for _, c := range []string{
			"GET /events/", "GET /event-types/", "DELETE /event-types/", "GET /webhooks/", "PATCH /webhooks/", "DELETE /webhooks/", "POST /webhooks/{}/test",
			"POST /webhooks/{}/duplicate", "GET /deliveries/", "POST /deliveries/{}/retrigger", "POST /deliveries/{}/cancel", "DELETE /tokens/",
		} {
			method, path, _ := strings.Cut(c, " ")
			if strings.Contains(path, "{}") {
				path = strings.Replace(path, "{}", id, 1)
			} else {
				path += id
			}
			d.call(method, "/api/v1"+path, "{}").problem(404)
		}
	}
}

func TestBadQueriesNameTheParameter(t *testing.T) {
	d := newDesk(t)
	for query, field := range map[string]string{
		"limit=0": "limit", "limit=-1": "limit", "limit=201": "limit", "limit=x": "limit", "limit=1.5": "limit", "limit=99999999999999999999": "limit",
		"cursor=x": "cursor", "cursor=bz09": "cursor", "cursor=b3doXzAxa2Yyajdx": "cursor", "cursor=%00": "cursor", "cursor=" + strings.Repeat("A", 5000): "cursor",
		"state=done": "state", "state=Pending": "state", "status=abc": "status", "status=99": "status", "status=600": "status",
		"since=yesterday": "since", "until=2026-05-01": "until", "since=2026-13-01T00:00:00Z": "since", "q=%00": "q", "q=a%0Ab": "q", "q=%ff": "q",
		"q=" + strings.Repeat("%25", 300): "q", "event_type=%00": "event_type", "webhook_id=x": "webhook_id", "webhook_id=dlv_01kf2j7q8e5t9v3m6x0y4z1b2c": "webhook_id",
		"event_id=%ff": "event_id", "state=pending&state=failed": "state",
	} {
		_, fields := d.call("GET", "/api/v1/deliveries?"+query, "").problem(422)
		require.Contains(t, fields, field, query)
	}
	for _, query := range []string{"q=%zz", "q=a;b", "%"} {
		d.call("GET", "/api/v1/deliveries?"+query, "").problem(400)
	}
	for _, query := range []string{
		"", "nope=1", "limit=200", "cursor=", "state=", "q=%25_%5C", "since=2026-05-01T09:00:00%2B02:00", "since=2026-05-01T09:00:00+02:00", "event_type=no.such", "status=404",
		"since=0001-01-01T00:00:01Z&until=9999-12-31T00:00:00Z",
	} {
		v := d.call("GET", "/api/v1/deliveries?"+query, "").is(200)
		require.Equal(t, map[string]any{"data": []any{}, "next_cursor": nil}, v, query)
	}
	for _, path := range []string{"/webhooks?cursor=x", "/webhooks?limit=0", "/webhooks?q=%00"} {
		d.call("GET", "/api/v1"+path, "").problem(422)
	}
}

func TestUnknownAddressesAndMethods(t *testing.T) {
	d := newDesk(t)
	for _, path := range []string{"/api", "/api/", "/api/v1", "/api/v1/", "/api/v1/nope", "/api/v2/events", "/api/v1/webhooks/x/y/z", "/api/v1/events/", "/api/v1//events", "/api/v1/webhooks/"} {
		d.call("GET", path, "").problem(404)
	}
	for c, allow := range map[string]string{
		"PATCH /events": "GET, HEAD, POST", "DELETE /events": "GET, HEAD, POST", "DELETE /webhooks": "GET, HEAD, POST", "PUT /webhooks/x": "GET, HEAD, PATCH, DELETE", "GET /webhooks/x/test": "POST",
		"POST /event-types/a.b": "GET, HEAD, PUT, DELETE", "TRACE /tokens": "GET, HEAD, POST", "OPTIONS /tokens": "GET, HEAD, POST", "GET /events/batch": "",
	} {
		method, path, _ := strings.Cut(c, " ")
		if allow == "" {
			continue
		}
		a := d.call(method, "/api/v1"+path, "")
		a.problem(405)
		require.Equal(t, allow, a.header.Get("Allow"), c)
	}
	d.call("POST", "/api/docs", "").problem(405)
	require.Equal(t, http.StatusMethodNotAllowed, d.call("HEAD", "/api/v1/webhooks/x/test", "").status)
}

// A body full of faults must not grow into an answer many times its size.
func TestFaultsAreNotAnsweredWithoutEnd(t *testing.T) {
	d := newDesk(t)
	var members, types strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&members, `"x%d":0,`, i)
		fmt.Fprintf(&types, `"a.b%d",`, i)
	}
	many := members.String()
	event := `{` + many + `"type":"release.published","data":{}}`
	for path, body := range map[string]string{
		"/events":       event,
		"/events/batch": `{` + many + `"events":[` + event + `]}`,
		"/webhooks":     `{"name":"N","url":"https://example.com/","subscriptions":{"types":[` + strings.TrimSuffix(types.String(), ",") + `]}}`,
	} {
		a := d.call("POST", "/api/v1"+path, body)
		a.problem(422)
		require.Less(t, len(a.body), 20_000, path)
	}
}
