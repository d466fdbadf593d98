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
	rootEvent:       {"event", "The event itself.", []string{"id", "type", "category", "title", "description", "occurred_at", "created_at"}},
	rootData:        {"data", "The event's data, as it came in.", nil},
	rootContact:     {"contact", "The participant the event is about. Its fields can be written alone too: email.", nil},
	rootOpportunity: {"opportunity", "The opportunity of the trigger's data.", nil},
	rootWorkflow:    {"workflow", "The track that sent this.", []string{"id", "name"}},
	rootStep:        {"step", "The step of the track that sent this.", []string{"id", "title"}},
	rootSteps:       {"steps", "Earlier steps of the track by name: steps.lookup.response.", nil},
	rootParams:      {"params", "Extra values set at the step.", nil},
	rootLiveData:    {"liveData", "What earlier steps fetched: liveData.objectName.fieldName.", nil},
	rootWebhook:     {"webhook", "This webhook.", []string{"id", "name"}},
	rootSite:        {"site", "This workspace.", []string{"name", "domain"}},
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
