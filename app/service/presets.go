package service

import (
	"context"

	"hookline/app/policy"
	"hookline/app/preset"
	"hookline/models"
)

// Presets is what is known of services that people connect often (I14). They are
// the same in every workspace; who may read webhooks may read them.
type Presets struct{ deps }

// Preset is one service, with the questions that fill its webhook.
type Preset = preset.Preset

// Kinds of questions.
const (
	PresetLongText = preset.LongText
	PresetColour   = preset.Colour
)

// CustomPreset is the one that fills nothing in.
const CustomPreset = preset.CustomID

// List returns all, in the order the form offers them.
func (s *Presets) List(_ context.Context, actor models.Actor) ([]Preset, error) {
	if err := policy.CheckMight(actor, policy.ReadWebhooks); err != nil {
		return nil, err
	}
	return preset.All(), nil
}

// Get returns one; NotFound when there is none.
func (s *Presets) Get(_ context.Context, actor models.Actor, id string) (Preset, error) {
	if err := policy.CheckMight(actor, policy.ReadWebhooks); err != nil {
		return Preset{}, err
	}
	return preset.Get(id)
}

// Recognise is the preset of the service that a URL leads to; NotFound for none.
func (s *Presets) Recognise(_ context.Context, actor models.Actor, url string) (Preset, error) {
	if err := policy.CheckMight(actor, policy.ReadWebhooks); err != nil {
		return Preset{}, err
	}
	if p, known := preset.Recognise(url); known {
		return p, nil
	}
	return Preset{}, models.Errorf(models.NotFound, "No known service has this URL.")
}

// Apply answers with the webhook that the preset makes of the answers, by the
// names of its fields and "url". Nothing is stored: it is what to create, with
// the secret still to be entered when the preset needs one. Faults are named as
// the answers are.
func (s *Presets) Apply(ctx context.Context, actor models.Actor, id string, answers map[string]string) (models.WebhookSettings, error) {
	p, err := s.Get(ctx, actor, id)
	if err != nil {
		return models.WebhookSettings{}, err
	}
	w, faults := p.Apply(answers)
	return w, faults.Err()
}

// Fill is Apply for a form that asks for the URL elsewhere: it may be missing.
func (s *Presets) Fill(ctx context.Context, actor models.Actor, id string, answers map[string]string) (models.WebhookSettings, error) {
	p, err := s.Get(ctx, actor, id)
	if err != nil {
		return models.WebhookSettings{}, err
	}
	w, faults := p.Fill(answers)
	return w, faults.Err()
}
