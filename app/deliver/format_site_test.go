package deliver

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"hookline/models"
)

// Z6: the envelope is JSON whatever the texts hold, they come back as they
// were, and the data's bytes are where they were (promise 4).
func TestSiteFormatZ6(t *testing.T) {
	text := rapid.String().Filter(utf8.ValidString)
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SampledFrom([]string{
			`{}`, "{\n\t\"a\" : 1.0 }", `{"b":1,"a":2,"n":-0.0,"e":1E+400}`, `{"t":"<&>\u2028\/\u00e9é"}`,
		}).Draw(t, "data")
		in := Input{
			Type:     models.EventType{Title: text.Draw(t, "title"), Description: text.Draw(t, "description")},
			Settings: models.Settings{SiteName: text.Draw(t, "name"), SiteDomain: text.Draw(t, "domain")},
			Event:    models.Event{Data: []byte(data)},
		}
		body, contentType, fault := siteFormat(newRendering(&in))
		require.Nil(t, fault)
		require.Equal(t, "application/json", contentType)
		var got struct {
			Title, Description, SiteName, SiteDomain string
			Data                                     json.RawMessage
		}
		require.NoError(t, json.Unmarshal(body, &got), "%s", body)
		require.Equal(t, in.Type.Title, got.Title)
		require.Equal(t, in.Type.Description, got.Description)
		require.Equal(t, in.Settings.SiteName, got.SiteName)
		require.Equal(t, in.Settings.SiteDomain, got.SiteDomain)
		require.Equal(t, data, string(got.Data))
	})
}

func TestSiteFormatOddInput(t *testing.T) {
	body, _, _ := siteFormat(newRendering(&Input{Type: models.EventType{Title: "a\xffb</script>\u2028"}}))
	require.True(t, json.Valid(body))
	require.Equal(t, `{"title":"a`+"\uFFFD"+`b</script>`+"\u2028"+`","description":"","siteName":"","siteDomain":"","data":{}}`, string(body))
}

// Two attempts never share a body: the client may still read the first.
func TestSiteFormatMakesNewBytes(t *testing.T) {
	in := Input{Event: models.Event{Data: []byte(`{"a":1}`)}}
	first, _, _ := siteFormat(newRendering(&in))
	second, _, _ := siteFormat(newRendering(&in))
	first[0] = 'x'
	require.Equal(t, byte('{'), second[0])
	require.Equal(t, `{"a":1}`, string(in.Event.Data))
}
