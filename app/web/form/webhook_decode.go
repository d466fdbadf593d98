package form

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"

	"github.com/gorilla/schema"

	"hookline/models"
	"hookline/views/webhooks"
)

// maxRow is the highest number of a row in a posted table: the longest table, and the
// empty rows that a page offers.
const maxRow = models.MaxFormFields + 9

var rowField = regexp.MustCompile(`^(headers|params|body\.fields)\.(0|[1-9][0-9]{0,3})\.(?:name|value|secret)$`)

// decoder reads posted fields by the names that the settings have as JSON.
var decoder = newDecoder()

func newDecoder() *schema.Decoder {
	d := schema.NewDecoder()
	d.SetAliasTag("json")
	d.IgnoreUnknownKeys(true)
	d.ZeroEmpty(true)
	d.MaxSize(maxRow)
	d.RegisterConverter(false, boolValue)
	return d
}

// boolValue reads a switch or checkbox. The decoder refuses the zero Value.
func boolValue(text string) reflect.Value {
	if text != "" && text != "true" && text != "false" {
		return reflect.Value{}
	}
	return reflect.ValueOf(text == "true")
}

// decode reads the posted fields over the form as it was drawn.
func (f *Webhook) decode(drawn webhooks.Fields) error {
	v, d := f.posted, drawn
	d.Raw = map[string]string{}
	d.Preset, d.AuthSecret, d.KeyAction, d.KeyOverlap = Key(v.Get("preset"), 64), v.Get("auth.secret"), v.Get("signing.key"), v.Get("signing.overlap")
	d.Version, _ = strconv.ParseInt(v.Get("version"), 10, 64) // 0 when the form has none
	clearAbsent(&d, v)
	if err := decodeError(decoder.Decode(&d.WebhookSettings, decodable(v))); err != nil {
		return err
	}
	keepUntouched(&d, drawn)
	f.Fields = d
	f.readNumbers(drawn)
	var err error
	if f.Fields.NoPassword, err = Bool(v, "auth.no_password"); err != nil {
		return err
	}
	f.checkPassword()
	return f.tidyTables(drawn)
}

// clearAbsent empties the controls that a browser does not send when they are
// empty: rows that were removed, and boxes that are not ticked.
func clearAbsent(d *webhooks.Fields, v url.Values) {
	d.Headers, d.Params = nil, nil
	d.Signing.JWT, d.Signing.HMAC, d.Signing.Standard = false, false, false
	if v.Has("body.format") {
		d.Body.Fields, d.Body.IncludeIdentity = nil, false
	}
	if v.Has("subscriptions.all") || v.Has("subscriptions.categories") || v.Has("subscriptions.types") {
		d.Subscriptions.All, d.Subscriptions.Categories, d.Subscriptions.Types = false, nil, nil
	}
}

// decodable are the posted fields that the form has. A setting that the form does not
// have, such as the switch, cannot be posted.
func decodable(v url.Values) map[string][]string {
	fields := map[string][]string{}
	for name, texts := range v {
		if rowField.MatchString(name) || name == "subscriptions.categories" || name == "subscriptions.types" {
			fields[name] = texts
		}
	}
	for _, f := range models.WebhookFields {
		if texts, ok := v[f.Control]; ok && f.Section != "" && !slices.Contains(readByHand, f.Control) {
			fields[f.Control] = texts
		}
	}
	return fields
}

// decodeError is Malformed: it is about fields that the pages do not send that way.
func decodeError(err error) error {
	var failed schema.MultiError
	if !errors.As(err, &failed) {
		return err
	}
	name := slices.Sorted(maps.Keys(failed))[0]
	if rowField.MatchString(name) && !errors.As(failed[name], new(schema.ConversionError)) {
		return models.Errorf(models.Malformed, "The form has more than %d rows in one table.", maxRow)
	}
	return models.Errorf(models.Malformed, "%s must be true or false.", name)
}

// keepUntouched restores the texts that a browser sends back in another spelling.
func keepUntouched(d *webhooks.Fields, drawn webhooks.Fields) {
	d.Name, d.URL = Line(drawn.Name, d.Name), Line(drawn.URL, d.URL)
	d.Description = Block(drawn.Description, d.Description)
	d.Auth.Header, d.Auth.Username = Line(drawn.Auth.Header, d.Auth.Header), Exact(drawn.Auth.Username, d.Auth.Username)
	d.Auth.ClientID, d.Auth.TokenURL, d.Auth.Scope = Line(drawn.Auth.ClientID, d.Auth.ClientID), Line(drawn.Auth.TokenURL, d.Auth.TokenURL), Line(drawn.Auth.Scope, d.Auth.Scope)
	d.Body.Template, d.Body.Custom = Block(drawn.Body.Template, d.Body.Template), Block(drawn.Body.Custom, d.Body.Custom)
	d.Body.ContentType = Line(drawn.Body.ContentType, d.Body.ContentType)
	d.Subscriptions.Filter = Block(drawn.Subscriptions.Filter, d.Subscriptions.Filter)
}

// tidyTables drops the rows that were removed or left empty, so that a row's place is
// the index that errors name.
func (f *Webhook) tidyTables(drawn webhooks.Fields) (err error) {
	d, param := &f.Fields, func(p *models.Param) (name, value *string) { return &p.Name, &p.Value }
	header := func(h *models.HeaderSettings) (name, value *string) { return &h.Name, &h.Value }
	if d.Headers, err = tidyRows(f.posted, "headers", d.Headers, drawn.Headers, header); err != nil {
		return err
	}
	if d.Params, err = tidyRows(f.posted, "params", d.Params, drawn.Params, param); err != nil {
		return err
	}
	if f.posted.Has("body.format") {
		d.Body.Fields, err = tidyRows(f.posted, "body.fields", d.Body.Fields, drawn.Body.Fields, param)
	}
	return err
}

func tidyRows[R any](v url.Values, table string, rows, drawn []R, texts func(*R) (name, value *string)) ([]R, error) {
	kept := make([]R, 0, len(rows))
	for n := range rows {
		name, value := texts(&rows[n])
		keepUntouchedRow(name, value, n, drawn, texts)
		remove, err := Bool(v, fmt.Sprintf("%s.%d.remove", table, n))
		if err != nil {
			return nil, err
		}
		if !remove && (*name != "" || *value != "") {
			kept = append(kept, rows[n])
		}
	}
	return kept, nil
}
