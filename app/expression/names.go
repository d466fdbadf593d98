package expression

import "encoding/json"

// Values are the roots of an expression, each as valid JSON without duplicate
// names. What is empty is not there. The bytes are read, never changed, and must
// not change while an Env made of them is in use.
type Values struct {
	Event, Data, Contact, Opportunity, Workflow, Step, Steps, Params, LiveData, Webhook, Site json.RawMessage
}

// Root is something an expression can begin with.
type Root struct {
	Name     string
	Sentence string
	// Members that are always there; a near miss of one of them is a fault. Empty:
	// they differ from event to event.
	Members []string
	closed  bool // there are no other members, and all are texts
}

const (
	rootEvent = iota
	rootData
	rootContact
	rootOpportunity
	rootWorkflow
	rootStep
	rootSteps
	rootParams
	rootLiveData
	rootWebhook
	rootSite
	rootCount
)

// roots in the order of the constants.
var roots = [rootCount]Root{
	rootEvent:       {"event", "The event itself.", []string{"id", "type", "category", "title", "description", "occurred_at", "created_at"}, true},
	rootData:        {"data", "The event's data, as it came in.", nil, false},
	rootContact:     {"contact", "The participant the event is about. Its fields can be written alone too: email.", nil, false},
	rootOpportunity: {"opportunity", "The opportunity of the trigger's data.", nil, false},
	rootWorkflow:    {"workflow", "The track that sent this.", []string{"id", "name"}, false},
	rootStep:        {"step", "The step of the track that sent this.", []string{"id", "title"}, false},
	rootSteps:       {"steps", "Earlier steps of the track by name: steps.lookup.response.", nil, false},
	rootParams:      {"params", "Extra values set at the step.", nil, false},
	rootLiveData:    {"liveData", "What earlier steps fetched: liveData.objectName.fieldName.", nil, false},
	rootWebhook:     {"webhook", "This webhook.", []string{"id", "name"}, true},
	rootSite:        {"site", "This workspace.", []string{"name", "domain"}, true},
}

// Roots lists what an expression can begin with, in the order to show them.
func Roots() []Root { return append([]Root(nil), roots[:]...) }

func rootNamed(name string) (int, bool) {
	for i := range roots {
		if roots[i].Name == name {
			return i, true
		}
	}
	return 0, false
}

func rootNames() []string {
	names := make([]string, 0, rootCount)
	for i := range roots {
		names = append(names, roots[i].Name)
	}
	return names
}
