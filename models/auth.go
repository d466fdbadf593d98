package models

// AuthKind is how requests prove who sends them (H2).
type AuthKind string

const (
	AuthNone       AuthKind = "none"
	AuthBearer     AuthKind = "bearer"      // Authorization: Bearer <secret>
	AuthAPIKey     AuthKind = "api_key"     // <Header>: <secret>
	AuthBasic      AuthKind = "basic"       // Authorization: Basic base64(<Username>:<secret>)
	AuthBasicToken AuthKind = "basic_token" // Authorization: Basic <secret>, as it stands (I5)
	AuthOAuth2     AuthKind = "oauth2"      // Authorization: Bearer <token fetched with client credentials> (I6)
)

// AuthKinds in the order the form offers them.
var AuthKinds = []AuthKind{AuthNone, AuthBearer, AuthAPIKey, AuthBasic, AuthBasicToken, AuthOAuth2}

// Auth is a webhook's authentication. Which fields count depends on the kind.
type Auth struct {
	Kind     AuthKind
	Header   string // api_key
	Username string // basic
	// OAuth 2.0: either a connection of the workspace, or a client of its own.
	Connection string
	ClientID   string
	TokenURL   string
	Scope      string
	// Secret is the token, key value, password or client secret.
	Secret Sealed
}
