package api

import "hookline/models"

// nameValue is a query parameter, or a field of a form.
type nameValue struct {
	Name  string `json:"name" example:"team"`
	Value string `json:"value" example:"{{data.team}}" doc:"May hold {{…}}."`
}

func namesAndValues(list []models.Param) []nameValue {
	out := make([]nameValue, len(list))
	for i, p := range list {
		out[i] = nameValue(p)
	}
	return out
}

func params(list []nameValue) []models.Param {
	out := make([]models.Param, len(list))
	for i, p := range list {
		out[i] = models.Param(p)
	}
	return out
}

// params replaces the whole list, as lists are in a merge patch; null is none.
func (in webhookInput) params() *[]models.Param {
	list := in.Params.or(nil)
	if list == nil {
		return nil
	}
	out := params(*list)
	return &out
}
