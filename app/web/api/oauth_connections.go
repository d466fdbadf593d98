package api

import (
	"context"
	"net/http"
	"time"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/models"
)

// OAuthConnection is an OAuth 2.0 client that webhooks share.
type OAuthConnection struct {
	ID           string    `json:"id"`
	Name         string    `json:"name"`
	ClientID     string    `json:"client_id"`
	ClientSecret string    `json:"client_secret" doc:"Always ***."`
	TokenURL     string    `json:"token_url"`
	Scope        string    `json:"scope" doc:"Empty when none is sent."`
	UsedBy       []usedBy  `json:"used_by" nullable:"false" doc:"The webhooks that use it."`
	CreatedAt    time.Time `json:"created_at"`
	UpdatedAt    time.Time `json:"updated_at"`
}

type usedBy struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type createdConnection struct{ OAuthConnection }

func (c createdConnection) location() string { return "/oauth-connections/" + c.ID }

// OAuthConnectionID is the path of calls about one.
type OAuthConnectionID struct {
	ID string `path:"id" doc:"The connection's id."`
}

type connectionInput struct {
	Name         string `json:"name" maxLength:"200" example:"CRM"`
	ClientID     string `json:"client_id" maxLength:"1024" example:"hookline"`
	ClientSecret string `json:"client_secret" maxLength:"4096"`
	TokenURL     string `json:"token_url" maxLength:"8192" example:"https://auth.example.com/oauth/token"`
	Scope        string `json:"scope,omitzero" maxLength:"2048" doc:"Words with spaces between them; none is sent when it is left out."`
}

// connectionPatch takes a whole answer, too.
type connectionPatch struct {
	ID           opt[string]    `json:"id,omitzero" readOnly:"true"`
	Name         opt[string]    `json:"name,omitzero" maxLength:"200"`
	ClientID     opt[string]    `json:"client_id,omitzero" maxLength:"1024"`
	ClientSecret opt[string]    `json:"client_secret,omitzero" maxLength:"4096" doc:"*** keeps the one there is."`
	TokenURL     opt[string]    `json:"token_url,omitzero" maxLength:"8192"`
	Scope        opt[string]    `json:"scope,omitzero" maxLength:"2048"`
	UsedBy       opt[[]usedBy]  `json:"used_by,omitzero" readOnly:"true"`
	CreatedAt    opt[time.Time] `json:"created_at,omitzero" readOnly:"true"`
	UpdatedAt    opt[time.Time] `json:"updated_at,omitzero" readOnly:"true"`
}

// connectionTest is what came of fetching a token.
type connectionTest struct {
	OK         bool           `json:"ok" doc:"Whether a usable token came back."`
	DurationMS int64          `json:"duration_ms"`
	ExpiresIn  *int64         `json:"expires_in" doc:"Seconds for which the token will be used; null when there is none."`
	Outcome    models.Outcome `json:"outcome,omitzero" enum:"auth_error,blocked" doc:"When it is not ok."`
	Cause      models.Cause   `json:"cause,omitzero" doc:"Names the error for programs."`
	Error      string         `json:"error,omitzero"`
	Diagnosis  *diagnosis     `json:"diagnosis" doc:"What went wrong, and what to do; null when it is ok."`
}

func (s *server) mountConnections() {
	const tag, path, one = "OAuth connections", "/oauth-connections", "/oauth-connections/{id}"
	manage := func(r route) route {
		r.action, r.tag = policy.ManageConnections, tag
		return r
	}
	add(s, manage(route{
		method: http.MethodGet, path: path, summary: "All OAuth connections", description: "In one page, by name. A webhook uses one by its id: auth {kind: oauth2, connection}.",
	}), s.connections)
	add(s, manage(route{
		method: http.MethodPost, path: path, status: http.StatusCreated, summary: "Make an OAuth connection", problems: []int{http.StatusConflict},
		body:        `{"name":"CRM","client_id":"hookline","client_secret":"s3cr3t-of-the-client","token_url":"https://auth.example.com/oauth/token","scope":"orders:write"}`,
		description: "A client of the client credentials grant (RFC 6749, 4.4). Its access tokens are shared by all webhooks that use it.",
	}), s.createConnection)
	add(s, manage(route{method: http.MethodGet, path: one, summary: "An OAuth connection"}), s.connection)
	add(s, manage(route{
		method: http.MethodPatch, path: one, summary: "Change an OAuth connection", body: `{"client_secret":"the-rotated-one"}`, problems: []int{http.StatusConflict},
		description: "A JSON merge patch. It counts for every later attempt, retries of older deliveries included.",
	}), s.patchConnection)
	add(s, manage(route{
		method: http.MethodDelete, path: one, status: http.StatusNoContent, summary: "Delete an OAuth connection", problems: []int{http.StatusConflict},
		description: "Refused while webhooks use it.",
	}), s.deleteConnection)
	add(s, manage(route{
		method: http.MethodPost, path: one + "/test", summary: "Test an OAuth connection", problems: []int{http.StatusTooManyRequests},
		description: "Fetches a new access token now, and says what came of it without showing the token. It counts as a test of a webhook does: 30 a minute.",
	}), s.testConnection)
}

