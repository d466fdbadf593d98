package form

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hookline/app/service"
	"hookline/models"
	"hookline/views/webhooks"
)

var headerField = regexp.MustCompile(`^headers\.(0|[1-9][0-9]{0,3})\.(?:name|value|secret|remove)$`)

// maxRows bounds the work for a table nobody typed; models.MaxHeaders is what
// can be saved.
const maxRows = 4 * models.MaxHeaders

// headerRows reads the table of headers, without the rows that were removed or
// left empty: so a row's place is the index that the service's faults name.
func headerRows(v url.Values) ([]webhooks.HeaderValues, error) {
	var numbers []int
	for field := range v {
		if m := headerField.FindStringSubmatch(field); m != nil {
			n, _ := strconv.Atoi(m[1]) // four digits at most
			numbers = append(numbers, n)
		}
	}
	slices.SortFunc(numbers, cmp.Compare[int])
	numbers = slices.Compact(numbers)
	if len(numbers) > maxRows {
		return nil, models.Errorf(models.Malformed, "The form has more than %d rows of headers.", maxRows)
	}
	rows := []webhooks.HeaderValues{}
	for _, n := range numbers {
		row, err := headerRow(v, fmt.Sprintf("headers.%d.", n))
		if err != nil {
			return nil, err
		}
		if !row.Remove && !row.Empty() {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

func headerRow(v url.Values, prefix string) (webhooks.HeaderValues, error) {
	row := webhooks.HeaderValues{Name: strings.TrimSpace(v.Get(prefix + "name")), Value: v.Get(prefix + "value")}
	var err error
	if row.Secret, err = Bool(v, prefix+"secret"); err != nil {
		return row, err
	}
	row.Remove, err = Bool(v, prefix+"remove")
	return row, err
}

func headerInputs(rows []webhooks.HeaderValues) *[]service.HeaderInput {
	inputs := make([]service.HeaderInput, len(rows))
	for i, row := range rows {
		inputs[i] = service.HeaderInput{Name: row.Name, Value: row.Value, Secret: row.Secret}
	}
	return &inputs
}
