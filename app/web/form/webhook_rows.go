package form

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"

	"hookline/models"
	"hookline/views/webhooks"
)

var rowField = regexp.MustCompile(`^(headers|params|body\.fields)\.(0|[1-9][0-9]{0,3})\.(?:name|value|secret|remove)$`)

// maxRows bounds the work for a table nobody typed; what can be saved is less.
const maxRows = 4 * models.MaxHeaders

// rows reads a table, without the rows that were removed or left empty: so a
// row's place is the index that the service's faults name. drawn is the table as
// it is stored.
func rows(v url.Values, table string, drawn []webhooks.RowValues) ([]webhooks.RowValues, error) {
	var numbers []int
	for field := range v {
		if m := rowField.FindStringSubmatch(field); m != nil && m[1] == table {
			n, _ := strconv.Atoi(m[2]) // four digits at most
			numbers = append(numbers, n)
		}
	}
	slices.SortFunc(numbers, cmp.Compare[int])
	numbers = slices.Compact(numbers)
	if len(numbers) > maxRows {
		return nil, models.Errorf(models.Malformed, "The form has more than %d rows in one table.", maxRows)
	}
	list := []webhooks.RowValues{}
	for _, n := range numbers {
		sent, err := oneRow(v, fmt.Sprintf("%s.%d.", table, n))
		if err != nil {
			return nil, err
		}
		if r := row(drawn, n, sent); !r.Remove && !r.Empty() {
			list = append(list, r)
		}
	}
	return list, nil
}

func oneRow(v url.Values, prefix string) (webhooks.RowValues, error) {
	sent := webhooks.RowValues{Name: v.Get(prefix + "name"), Value: v.Get(prefix + "value")}
	var err error
	if sent.Secret, err = Bool(v, prefix+"secret"); err != nil {
		return sent, err
	}
	sent.Remove, err = Bool(v, prefix+"remove")
	return sent, err
}

func headerInputs(rows []webhooks.RowValues) *[]models.HeaderSettings {
	inputs := make([]models.HeaderSettings, len(rows))
	for i, row := range rows {
		inputs[i] = models.HeaderSettings{Name: row.Name, Value: row.Value, Secret: row.Secret}
	}
	return &inputs
}

func params(rows []webhooks.RowValues) []models.Param {
	list := make([]models.Param, len(rows))
	for i, row := range rows {
		list[i] = models.Param{Name: row.Name, Value: row.Value}
	}
	return list
}
