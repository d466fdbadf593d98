package models

import "encoding/json"

// ParticipantRef is how an event names the participant that it is about: by id,
// or by the e-mail address, which makes one if nobody has it. Identifiers and
// Fields are merge patches, or empty.
type ParticipantRef struct {
	ID          string
	Email       string
	Identifiers json.RawMessage
	Fields      json.RawMessage
}

// Validate checks it by itself, not yet with what it is merged into.
func (r ParticipantRef) Validate() FieldErrors {
	var errs FieldErrors
	_, err := ParseID(ParticipantPrefix, r.ID)
	switch {
	case r.ID == "" && r.Email == "":
		errs.Add("participant", "Name the participant by id or by email.")
	case r.ID != "" && r.Email != "":
		errs.Add("participant", "Name the participant by id or by email, not by both. PATCH /api/v1/participants/{id} changes an address.")
	case r.ID != "" && err != nil:
		errs.Add("participant.id", "There is no participant with this id.")
	}
	patches := CheckParticipantPatch(r.Identifiers, r.Fields)
	if len(patches) == 0 {
		patches = r.asNew().Validate()
	}
	for _, f := range patches {
		errs.Add("participant."+f.Field, "%s", f.Message)
	}
	return errs
}

// CheckParticipantPatch checks merge patches of a participant before any of them is
// merged: their size first, since what follows costs as much as they are long.
func CheckParticipantPatch(identifiers, fields json.RawMessage) FieldErrors {
	var errs FieldErrors
	if n := len(identifiers) + len(fields); n > maxParticipantPatch {
		errs.Add("fields", "A change of a participant has %d KiB at most, identifiers and fields together; this is %d bytes. Keep what is large elsewhere, and a link to it here.", maxParticipantPatch>>10, n)
		return errs
	}
	for _, p := range []struct {
		name  string
		patch json.RawMessage
	}{{"identifiers", identifiers}, {"fields", fields}} {
		if len(p.patch) > 0 && !isNull(p.patch) {
			checkObject(&errs, p.name, p.patch)
		}
	}
	return errs
}

// asNew is what a participant becomes that has nothing but this.
func (r ParticipantRef) asNew() Participant {
	p := Participant{Email: r.Email}.Normal()
	p.Identifiers, _ = MergePatch(p.Identifiers, r.Identifiers)
	p.Fields, _ = MergePatch(p.Fields, r.Fields)
	return p
}

// MergeInto merges identifiers and fields, and reports whether that changed
// anything.
func (r ParticipantRef) MergeInto(p *Participant) (changed bool) {
	var fields bool
	p.Identifiers, changed = MergePatch(p.Identifiers, r.Identifiers)
	p.Fields, fields = MergePatch(p.Fields, r.Fields)
	return changed || fields
}
