package models

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Limits of a participant.
const (
	MaxParticipantBytes = 64 << 10 // address, identifiers and fields together
	// maxParticipantPatch is what a change of identifiers and fields may say: room to
	// remove all there is and to set as much anew.
	maxParticipantPatch = 2 * MaxParticipantBytes
	MaxIdentifiers      = 50
	maxIdentifierName   = 64
	maxIdentifierValue  = 256
)

// Types of the events that tell of participants (Z4).
const (
	ContactCreated = "contact.created"
	ContactUpdated = "contact.updated"
	ContactDeleted = "contact.deleted"
)

// Participant is a person with profile fields; the documents say contact or user.
type Participant struct {
	ID string
	// Email is as it was given, and nobody else's whatever its case; "" for none.
	Email string
	// Identifiers is a JSON object of strings: how other systems call the person,
	// such as slack_user_id (D6).
	Identifiers json.RawMessage
	// Fields is a JSON object of any names and values, which keep their bytes.
	Fields    json.RawMessage
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Identifier is how one other system calls a participant.
type Identifier struct{ Name, Value string }

// IdentifierList lists the identifiers in their order.
func (p Participant) IdentifierList() []Identifier {
	members := ObjectMembers(p.Identifiers)
	list := make([]Identifier, len(members))
	for i, m := range members {
		list[i] = Identifier{m.Name, jsonText(m.Value)}
	}
	return list
}

// Normal gives a new participant the objects it did not come with.
func (p Participant) Normal() Participant {
	p.Email = strings.TrimSpace(p.Email)
	if len(p.Identifiers) == 0 {
		p.Identifiers = json.RawMessage("{}")
	}
	if len(p.Fields) == 0 {
		p.Fields = json.RawMessage("{}")
	}
	return p
}

// Validate checks what people and programs set; the size first, so that nothing
// else looks into what is too large.
func (p Participant) Validate() FieldErrors {
	var errs FieldErrors
	if n := len(p.Email) + len(p.Identifiers) + len(p.Fields); n > MaxParticipantBytes {
		errs.Add("fields", "A participant has %d KiB at most, identifiers and fields together; this is %d bytes. Keep what is large elsewhere, and a link to it here.", MaxParticipantBytes>>10, n)
		return errs
	}
	if p.Email != "" {
		checkEmail(&errs, p.Email)
	}
	if checkObject(&errs, "identifiers", p.Identifiers) {
		checkIdentifiers(&errs, p.Identifiers)
	}
	checkObject(&errs, "fields", p.Fields)
	return errs
}

func checkIdentifiers(errs *FieldErrors, object json.RawMessage) {
	members := ObjectMembers(object)
	if len(members) > MaxIdentifiers {
		errs.Add("identifiers", "A participant has up to %d identifiers; this has %d.", MaxIdentifiers, len(members))
		return
	}
	for _, m := range members {
		field := "identifiers." + clipped(m.Name, maxIdentifierName)
		switch {
		case m.Name == "":
			errs.Add("identifiers", "Give each identifier a name, such as slack_user_id.")
		case len(m.Value) == 0 || m.Value[0] != '"':
			errs.Add(field, "Give a string.")
		default:
			checkText(errs, field, m.Name, maxIdentifierName, "")
			checkLine(errs, field, jsonText(m.Value), "a value, or leave the identifier out", maxIdentifierValue)
		}
	}
}

// FullName is how the fields call the person (W1): full_name or fullName, else
// the first and the last name; "" when they do not.
func (p Participant) FullName() string {
	texts := map[string]string{}
	for _, m := range ObjectMembers(p.Fields) {
		switch m.Name {
		case "full_name", "fullName", "first_name", "firstName", "last_name", "lastName":
			texts[m.Name] = strings.TrimSpace(jsonText(m.Value))
		}
	}
	first := func(names ...string) string {
		for _, name := range names {
			if texts[name] != "" {
				return texts[name]
			}
		}
		return ""
	}
	if whole := first("full_name", "fullName"); whole != "" {
		return whole
	}
	return strings.TrimSpace(first("first_name", "firstName") + " " + first("last_name", "lastName"))
}

// Called is the best short text for the person: the name, the address, an
// identifier, and at last the id.
func (p Participant) Called() string {
	if name := p.FullName(); name != "" {
		return clipped(name, 200)
	}
	if p.Email != "" {
		return p.Email
	}
	if list := p.IdentifierList(); len(list) > 0 {
		return list[0].Value
	}
	return p.ID
}

// JSON is the participant as the API shows it and as events about it carry it.
func (p Participant) JSON() json.RawMessage {
	return ObjectOf([]ObjectMember{
		{"id", JSONText(p.ID)}, {"email", p.emailJSON()}, {"identifiers", p.Identifiers}, {"fields", p.Fields},
		{"created_at", timeJSON(p.CreatedAt)}, {"updated_at", timeJSON(p.UpdatedAt)},
	})
}

func (p Participant) emailJSON() json.RawMessage {
	if p.Email == "" {
		return json.RawMessage("null")
	}
	return JSONText(p.Email)
}

func timeJSON(t time.Time) json.RawMessage {
	return JSONText(t.UTC().Format(time.RFC3339Nano))
}

// Contact is the participant as templates see it (H5): id, email, identifiers and
// full_name, and every field beside them. The participant's own go before fields
// of these names.
func (p Participant) Contact() json.RawMessage {
	members := []ObjectMember{{"id", JSONText(p.ID)}}
	if p.Email != "" {
		members = append(members, ObjectMember{"email", JSONText(p.Email)})
	}
	members = append(members, ObjectMember{"identifiers", p.Identifiers})
	if name := p.FullName(); name != "" {
		members = append(members, ObjectMember{"full_name", JSONText(name)})
	}
	own := len(members)
	for _, f := range ObjectMembers(p.Fields) {
		taken := false
		for _, m := range members[:own] {
			taken = taken || m.Name == f.Name
		}
		if !taken {
			members = append(members, f)
		}
	}
	return ObjectOf(members)
}

// Context is what an event that names the participant carries for templates.
func (p Participant) Context() json.RawMessage {
	return ObjectOf([]ObjectMember{{"contact", p.Contact()}})
}

// ContactOf is the snapshot in an event's context; nil when there is none.
func ContactOf(context json.RawMessage) json.RawMessage {
	for _, m := range ObjectMembers(context) {
		if m.Name == "contact" {
			return m.Value
		}
	}
	return nil
}

// Changed names what differs from an earlier state: email, identifiers.NAME,
// fields.NAME.
func (p Participant) Changed(old Participant) []string {
	var list []string
	if p.Email != old.Email {
		list = append(list, "email")
	}
	list = append(list, changedMembers("identifiers", old.Identifiers, p.Identifiers)...)
	return append(list, changedMembers("fields", old.Fields, p.Fields)...)
}

func changedMembers(of string, before, after json.RawMessage) []string {
	var list []string
	members := ObjectMembers(before)
	old := make(map[string]json.RawMessage, len(members))
	for _, m := range members {
		old[m.Name] = m.Value
	}
	for _, m := range ObjectMembers(after) {
		was, there := old[m.Name]
		if delete(old, m.Name); !there || !sameJSON(was, m.Value) {
			list = append(list, of+"."+m.Name)
		}
	}
	for _, m := range members {
		if _, gone := old[m.Name]; gone {
			list = append(list, of+"."+m.Name)
		}
	}
	return list
}

// maxAudited is how many names of fields an audit entry tells.
const maxAudited = 20

// AuditFields says which of address, identifiers and fields are there, not what
// they say: that is about a person, and the log outlives the participant.
func (p Participant) AuditFields() []Field {
	fields := []Field{{Name: "email", Same: p.Email}}
	if p.Email != "" {
		fields[0].Value = "set"
	}
	fields = append(fields, hidden("identifiers", p.Identifiers)...)
	return append(fields, hidden("fields", p.Fields)...)
}

func hidden(of string, object json.RawMessage) []Field {
	var list []Field
	for i, m := range ObjectMembers(object) {
		if i == maxAudited {
			return append(list, Field{Name: of, Value: fmt.Sprintf("%d more", len(ObjectMembers(object))-i), Same: string(object)})
		}
		list = append(list, Field{Name: of + "." + clipped(m.Name, 100), Value: "set", Same: string(m.Value)})
	}
	return list
}
