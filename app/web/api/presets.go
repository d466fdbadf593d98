package api

import (
	"context"
	"errors"
	"net/http"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/models"
)

// presetPart is a preset as answers show it.
type presetPart struct {
	ID          string        `json:"id" example:"slack"`
	Name        string        `json:"name" example:"Slack"`
	Description string        `json:"description"`
	Docs        string        `json:"docs" doc:"Where the service describes what it takes; empty for custom."`
	Steps       string        `json:"steps" doc:"How one gets the URL or key there."`
	URL         string        `json:"url" doc:"The URL where it is the same for all; else empty, and it is one of the answers."`
	URLHint     string        `json:"url_hint" doc:"How the service's URLs look."`
	NeedsSecret bool          `json:"needs_secret" doc:"Whether auth has to be completed with a secret before the webhook can be created."`
	Fields      []presetField `json:"fields" nullable:"false" doc:"The questions whose answers fill the webhook."`
}

type presetField struct {
	Name     string         `json:"name"`
	Label    string         `json:"label"`
	Kind     string         `json:"kind" enum:"text,long_text,colour,choice"`
	Help     string         `json:"help"`
	Default  string         `json:"default"`
	Required bool           `json:"required"`
	Max      int            `json:"max,omitzero" required:"false" doc:"Characters at most, for texts."`
	Options  []presetOption `json:"options,omitzero" required:"false" doc:"What a choice offers."`
}

type presetOption struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

func presetOf(p service.Preset) presetPart {
	out := presetPart{
		ID: p.ID, Name: p.Name, Description: p.Description, Docs: p.Docs, Steps: p.Steps,
		URL: p.URL.Fixed, URLHint: p.URL.Hint, NeedsSecret: p.NeedsSecret(), Fields: make([]presetField, len(p.Fields)),
	}
	for i, f := range p.Fields {
		out.Fields[i] = presetField{
			Name: f.Name, Label: f.Label, Kind: string(f.Kind), Help: f.Help, Default: f.Default, Required: f.Required, Max: f.Max,
		}
		for _, o := range f.Options {
			out.Fields[i].Options = append(out.Fields[i].Options, presetOption{Value: o.Value, Label: o.Label})
		}
	}
	return out
}

// presetWebhook is what to send to POST /webhooks.
type presetWebhook struct {
	Name        string                  `json:"name" example:"Slack"`
	Description string                  `json:"description"`
	Method      string                  `json:"method" enum:"POST,PUT,PATCH,GET,DELETE"`
	URL         string                  `json:"url"`
	Headers     []models.HeaderSettings `json:"headers" nullable:"false"`
	Params      []models.Param          `json:"params" nullable:"false"`
	Auth        models.AuthSettings     `json:"auth"`
	Body        models.Body             `json:"body"`
	Signing     presetSigns             `json:"signing"`
	Retry       models.Retry            `json:"retry"`
	TimeoutMS   int64                   `json:"timeout_ms"`
	RateLimit   *models.RateLimit       `json:"rate_limit"`
}

// presetSigns has no secret: Hookline makes one when the webhook is created.
type presetSigns struct {
	JWT      bool `json:"jwt"`
	HMAC     bool `json:"hmac"`
	Standard bool `json:"standard"`
}

func presetWebhookOf(w models.WebhookSettings) presetWebhook {
	return presetWebhook{
		Name: w.Name, Description: w.Description, Method: w.Method, URL: w.URL, Headers: w.Headers, Params: w.Params, Auth: w.Auth,
		Body: w.Body, Signing: presetSigns{w.Signing.JWT, w.Signing.HMAC, w.Signing.Standard}, Retry: w.Retry, TimeoutMS: w.TimeoutMS, RateLimit: w.RateLimit,
	}
}

// PresetID is the path of calls about one.
type PresetID struct {
	ID string `path:"id" doc:"The preset's id." example:"slack"`
}

func (s *server) mountPresets() {
	const tag, one = "Presets", "/presets/{id}"
	add(s, route{
		method: http.MethodGet, path: "/presets", action: policy.ReadWebhooks, tag: tag,
		summary: "List presets", description: "The services that Hookline knows the requests of, all in one page, in the order the form offers them.",
	}, s.presets)
	add(s, route{method: http.MethodGet, path: one, action: policy.ReadWebhooks, tag: tag, summary: "A preset"}, s.preset)
	add(s, route{
		method: http.MethodPost, path: one + "/apply", action: policy.ReadWebhooks, tag: tag, summary: "Fill a preset in",
		body: `{"answers":{"url":"https://hooks.slack.com/services/T0000/B0000/example","title":"A release went live"}}`,
		description: "Answers with the webhook to create: nothing is stored. answers has the preset's fields by name, and url unless the preset has one. " +
			"Answers go in as they stand: what looks like a template in them stays text. The body can be changed as one likes before it is sent to POST /webhooks.",
	}, s.applyPreset)
}

func (s *server) presets(ctx context.Context, actor models.Actor, _ *struct{}) (list[presetPart], error) {
	all, err := s.Service.Presets.List(ctx, actor)
	return whole(all, presetOf), err
}

func (s *server) preset(ctx context.Context, actor models.Actor, in *PresetID) (presetPart, error) {
	p, err := s.Service.Presets.Get(ctx, actor, in.ID)
	return presetOf(p), err
}

func (s *server) applyPreset(ctx context.Context, actor models.Actor, in *struct {
	PresetID
	Body struct {
		Answers map[string]string `json:"answers,omitzero" doc:"By the names of the preset's fields, and url."`
	}
}) (presetWebhook, error) {
	w, err := s.Service.Presets.Apply(ctx, actor, in.ID, in.Body.Answers)
	return presetWebhookOf(w), under("answers", err)
}

// under puts the fields of a fault below a member of the body.
func under(member string, err error) error {
	var fault *models.Error
	if !errors.As(err, &fault) || fault.Code != models.Invalid {
		return err
	}
	var errs models.FieldErrors
	for _, f := range fault.Fields {
		errs.Add(member+"."+f.Field, "%s", f.Message)
	}
	return errs.Err()
}
