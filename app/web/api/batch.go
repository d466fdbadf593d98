package api

import (
	"bytes"
	"net/http"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/models"
)

// batchResult is what came of one event.
type batchResult struct {
	ID         string   `json:"id,omitzero"`
	Deliveries *int     `json:"deliveries,omitzero"`
	Error      *problem `json:"error,omitzero" doc:"Instead of id and deliveries, when this event was refused."`
}

type batchAnswer struct {
	Results []batchResult `json:"results" nullable:"false" doc:"In the order of events."`
}

func (s *server) mountBatch() {
	batch := route{
		method: http.MethodPost, path: "/events/batch", action: policy.PublishEvents, status: http.StatusAccepted, tag: "Events",
		summary: "Publish up to 1,000 events",
		description: "Each event stands for itself: one that is refused does not hold up the others, and all with an id in the answer are on disk. " +
			"The body may have 16 MiB, each event 1 MiB. Give the events ids to make a repeat safe.",
		body:   `{"events":[` + eventExample + `]}`,
		answer: `{"results":[{"id":"evt_01kf2j7q8e5t9v3m6x0y4z1b2c","deliveries":2}]}`,
	}
	later[struct {
		Body struct {
			Events []eventInput `json:"events" minItems:"1" maxItems:"1000" nullable:"false"`
		}
	}, batchAnswer](s, batch)
	s.serve(batch, s.publishBatch)
}

func (s *server) publishBatch(c echo.Context) error {
	actor, err := s.allowed(c, policy.PublishEvents)
	if err != nil {
		return err
	}
	if _, given := c.Request().Header["Idempotency-Key"]; given {
		return invalid("Idempotency-Key", "The header is for a single event. Give each event of a batch an id instead.")
	}
	body, err := readBody(c.Request(), models.MaxBatchBytes)
	if err != nil {
		return err
	}
	items, err := readBatch(body)
	if err != nil {
		return err
	}
	results := s.publishItems(c, actor, items)
	if err := allUnavailable(results); err != nil {
		return err
	}
	return answer(c, http.StatusAccepted, s.batchAnswer(results))
}

// batchItem is an event of a batch, or what is wrong with it.
type batchItem struct {
	event service.NewEvent
	err   error
}

// readBatch reads {"events": […]}. Broken JSON refuses the whole batch.
func readBatch(body []byte) (items []batchItem, err error) {
	err = withReader(body, func(r *eventReader) error {
		var invalid error
		if items, invalid, err = r.batch(); err != nil {
			return err
		}
		if err := r.end(); err != nil {
			return err
		}
		return invalid
	})
	return items, err
}

// batch reads the object around the events; what it returns is as of event.
func (r *eventReader) batch() (items []batchItem, invalid, err error) {
	if _, err := r.decoder.ReadToken(); err != nil {
		return nil, nil, err
	}
	var unknown models.FieldErrors
	for r.decoder.PeekKind() == '"' {
		name, err := r.name()
		switch {
		case err != nil:
		case string(name) == `"events"`:
			items, err = r.events()
		default:
			if len(unknown) < maxFaults {
				unknown.Add(fieldNamed(name), "There is no such member here. The only one is events.")
			}
			err = r.decoder.SkipValue()
		}
		if err != nil {
			return nil, nil, err
		}
	}
	if items == nil && len(unknown) == 0 {
		unknown.Add("events", "Give a list of 1 to %d events.", models.MaxBatch)
	}
	_, err = r.decoder.ReadToken() // the closing brace, or what is wrong
	return items, unknown.Err(), err
}

// events reads the list; nil for what is none.
func (r *eventReader) events() (items []batchItem, err error) {
	if r.decoder.PeekKind() != '[' {
		return nil, r.decoder.SkipValue()
	}
	if _, err := r.decoder.ReadToken(); err != nil {
		return nil, err
	}
	for r.decoder.PeekKind() != ']' {
		if len(items) == models.MaxBatch {
			return nil, invalid("events", "A batch takes up to 1000 events. Split it.")
		}
		start := r.decoder.InputOffset()
		var item batchItem
		if item.event, item.err, err = r.event(); err != nil {
			return nil, err
		}
		if r.decoder.InputOffset()-start > models.MaxEventBytes {
			item.err = models.Errorf(models.TooLarge, "An event may have 1 MiB.")
		}
		item.event.Data = bytes.Clone(item.event.Data) // or each event would hold on to the whole batch
		items = append(items, item)
	}
	_, err = r.decoder.ReadToken()
	return items, err
}

// publishItems publishes the sound ones; results keep the order of items.
func (s *server) publishItems(c echo.Context, actor models.Actor, items []batchItem) []service.Published {
	results := make([]service.Published, len(items))
	sound := make([]service.NewEvent, 0, len(items))
	index := make([]int, 0, len(items)) // sound[k] belongs to results[index[k]]
	for i, item := range items {
		if item.err != nil {
			results[i].Err = item.err
			continue
		}
		sound, index = append(sound, item.event), append(index, i)
	}
	for k, r := range s.Service.Events.PublishBatch(c.Request().Context(), actor, sound) {
		results[index[k]] = r
	}
	return results
}

// allUnavailable is the error when nothing was stored because nothing can be:
// the batch as a whole has to be sent again.
func allUnavailable(results []service.Published) error {
	var unavailable error
	for _, r := range results {
		switch {
		case r.Err == nil:
			return nil
		case models.CodeOf(r.Err) == models.Unavailable:
			unavailable = r.Err
		}
	}
	return unavailable
}

func (s *server) batchAnswer(results []service.Published) batchAnswer {
	out := batchAnswer{Results: make([]batchResult, len(results))}
	for i, r := range results {
		if r.Err == nil {
			out.Results[i] = batchResult{ID: r.Event.ID, Deliveries: &r.Event.Deliveries}
			continue
		}
		p := s.problemOf(r.Err)
		if p.Status == http.StatusInternalServerError {
			s.Log.Error("an event of a batch failed", "error", r.Err)
		}
		out.Results[i].Error = &p
	}
	return out
}
