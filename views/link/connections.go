package link

import "net/url"

// Connections are the OAuth connections of the workspace; a POST makes one.
const Connections = "/oauth-connections"

// ConnectionNew is the form for a new one.
func ConnectionNew() string { return Connections + "/new" }

// Connection is one with its form; a POST to it saves.
func Connection(id string) string { return Connections + "/" + url.PathEscape(id) }

// ConnectionTest takes a POST, and shows what came of fetching a token.
func ConnectionTest(id string) string { return Connection(id) + "/test" }

// ConnectionDelete asks for confirmation, and takes it.
func ConnectionDelete(id string) string { return Connection(id) + "/delete" }
