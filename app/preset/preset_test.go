package preset

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"hookline/models"
	"hookline/views/ui"
)

// good answers for every service that asks anything.
var good = map[string]map[string]string{
	"custom":  {"url": "https://example.com/hooks"},
	"slack":   {"url": "https://hooks.slack.com/services/T0001/B0002/abcDEF123"},
	"discord": {"url": "https://discord.com/api/webhooks/123456789012345678/abc_DEF-123", "username": "Hookline", "colour": "#3d4fd6"},
	"teams": {
		"url":   "https://default0123.4f.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/86ffea6392fe/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=abc-DEF_123",
		"style": "emphasis",
	},
	"zapier": {"url": "https://hooks.zapier.com/hooks/catch/123456/abcdef/"},
	"make":   {"url": "https://hook.eu2.make.com/abcdefghijklmnop"},
	"n8n":    {"url": "https://example.app.n8n.cloud/webhook/5a3e5a0e-0000-4000-8000-000000000000"},
	"inkit":  {"template_id": "tmpl_12345"},
}

func TestI14_TheServicesAreThere(t *testing.T) {
	var ids []string
	for _, p := range All() {
		ids = append(ids, p.ID)
		require.True(t, ui.HasServiceLogo(p.Logo), p.ID)
		require.NotEmpty(t, p.Steps, p.ID)
		require.NotEmpty(t, p.URL.Hint, p.ID)
		_, err := Get(p.ID)
		require.NoError(t, err)
	}
	require.Equal(t, []string{"custom", "slack", "discord", "teams", "zapier", "make", "n8n", "inkit"}, ids)
	_, err := Get("nosuch")
	require.Equal(t, models.NotFound, models.CodeOf(err))
}

func TestI14_GoodAnswersMakeAWebhook(t *testing.T) {
	for _, p := range All() {
		w, faults := p.Apply(good[p.ID])
		require.Empty(t, faults, p.ID)
		require.NotEmpty(t, w.URL, p.ID)
		require.Equal(t, p.Name, w.Name)
		if w.Body.Format == models.BodyJSON {
			require.True(t, json.Valid([]byte(w.Body.Template)), w.Body.Template)
			require.NotContains(t, w.Body.Template, "<<")
		}
		_, faults = p.Fill(good[p.ID])
		require.Empty(t, faults, p.ID)
	}
	slack, _ := Get("slack")
	w, _ := slack.Apply(good["slack"])
	require.InDelta(t, 1, w.AttemptsPerSecond(), 0)
	require.False(t, w.Signing.JWT || w.Signing.HMAC || w.Signing.Standard)
	require.Contains(t, w.Retry.RetryOn, "429")
	inkit, _ := Get("inkit")
	w, _ = inkit.Apply(good["inkit"])
	require.True(t, inkit.NeedsSecret())
	require.Equal(t, models.AuthSettings{Kind: models.AuthAPIKey, Header: "X-Inkit-API-Token"}, w.Auth)
	require.Equal(t, "https://api.inkit.com/v1/generate", w.URL)
}

// The user's answers are literals: neither JSON nor template code.
func TestI14_AnswersAreLiterals(t *testing.T) {
	p, _ := Get("slack")
	answer := "He said \"no\" \\ {{contact.email}} <<message>> {"
	w, faults := p.Apply(map[string]string{"url": good["slack"]["url"], "title": answer, "message": "one\r\ntwo\t{{{data}}}"})
	require.Empty(t, faults)
	var body struct {
		Blocks []struct{ Text struct{ Text string } }
	}
	require.NoError(t, json.Unmarshal([]byte(w.Body.Template), &body))
	brace := "{{'{'}}"
	require.Equal(t, "He said \"no\" \\ "+brace+brace+"contact.email}} <<message>> "+brace, body.Blocks[0].Text.Text)
	require.Equal(t, "one\ntwo\t"+brace+brace+brace+"data}}}", body.Blocks[1].Text.Text)
	again, _ := p.Apply(good["slack"])
	require.NotContains(t, again.Body.Template, "He said", "the preset itself is not changed")
}