func (s *server) connectionOf(actor models.Actor, c models.OAuthConnection) OAuthConnection {
	out := OAuthConnection{
		ID: c.ID, Name: c.Name, ClientID: c.ClientID, ClientSecret: models.Mask, TokenURL: c.TokenURL, Scope: c.Scope,
		UsedBy: []usedBy{}, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
	}
	users, _ := s.Service.Connections.UsedBy(actor, c.ID) // who got the connection may see them
	for _, w := range users {
		out.UsedBy = append(out.UsedBy, usedBy{w.ID, w.Name})
	}
	return out
}

func (s *server) connections(_ context.Context, actor models.Actor, _ *struct{}) (list[OAuthConnection], error) {
	all, err := s.Service.Connections.List(actor)
	return whole(all, func(c models.OAuthConnection) OAuthConnection { return s.connectionOf(actor, c) }), err
}

func (s *server) createConnection(ctx context.Context, actor models.Actor, in *struct{ Body connectionInput }) (createdConnection, error) {
	b := in.Body
	c, err := s.Service.Connections.Create(ctx, actor, service.ConnectionInput{
		Name: &b.Name, ClientID: &b.ClientID, Secret: &b.ClientSecret, TokenURL: &b.TokenURL, Scope: &b.Scope,
	})
	if err != nil {
		return createdConnection{}, err
	}
	return createdConnection{s.connectionOf(actor, c)}, nil
}

func (s *server) connection(_ context.Context, actor models.Actor, in *OAuthConnectionID) (OAuthConnection, error) {
	c, err := s.Service.Connections.Get(actor, in.ID)
	if err != nil {
		return OAuthConnection{}, err
	}
	return s.connectionOf(actor, c), nil
}

func (s *server) patchConnection(ctx context.Context, actor models.Actor, in *struct {
	OAuthConnectionID
	Body connectionPatch
}) (OAuthConnection, error) {
	b := in.Body
	c, err := s.Service.Connections.Update(ctx, actor, in.ID, service.ConnectionInput{
		Name: b.Name.or(""), ClientID: b.ClientID.or(""), Secret: b.ClientSecret.or(models.Mask), TokenURL: b.TokenURL.or(""), Scope: b.Scope.or(""),
	})
	if err != nil {
		return OAuthConnection{}, err
	}
	return s.connectionOf(actor, c), nil
}

func (s *server) deleteConnection(ctx context.Context, actor models.Actor, in *OAuthConnectionID) (none, error) {
	return none{}, s.Service.Connections.Delete(ctx, actor, in.ID)
}

func (s *server) testConnection(ctx context.Context, actor models.Actor, in *OAuthConnectionID) (connectionTest, error) {
	check, err := s.Service.Connections.Test(ctx, actor, in.ID)
	return testOf(check), err
}

func testOf(c models.TokenCheck) connectionTest {
	out := connectionTest{OK: c.OK, DurationMS: c.Took.Milliseconds(), Outcome: c.Outcome, Cause: c.Cause, Error: c.Error}
	if c.OK {
		seconds := int64(c.Lasts.Seconds())
		out.ExpiresIn = &seconds
		return out
	}
	d := models.Diagnose(c.Outcome, 0, c.Cause)
	out.Diagnosis = &diagnosis{Title: d.Title(), Advice: d.Advice}
	return out
}
