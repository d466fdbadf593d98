package api

import (
	"context"
	"net/http"
	"time"

	"hookline/app/policy"
	"hookline/app/service/account"
	"hookline/models"
)

// User is a person who can sign in.
type User struct {
	ID         string      `json:"id"`
	Email      string      `json:"email"`
	Name       string      `json:"name"`
	Role       models.Role `json:"role" enum:"owner,manager,member"`
	Disabled   bool        `json:"disabled"`
	CreatedAt  time.Time   `json:"created_at"`
	UpdatedAt  time.Time   `json:"updated_at"`
	LastSeenAt *time.Time  `json:"last_seen_at" doc:"To the minute; null means never."`
}

func userOf(u models.User) User {
	return User{
		ID: u.ID, Email: u.Email, Name: u.Name, Role: u.Role, Disabled: u.Disabled,
		CreatedAt: u.CreatedAt, UpdatedAt: u.UpdatedAt, LastSeenAt: optionalTime(u.SeenAt),
	}
}

// UserID is the path of calls about one.
type UserID struct {
	ID string `path:"id" doc:"The user's id."`
}

type userPatch struct {
	Name     opt[string]      `json:"name,omitzero" maxLength:"200"`
	Email    opt[string]      `json:"email,omitzero" maxLength:"254"`
	Role     opt[models.Role] `json:"role,omitzero" enum:"owner,manager,member"`
	Disabled opt[bool]        `json:"disabled,omitzero" doc:"true ends the user's sessions at once."`
}

// passwordLink is the only answer with the link.
type passwordLink struct {
	Link      string    `json:"link" doc:"Where the user sets a new password, once. It is shown this once."`
	ExpiresAt time.Time `json:"expires_at"`
}

// Session is a browser that is signed in.
type Session struct {
	ID         string     `json:"id"`
	Address    string     `json:"address" doc:"Of the last use."`
	UserAgent  string     `json:"user_agent" doc:"As the browser calls itself."`
	CreatedAt  time.Time  `json:"created_at"`
	ExpiresAt  time.Time  `json:"expires_at"`
	LastUsedAt *time.Time `json:"last_used_at" doc:"To the minute; null means never."`
}

func sessionOf(s models.Session) Session {
	return Session{
		ID: s.ID, Address: s.Address, UserAgent: s.Agent, CreatedAt: s.CreatedAt, ExpiresAt: s.ExpiresAt, LastUsedAt: optionalTime(s.SeenAt),
	}
}

func (s *server) mountPeople() {
	const tag, path, one = "People", "/users", "/users/{id}"
	manage := func(r route) route {
		r.action, r.tag = policy.ManagePeople, tag
		return r
	}
	add(s, manage(route{method: http.MethodGet, path: path, summary: "All users", description: "Disabled ones too."}), s.users)
	add(s, manage(route{
		method: http.MethodPost, path: path, status: http.StatusCreated, summary: "Invite a user", body: inviteExample, problems: []int{http.StatusConflict},
		description: "The same as POST /invitations: the user is there once the invitation was accepted.",
	}), s.invite)
	add(s, manage(route{method: http.MethodGet, path: one, summary: "A user"}), s.user)
	add(s, manage(route{
		method: http.MethodPatch, path: one, summary: "Change a user", body: `{"role":"manager"}`, problems: []int{http.StatusConflict},
		description: "A JSON merge patch: members left out stay. It counts from the user's next click. The last owner who can sign in can be neither demoted nor disabled.",
	}), s.patchUser)
	add(s, manage(route{
		method: http.MethodDelete, path: one, status: http.StatusNoContent, summary: "Delete a user", problems: []int{http.StatusConflict},
		description: "For good, with the user's sessions, grants, places in teams, capture endpoints and open invitations. The last owner who can sign in cannot be deleted.",
	}), s.deleteUser)
	add(s, manage(route{
		method: http.MethodPost, path: one + "/password-link", status: http.StatusCreated, problems: []int{http.StatusConflict},
		summary: "Make a password link", description: "The user sets a new password with it, once, within a day. It ends the link before.",
	}), s.passwordLink)
	add(s, manage(route{method: http.MethodGet, path: one + "/sessions", summary: "Sessions of a user", description: "In one page, the one used last first."}), s.sessions)
	add(s, manage(route{
		method: http.MethodDelete, path: one + "/sessions/{session}", status: http.StatusNoContent,
		summary: "End a session", description: "It ends at once. all ends all sessions of the user.",
	}), s.endSession)
	s.mountInvitations()
	s.mountTeams()
}

func (s *server) users(ctx context.Context, actor models.Actor, in *struct {
	Paging
	Q string `query:"q" doc:"Part of the name or the address."`
}) (list[User], error) {
	page, err := s.Service.People.List(ctx, actor, in.Q, in.request())
	return listOf(page, userOf), err
}

func (s *server) user(ctx context.Context, actor models.Actor, in *UserID) (User, error) {
	u, err := s.Service.People.Get(ctx, actor, in.ID)
	return userOf(u), err
}

func (s *server) patchUser(ctx context.Context, actor models.Actor, in *struct {
	UserID
	Body userPatch
}) (User, error) {
	b := in.Body
	u, err := s.Service.People.Update(ctx, actor, in.ID, account.UserInput{
		Name: b.Name.or(""), Email: b.Email.or(""), Role: b.Role.or(""), Disabled: b.Disabled.or(false),
	})
	return userOf(u), err
}

func (s *server) deleteUser(ctx context.Context, actor models.Actor, in *UserID) (none, error) {
	return none{}, s.Service.People.Delete(ctx, actor, in.ID)
}

func (s *server) passwordLink(ctx context.Context, actor models.Actor, in *UserID) (passwordLink, error) {
	address, _, err := s.Service.People.ResetLink(ctx, actor, in.ID)
	return passwordLink{Link: address, ExpiresAt: s.Now().Add(models.ResetLifetime).UTC()}, err
}

func (s *server) sessions(ctx context.Context, actor models.Actor, in *UserID) (list[Session], error) {
	sessions, err := s.Service.People.Sessions(ctx, actor, in.ID)
	return whole(sessions, sessionOf), err
}

func (s *server) endSession(ctx context.Context, actor models.Actor, in *struct {
	UserID
	Session string `path:"session" doc:"The session's id, or all."`
}) (none, error) {
	if in.Session == "all" {
		in.Session = ""
	}
	return none{}, s.Service.People.RevokeSession(ctx, actor, in.ID, in.Session)
}
