package deliver

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// merge makes the body or the address of merged fields.
func merge(t *testing.T, method string, body models.Body, data, context string) (sent, url string, missing []string) {
	t.Helper()
	b := newRig(t)
	in := b.input("https://api.example.com/webhook/endpoint")
	in.Webhook.Method, in.Webhook.Signing, in.Webhook.Body = method, models.Signing{}, body
	in.Webhook.Body.Format = models.BodyMerged
	in.Event.Data, in.Event.Context = []byte(data), []byte(context)
	p, err := b.Preview(in)
	require.NoError(t, err)
	require.Equal(t, len(p.Request.Body), p.Bytes)
	return string(p.Request.Body), p.Request.URL, p.Missing
}

const who = `{"contact":{"id":"ptc_1","email":"test.user@example.com","firstName":"Test"},"workflow":{"id":12345,"name":"Welcome Sequence"}}`

// The worked examples of seed 003, order as printed.
func TestI8_DocumentsExamples(t *testing.T) {
	identity := models.Body{IncludeIdentity: true, Encoding: "json"}
	body, _, _ := merge(t, "POST", identity, `{ "promotionId": 123, "color": "red" }`, who)
	require.Equal(t, `{"promotionId":123,"color":"red","email":"test.user@example.com","workflowId":12345}`, body)

	body, _, _ = merge(t, "PUT", models.Body{Encoding: "json", UserFields: []string{"city", "state"}}, `{ "promotionId": 123, "color": "red" }`,
		`{"contact":{"email":"user@example.com","state":"California","city":"San Francisco"},"workflow":{"id":12345}}`)
	require.Equal(t, `{"city":"San Francisco","state":"California","promotionId":123,"color":"red"}`, body)

	body, url, _ := merge(t, "GET", identity, `{}`, `{"contact":{"email":"user@example.com"}}`)
	require.Empty(t, body)
	require.Equal(t, "https://api.example.com/webhook/endpoint?email=user@example.com", url)

	const click = `{ "promotionId": 123, "color": "red", "buttonName": "Claim offer", "buttonUrl": "https://example.com/spring-sale" }`
	const clicked = `{"promotionId":123,"color":"red","buttonName":"Claim offer","buttonUrl":"https://example.com/spring-sale","email":"test.user@example.com","workflowId":12345`
	body, _, _ = merge(t, "POST", identity, click, who)
	require.Equal(t, clicked+"}", body)

	identity.Custom = `{ "campaignName": "Spring Launch 2026", "journeyStep": "clicked_offer_button", "marketingContext": { "channel": "email", "audienceSegment": "high_intent_returning_users" } }`
	body, _, _ = merge(t, "POST", identity, click, who)
	require.Equal(t, clicked+`,"campaignName":"Spring Launch 2026","journeyStep":"clicked_offer_button","marketingContext":{"channel":"email","audienceSegment":"high_intent_returning_users"}}`, body)
}

// Each source goes over the one before; what goes over a field takes its place.
func TestI8_Precedence(t *testing.T) {
	everything := models.Body{
		Encoding: "json", IncludeIdentity: true, UserFields: []string{"a", "b", "c", "email", "nowhere"},
		Custom: `{"c":"custom {{data.b}}","workflowId":"{{workflow.name}}","n":"{{data.none}}","d":null,"z":[1.50]}`,
	}
	const profile = `{"contact":{"email":"p@example.com","a":"profile","b":"profile","c":"profile"},"workflow":{"id":"wf_1","name":"W"}}`
	body, _, missing := merge(t, "POST", everything, `{"b":"data","d":"data","email":"data","n":1.50,"t":"\u00e9"}`, profile)
	require.Equal(t, `{"a":"profile","b":"data","c":"custom data","email":"p@example.com","d":null,"n":1.50,"t":"\u00e9","workflowId":"W","z":[1.50]}`, body,
		"n keeps the data's value, for the custom one is missing")
	require.Equal(t, []string{"contact.nowhere", "data.none"}, missing)
}

// A missing field is left out, of whichever source, and told.
func TestI8_MissingIsLeftOut(t *testing.T) {
	body, _, missing := merge(t, "POST", models.Body{Encoding: "json", IncludeIdentity: true, UserFields: []string{"city", "x"}, Custom: `{"k":"{{data.none}}","s":"-{{data.none}}-"}`}, `{"x":1}`, "")
	require.Equal(t, `{"x":1,"s":"--"}`, body)
	require.Equal(t, []string{"contact.city", "data.none"}, missing)
}

const allKinds = `{"s":"a b&c=d+é\n","n":-0.10e2,"big":12345678901234567890123,"t":true,"z":null,"o":{ "k" : [1, 2.50] },"l":[ ]}`

func TestI8_FormAndQuery(t *testing.T) {
	body, _, _ := merge(t, "POST", models.Body{Encoding: "form"}, allKinds, "")
	require.Equal(t, `s=a+b%26c%3Dd%2B%C3%A9%0A&n=-0.10e2&big=12345678901234567890123&t=true&z=&o=%7B%22k%22%3A%5B1%2C2.50%5D%7D&l=%5B%5D`, body)
	for _, method := range []string{"GET", "DELETE"} {
		body, url, _ := merge(t, method, models.Body{Encoding: "json"}, allKinds, "")
		require.Empty(t, body)
		require.Equal(t, "https://api.example.com/webhook/endpoint?s=a%20b%26c%3Dd%2B%C3%A9%0A&n=-0.10e2&big=12345678901234567890123&t=true&z=&o=%7B%22k%22:%5B1%2C2.50%5D%7D&l=%5B%5D", url)
	}
}

// Data of any size ends: as a body it is sent, as a query the guard refuses it.
func TestI8_ManyFields(t *testing.T) {
	fields := make([]string, 50_000)
	for i := range fields {
		fields[i] = `"field` + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + strings.Repeat("y", i/26%50) + `":1`
	}
	data := "{" + strings.Join(fields, ",") + "}"
	body, _, _ := merge(t, "POST", models.Body{Encoding: "json", IncludeIdentity: true}, data, who)
	require.NotEmpty(t, body)
	b := newRig(t)
	in := b.input("https://api.example.com/")
	in.Webhook.Method, in.Webhook.Body, in.Event.Data = "GET", models.Body{Format: models.BodyMerged}, []byte(data)
	a := b.Send(t.Context(), in).Attempt
	require.Equal(t, models.BlockedURL, a.Outcome)
	require.Equal(t, models.CauseURLFilled, a.Cause)
	require.Contains(t, a.Error, "longer than 8192")
}
