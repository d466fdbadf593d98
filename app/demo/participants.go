package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"hookline/app/service"
	"hookline/models"
)

// participants are the sample people whom events are about.
var participants = []service.ParticipantInput{
	somebody("ada.keller@northwind.example", "U01ADA", `{"first_name":"Ada","last_name":"Keller","city":"Bern","plan":"pro","tags":["pilot","vip"]}`),
	somebody("ben.okafor@northwind.example", "U01BEN", `{"first_name":"Ben","last_name":"Okafor","city":"Lagos","plan":"free","tags":[]}`),
	somebody("chiara.rossi@contoso.example", "U01CHI", `{"full_name":"Chiara Rossi","city":"Torino","address":{"street":"Via Roma 1","zip":"10121"}}`),
	somebody("dmitri@contoso.example", "", `{"firstName":"Dmitri","company":"Contoso","employees":120}`),
	somebody("", "U01ELA", `{"full_name":"Ela Yılmaz","language":"tr"}`),
	somebody("finn.larsen@fabrikam.example", "U01FIN", `{"first_name":"Finn","last_name":"Larsen","city":"Bergen","score":0.82}`),
}

func somebody(email, slack, fields string) service.ParticipantInput {
	in := service.ParticipantInput{Email: &email, Fields: json.RawMessage(fields)}
	if slack != "" {
		in.Identifiers = json.RawMessage(fmt.Sprintf(`{"slack_user_id":%q,"slack_team_id":"T01DEMO"}`, slack))
	}
	return in
}

// addParticipants comes before the webhooks, which would be owed the events that
// tell of them.
func (p *past) addParticipants(ctx context.Context, s *service.Service) error {
	for _, in := range participants {
		made, err := s.Participants.Create(ctx, system, in)
		if err != nil {
			return err
		}
		p.people = append(p.people, made)
	}
	return nil
}

// name makes every third event of the past one about somebody.
func (p *past) name(e *models.Event) {
	if p.random.IntN(3) > 0 {
		return
	}
	who := p.people[p.random.IntN(len(p.people))]
	e.Context, e.ParticipantID = who.Context(), who.ID
}

// whom is somebody for every third event of the traffic; now and then it says
// something new of them.
func whom() *models.ParticipantRef {
	who := participants[rand.IntN(len(participants))]
	if *who.Email == "" || rand.IntN(3) > 0 {
		return nil
	}
	ref := &models.ParticipantRef{Email: *who.Email}
	if rand.IntN(4) == 0 {
		ref.Fields = json.RawMessage(fmt.Sprintf(`{"visits":%d}`, rand.IntN(500)))
	}
	return ref
}