func TestI14_ColoursBecomeNumbersAndOrderStays(t *testing.T) {
	p, _ := Get("discord")
	w, faults := p.Apply(map[string]string{"url": good["discord"]["url"], "username": "Ops", "colour": "#0000FF"})
	require.Empty(t, faults)
	require.Contains(t, w.Body.Template, `"color": 255`)
	order := []string{`"username"`, `"content"`, `"allowed_mentions"`, `"embeds"`, `"title"`, `"description"`, `"color"`, `"timestamp"`, `"footer"`}
	last := -1
	for _, name := range order {
		at := strings.Index(w.Body.Template, name)
		require.Greater(t, at, last, name)
		last = at
	}
}

func TestI14_BadAnswersSayHowToMendThem(t *testing.T) {
	for name, c := range map[string]struct {
		preset  string
		answers map[string]string
		field   string
		says    string
	}{
		"no url":         {"slack", map[string]string{}, "url", "Give the URL"},
		"another url":    {"slack", map[string]string{"url": "https://example.slack.com/archives/C1"}, "url", "hooks.slack.com"},
		"a long url":     {"slack", map[string]string{"url": "https://hooks.slack.com/services/T/B/" + strings.Repeat("x", models.MaxURL)}, "url", "too long"},
		"unknown answer": {"slack", map[string]string{"tilte": "x"}, "tilte", "does not ask"},
		"too long":       {"slack", map[string]string{"title": strings.Repeat("é", 151)}, "title", "150"},
		"two lines":      {"slack", map[string]string{"title": "a\nb"}, "title", "one line"},
		"control":        {"slack", map[string]string{"message": "a\x00b"}, "message", "control"},
		"no UTF-8":       {"slack", map[string]string{"message": "a\xffb"}, "message", "control"},
		"a bad colour":   {"discord", map[string]string{"username": "x", "colour": "red"}, "colour", "#3d4fd6"},
		"no colour":      {"discord", map[string]string{"username": "x"}, "colour", "needs it"},
		"a bad choice":   {"teams", map[string]string{"style": "pink"}, "style", "Choose"},
		"none at all":    {"inkit", nil, "template_id", "needs it"},
		"a retired url":  {"teams", map[string]string{"style": "good", "url": "https://x.webhook.office.com/webhookb2/1"}, "url", "retired"},
	} {
		p, err := Get(c.preset)
		require.NoError(t, err)
		_, faults := p.Apply(c.answers)
		found := ""
		for _, f := range faults {
			if f.Field == c.field {
				found = f.Message
			}
		}
		require.Contains(t, found, c.says, name)
	}
}

func TestI14_URLsOfTheServices(t *testing.T) {
	for id, urls := range map[string]struct{ yes, no []string }{
		"slack": {
			yes: []string{"https://hooks.slack-gov.com/services/T1/B2/c3"},
			no: []string{
				"http://hooks.slack.com/services/T1/B2/c3", "https://hooks.slack.com.evil.example/services/T1/B2/c3", "https://hooks.slack.com/workflows/T1/A2/3/c4",
				"https://hooks.slack.com/services/T1/B2", "https://hooks.slack.com/services/T1/B2/c3?x=1", "x https://hooks.slack.com/services/T1/B2/c3",
			},
		},
		"discord": {
			yes: []string{"https://discordapp.com/api/webhooks/1/a", "https://canary.discord.com/api/v10/webhooks/1/a?wait=true", "https://discord.com/api/webhooks/1/a?thread_id=5&wait=true"},
			no:  []string{"https://discord.com/channels/1/2", "https://discord.com.evil.example/api/webhooks/1/a", "https://discord.com/api/webhooks/1/a?x=1"},
		},
		"teams": {
			yes: []string{"https://prod-23.westeurope.logic.azure.com:443/workflows/0a1b/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=x"},
			no:  []string{"https://prod-23.westeurope.logic.azure.com.evil.example/workflows/0a1b/triggers/manual/paths/invoke?sig=x", "https://prod-23.westeurope.logic.azure.com/workflows/0a1b/triggers/manual/paths/invoke"},
		},
		"zapier": {yes: []string{"https://hooks.zapier.com/hooks/catch/1/a"}, no: []string{"https://zapier.com/app/zap/1", "https://hooks.zapier.com/hooks/catch/"}},
		"make":   {yes: []string{"https://hook.us1.make.celonis.com/abc", "https://hook.integromat.com/abc"}, no: []string{"https://eu2.make.com/1/scenarios/2", "https://hook.evil.example/abc"}},
		"n8n":    {yes: []string{"https://n8n.example.com/webhook/orders", "https://example.com/n8n/webhook/a/b"}, no: []string{"https://n8n.example.com/webhook-test/orders", "https://n8n.example.com/workflow/1"}},
	} {
		p, _ := Get(id)
		for _, u := range append(urls.yes, good[id]["url"]) {
			require.Empty(t, p.CheckURL(u), "%s: %s", id, u)
			_, err := url.Parse(u)
			require.NoError(t, err)
		}
		for _, u := range urls.no {
			require.Equal(t, p.URL.Mismatch, p.CheckURL(u), "%s: %s", id, u)
		}
	}
}

