package api

import (
	"context"
	"net/http"
	"time"

	"hookline/app/policy"
	"hookline/app/service/account"
	"hookline/models"
)

// Invitation lets one person make an account.
type Invitation struct {
	ID        string      `json:"id"`
	Email     string      `json:"email"`
	Role      models.Role `json:"role" enum:"owner,manager,member"`
	Teams     []string    `json:"teams" nullable:"false" doc:"Ids of the teams to join."`
	InvitedBy string      `json:"invited_by"`
	CreatedAt time.Time   `json:"created_at"`
	ExpiresAt time.Time   `json:"expires_at"`
}

func invitationOf(i models.Invitation) Invitation {
	return Invitation{
		ID: i.ID, Email: i.Email, Role: i.Role, Teams: append([]string{}, i.Teams...), InvitedBy: i.InvitedBy,
		CreatedAt: i.CreatedAt, ExpiresAt: i.ExpiresAt,
	}
}

// newInvitation is the only answer with the link.
type newInvitation struct {
	Invitation
	Link        string `json:"link" doc:"Where the invited person makes their account, once. It is shown this once."`
	Mailed      bool   `json:"mailed" doc:"The link went out by e-mail."`
	MailProblem string `json:"mail_problem,omitempty" doc:"Why it did not, though there is a mail server."`
}

func (i newInvitation) location() string { return "/invitations/" + i.ID }

func invitedOf(i account.Invited) newInvitation {
	return newInvitation{Invitation: invitationOf(i.Invitation), Link: i.Link, Mailed: i.Sent, MailProblem: i.Problem}
}

const inviteExample = `{"email":"kim@example.com","role":"member"}`

type inviteInput struct {
	Email string      `json:"email" maxLength:"254" example:"kim@example.com"`
	Role  models.Role `json:"role" enum:"owner,manager,member" example:"member"`
	Teams []string    `json:"teams,omitzero" nullable:"false" doc:"Ids of the teams to join."`
}

func (s *server) mountInvitations() {
	const tag, path, one = "People", "/invitations", "/invitations/{id}"
	add(s, route{
		method: http.MethodGet, path: path, action: policy.ManagePeople, tag: tag, summary: "Open invitations",
		description: "Those that nobody accepted yet, expired ones too. Never with their links.",
	}, s.invitations)
	add(s, route{
		method: http.MethodPost, path: path, action: policy.ManagePeople, tag: tag, status: http.StatusCreated, summary: "Invite somebody",
		body: inviteExample, problems: []int{http.StatusConflict},
		description: "The answer shows the link once; it works once, for 7 days. With a mail server it is sent by e-mail too; that this fails does not undo the invitation.",
	}, s.invite)
	add(s, route{
		method: http.MethodPost, path: one + "/renew", action: policy.ManagePeople, tag: tag, status: http.StatusCreated, summary: "Make a new link",
		description: "The link before no longer works. With a mail server the new one is sent.",
	}, s.renewInvitation)
	add(s, route{
		method: http.MethodDelete, path: one, action: policy.ManagePeople, tag: tag, status: http.StatusNoContent, summary: "Revoke an invitation",
		description: "Its link no longer works.",
	}, s.revokeInvitation)
}

func (s *server) invitations(ctx context.Context, actor models.Actor, in *struct{ Paging }) (list[Invitation], error) {
	page, err := s.Service.Invitations.List(ctx, actor, in.request())
	return listOf(page, invitationOf), err
}

func (s *server) invite(ctx context.Context, actor models.Actor, in *struct{ Body inviteInput }) (newInvitation, error) {
	made, err := s.Service.Invitations.Invite(ctx, actor, in.Body.Email, in.Body.Role, in.Body.Teams)
	return invitedOf(made), err
}

// InvitationID is the path of calls about one.
type InvitationID struct {
	ID string `path:"id" doc:"The invitation's id."`
}

func (s *server) renewInvitation(ctx context.Context, actor models.Actor, in *InvitationID) (newInvitation, error) {
	made, err := s.Service.Invitations.Renew(ctx, actor, in.ID)
	return invitedOf(made), err
}

func (s *server) revokeInvitation(ctx context.Context, actor models.Actor, in *InvitationID) (none, error) {
	return none{}, s.Service.Invitations.Revoke(ctx, actor, in.ID)
}
