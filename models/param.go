package models

// Param is a name and a templated value: a query parameter, or a field of a form
// body (H3). The name is fixed, the value may hold {{…}}.
type Param struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}