// The files are read strictly: a slip in one is found here, and not by a person
// who sends a message.
func TestI14_FilesAreReadStrictly(t *testing.T) {
	const fine = `{"id":"x","place":1,"name":"X","description":"Y.","logo":"custom","docs":"https://example.com","url":{},
		"webhook":{"body":{"format":"json"}},"template":{"a":"<<b>>"},"fields":[{"name":"b","label":"B","kind":"text","max":5}]}`
	read := func(text string) error {
		_, err := load(fstest.MapFS{"s/x.json": {Data: []byte(text)}}, "s")
		return err
	}
	require.NoError(t, read(fine))
	for change, says := range map[[2]string]string{
		{`"id":"x"`, `"id":"y"`}:                                              "its id is",
		{`"id":"x"`, `"id":"X"`}:                                              "no id",
		{`"place":1`, `"place":0`}:                                            "place",
		{`"place":1`, `"place":1,"script":"rm"`}:                              "unknown object member",
		{`"name":"X"`, `"name":""`}:                                           "needed",
		{`https://example.com`, `http://example.com`}:                         "https",
		{`"url":{}`, `"url":{"pattern":"^a$"}`}:                               "go together",
		{`"url":{}`, `"url":{"pattern":"a","mismatch":"m"}`}:                  "begin with ^",
		{`"url":{}`, `"url":{"pattern":"^a($","mismatch":"m"}`}:               "missing closing",
		{`"url":{}`, `"url":{"pattern":"^a$","mismatch":"m","fixed":"b"}`}:    "does not match",
		{`<<b>>`, `<<c>>`}:                                                    "names no field",
		{`<<b>>`, `b`}:                                                        "used nowhere",
		{`"kind":"text"`, `"kind":"secret"`}:                                  "no kind",
		{`,"max":5`, ``}:                                                      "max",
		{`"max":5`, `"max":5,"default":"123456"`}:                             "the default is refused",
		{`"max":5`, `"max":5,"options":[{"value":"a"}]`}:                      "choice",
		{`"name":"b"`, `"name":"url"`}:                                        "url is taken",
		{`"format":"json"`, `"format":"none"`}:                                "go together",
		{`"webhook":{`, `"webhook":{"headers":[{"name":"A","secret":true}],`}: "no secrets",
		{`"max":5}]}`, `"max":5}]} {}`}:                                       "after top-level value",
	} {
		text := strings.Replace(fine, change[0], change[1], 1)
		require.NotEqual(t, fine, text, change[0])
		require.ErrorContains(t, read(text), says, change[1])
	}
}

// I14: a URL is known by its host alone, however much of it is typed.
func TestI14_KnownHosts(t *testing.T) {
	for raw, want := range map[string]string{
		"https://hooks.slack.com/services/T0/{{": "slack", "https://HOOKS.slack.com": "slack", "https://hooks.slack.com.example.com/": "", "hooks.slack.com": "",
		"https://canary.discord.com/api/webhooks/1/x": "discord", "https://prod-1.westeurope.logic.azure.com:443/workflows/a": "teams",
		"https://hooks.zapier.com/hooks/catch/1/x/": "zapier", "https://hook.eu2.make.com/x": "make", "https://www.make.com/": "",
		"https://acme.app.n8n.cloud/webhook/x": "n8n", "https://example.com/webhook/x": "", "https://api.inkit.com/v1/generate": "inkit", "": "", "https://[": "",
	} {
		found, known := Recognise(raw)
		require.Equal(t, want != "", known, raw)
		require.Equal(t, want, found.ID, raw)
	}
	for _, p := range All() {
		found, known := Recognise(p.URL.Hint)
		if known {
			require.Equal(t, p.ID, found.ID)
		}
		require.Equal(t, p.ID != CustomID, len(p.URL.hosts) > 0, p.ID)
	}
}
