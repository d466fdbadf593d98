package service

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hookline/app/expression"
	"hookline/app/policy"
	"hookline/models"
)

// ValueGroup is a part of what templates may say: the members of a root, or the
// functions.
type ValueGroup struct {
	Title  string
	Text   string
	Values []TemplateValue
}

// TemplateValue is something that may stand between {{ and }}.
type TemplateValue struct {
	Code    string // with its braces
	Name    string // how a list shows it
	Example string // its value in the source of the preview; "" when it has none there
	Text    string // what it is, in a sentence
}

// Bounds of what is listed of one root: it is for reading, and data may be large.
const (
	maxListed      = 80
	maxListedDepth = 5
	maxExample     = 80
)

// Values lists what the templates of the previewed webhook can name, with the
// values that the source has, and the functions.
func (s *Webhooks) Values(ctx context.Context, actor models.Actor, p Previewed) ([]ValueGroup, error) {
	var groups []ValueGroup
	for _, root := range expression.Roots() {
		g := ValueGroup{Title: root.Name, Text: root.Sentence}
		flat := flattener{}
		flat.walk(root.Name, p.known(root.Name), 0)
		g.Values = flat.found
		if root.Name == "contact" && len(g.Values) == 0 {
			fields, err := s.contactFields(ctx, actor)
			if err != nil {
				return nil, err
			}
			root.Members = fields
		}
		if len(g.Values) == 0 {
			g.Values = membersOf(root)
		}
		groups = append(groups, g)
	}
	return append(groups, functionGroup()), nil
}

// known is the value of a root, nil where the source has none.
func (p Previewed) known(root string) json.RawMessage {
	v := p.values
	return map[string]json.RawMessage{
		"event": v.Event, "data": v.Data, "contact": v.Contact, "opportunity": v.Opportunity, "workflow": v.Workflow, "step": v.Step,
		"steps": v.Steps, "params": v.Params, "liveData": v.LiveData, "webhook": v.Webhook, "site": v.Site,
	}[root]
}

// membersOf lists a root that the source does not have.
func membersOf(root expression.Root) []TemplateValue {
	if len(root.Members) == 0 {
		return []TemplateValue{{Code: "{{" + root.Name + ".name}}", Name: root.Name + ".…"}}
	}
	list := make([]TemplateValue, len(root.Members))
	for i, m := range root.Members {
		path := root.Name + step(m)
		list[i] = TemplateValue{Code: "{{" + path + "}}", Name: path}
	}
	return list
}

// lookedAt is how many participants tell what fields there are.
const lookedAt = 20

// contactFields are the fields that participants have, as far as a look at the
// newest tells; a fixed few for those who may not look.
func (s *Webhooks) contactFields(ctx context.Context, actor models.Actor) ([]string, error) {
	names := []string{"id", "email", "full_name"}
	if !policy.Can(actor, policy.ReadParticipants) {
		return names, nil
	}
	newest, err := s.participants.List(ctx, actor, "", models.PageRequest{Limit: lookedAt})
	for _, p := range newest.Items {
		for _, m := range models.ObjectMembers(p.Contact()) {
			if !slices.Contains(names, m.Name) && len(names) < maxListed {
				names = append(names, m.Name)
			}
		}
	}
	return names, err
}

// flattener lists the paths of a JSON value.
type flattener struct{ found []TemplateValue }

// walk lists the members of an object, those of the first member of a list, and
// what has no members itself.
func (f *flattener) walk(path string, value json.RawMessage, depth int) {
	if len(value) == 0 || len(f.found) >= maxListed {
		return
	}
	if depth > 0 && value[0] != '{' {
		f.found = append(f.found, TemplateValue{Code: "{{" + path + "}}", Name: path, Example: example(value)})
	}
	if depth >= maxListedDepth {
		return
	}
	switch value[0] {
	case '{':
		for _, m := range models.ObjectMembers(value) {
			f.walk(path+step(m.Name), m.Value, depth+1)
		}
	case '[':
		var list []json.RawMessage
		if json.Unmarshal(value, &list) == nil && len(list) > 0 && list[0][0] == '{' {
			f.walk(path+"[0]", list[0], depth+1)
		}
	}
}

var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// step leads to a member in the expression language.
func step(name string) string {
	if plainName.MatchString(name) {
		return "." + name
	}
	quoted := strconv.Quote(name)
	quoted = strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
	return "['" + strings.ReplaceAll(quoted, "'", `\'`) + "']"
}

// example is a value in short, texts without quotation marks.
func example(value json.RawMessage) string {
	text := string(value)
	var s string
	if json.Unmarshal(value, &s) == nil && value[0] == '"' {
		text = s
	}
	if runes := []rune(text); len(runes) > maxExample {
		text = string(runes[:maxExample-1]) + "…"
	}
	return text
}

func functionGroup() ValueGroup {
	g := ValueGroup{Title: "Functions", Text: "Also + - * / ?? and ? :, comparisons, and, or, not, in, contains."}
	for _, f := range expression.Functions() {
		g.Values = append(g.Values, TemplateValue{Code: "{{" + f.Name + "()}}", Name: f.Signature, Text: f.Sentence})
	}
	g.Values = append(g.Values, TemplateValue{Code: "{{#urlEncode}}{{/urlEncode}}", Name: "{{#urlEncode}}…{{/urlEncode}}", Text: "All that stands between, percent-encoded."})
	return g
}
