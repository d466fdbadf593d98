package deliver

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// Preview shows a webhook that is not saved, tells what is missing, and puts a
// fault beside its field.
func TestH5_Preview(t *testing.T) {
	b := newRig(t)
	in := b.input("https://hooks.example.com/{{data.a}}")
	in.Webhook.ID, in.Webhook.Signing.Key = "", models.Sealed("not saved")
	in.Webhook.Headers = []models.Header{{Name: "X-Key", Secret: true}, {Name: "X-V", Value: "{{data.none}}"}}
	in.Webhook.Body = models.Body{Format: models.BodyRaw, Template: "{{data.long}}{{contact.city}}é"}
	in.Event.Data = []byte(`{"a":"<éé>","long":"` + strings.Repeat("x", models.KeptRequestBody) + `"}`)
	p, err := b.Preview(in)
	require.NoError(t, err)
	require.Equal(t, "https://hooks.example.com/%3C%C3%A9%C3%A9%3E", p.Request.URL)
	require.Equal(t, []string{"contact.city", "data.none"}, p.Missing)
	require.Equal(t, models.KeptRequestBody+2, p.Bytes)
	require.Len(t, p.Request.Body, models.KeptRequestBody)
	require.True(t, p.Request.Truncated)

	require.Empty(t, p.Marked.Marks, "what is cut off has no marks")

	in.Webhook.Headers[1].Value = "{{data.a}}"
	p, err = b.Preview(in)
	var fault *models.Error
	require.ErrorAs(t, err, &fault)
	require.Equal(t, "headers.1.value", fault.Fields[0].Field)
	require.Equal(t, "https://hooks.example.com/%3C%C3%A9%C3%A9%3E", p.Request.URL, "what was made until then")

	in.Webhook.Headers, in.Webhook.URL = nil, "https://10.0.0.1/{{data.a}}"
	_, err = b.Preview(in)
	require.ErrorAs(t, err, &fault)
	require.Equal(t, "url", fault.Fields[0].Field)
	in.Webhook.URL, in.Webhook.Body.Template = "https://a.example/", "{{"
	_, err = b.Preview(in)
	require.ErrorAs(t, err, &fault)
	require.Equal(t, "body.template", fault.Fields[0].Field)
}

// H5: what is missing is marked at its place, in whatever place it stands, and the
// request itself is the one that would be sent.
func TestH5_PreviewMarksWhatIsMissing(t *testing.T) {
	b := newRig(t)
	in := b.input("https://hooks.example.com/a/{{data.none}}?q={{data.missing0z}}")
	in.Webhook.Params = []models.Param{{Name: "p", Value: "x {{#urlEncode}}{{contact.city}}{{/urlEncode}}"}}
	in.Webhook.Headers = []models.Header{{Name: "X-V", Value: "v={{data.none}}"}, {Name: "X-Plain", Value: "plain"}}
	in.Webhook.Auth = models.Auth{Kind: models.AuthBearer, Secret: models.Sealed("not opened")}
	in.Event.Data = []byte(`{"a":"missing0z","null":null,"missing0z":"missing0z"}`)
	for format, c := range map[models.BodyFormat]struct{ template, sent, marked string }{
		models.BodyJSON: {
			`{"a": "{{data.a}}", "whole": "{{data.none}}", "text": "Hi {{contact.city}}!", "null": "{{data.null}}", "or": "{{contact.city ?? 'x'}}"}`,
			`{"a":"missing0z","whole":"","text":"Hi !","null":null,"or":"x"}`,
			`{"a":"missing0z","whole":"[data.none]","text":"Hi [contact.city]!","null":null,"or":"x"}`,
		},
		models.BodyRaw: {"{{data.a}} <{{contact.city}}>", "missing0z <>", "missing0z <[contact.city]>"},
	} {
		in.Webhook.Body = models.Body{Format: format, Template: c.template}
		p, err := b.Preview(in)
		require.NoError(t, err)
		named := func(text string) string {
			for _, m := range p.Marked.Marks {
				text = strings.ReplaceAll(text, m.Token, "["+m.Name+"]")
			}
			return text
		}
		require.Equal(t, c.sent, string(p.Request.Body))
		require.Equal(t, len(c.sent), p.Bytes)
		require.Equal(t, c.marked, named(string(p.Marked.Body)))
		require.Equal(t, "https://hooks.example.com/a/?q=missing0z&p=x%20", p.Request.URL)
		require.Equal(t, "https://hooks.example.com/a/[data.none]?q=missing0z&p=x%20[contact.city]", named(p.Marked.URL))
		require.Len(t, p.Marked.Headers, len(p.Request.Headers))
		for i, h := range p.Request.Headers {
			marked := named(p.Marked.Headers[i].Value)
			if h.Name == "X-V" {
				require.Equal(t, []string{"v=", "v=[data.none]"}, []string{h.Value, marked})
				continue
			}
			require.Equal(t, h, p.Marked.Headers[i])
		}
	}
	in.Event.Data = []byte(`{"none":1,"missing0z":2,"a":3,"null":1}`)
	in.Event.Context = []byte(`{"contact":{"city":"Oslo"}}`)
	p, err := b.Preview(in)
	require.NoError(t, err)
	require.Empty(t, p.Marked)
}
