package link

import "net/url"

// Participants is the list; a POST to it adds one.
const Participants = "/participants"

// ParticipantsSuggest answers ?q= with the options of a type-ahead.
const ParticipantsSuggest = "/participants-suggest"

// ParticipantsPage is a page of the list, or of what a search finds.
func ParticipantsPage(q, cursor string) string { return query(Participants, "q", q, "cursor", cursor) }

// ParticipantNew is the form for a new one; it posts to Participants.
func ParticipantNew() string { return Participants + "/new" }

// Participant is one's page; a POST to it saves its form.
func Participant(id string) string { return Participants + "/" + url.PathEscape(id) }

// ParticipantDelete asks for confirmation, and takes it.
func ParticipantDelete(id string) string { return Participant(id) + "/delete" }
