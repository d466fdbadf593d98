package webhooks

import (
	"slices"
	"strconv"
	"strings"

	"hookline/models"
	"hookline/views/ui"
)

// AddRowAction begins the value of the buttons that ask for one more row, with
// nothing saved; the table's name follows.
const AddRowAction = "add_"

// spareRows are the empty rows that a page without a script offers.
const spareRows = 3

// rowTable is a table of names and values that takes more rows: headers, query
// parameters, fields of a form.
type rowTable struct {
	Name    string // what its fields' names begin with
	Noun    string // what one row is
	Rows    []models.HeaderSettings
	Errors  ui.Errors
	Secrets bool     // rows may be secret
	Stored  []string // the names whose secrets are stored
	Example string   // of a name
	Spares  int
}

func headerTable(p FormProps) rowTable {
	return rowTable{Name: "headers", Noun: "Header", Rows: p.Fields.Headers, Errors: p.Errors, Secrets: true, Stored: p.StoredHeaders, Example: "X-Api-Key", Spares: spareRows}
}

func paramTable(p FormProps) rowTable {
	return rowTable{Name: "params", Noun: "Parameter", Rows: rowsOf(p.Fields.Params), Errors: p.Errors, Example: "source", Spares: spareRows}
}

func fieldTable(p FormProps) rowTable {
	return rowTable{Name: "body.fields", Noun: "Field", Rows: rowsOf(p.Fields.Body.Fields), Errors: p.Errors, Example: "email", Spares: spareRows}
}

// rowsOf are the rows of a table without secrets.
func rowsOf(params []models.Param) []models.HeaderSettings {
	rows := make([]models.HeaderSettings, len(params))
	for i, p := range params {
		rows[i] = models.HeaderSettings{Name: p.Name, Value: p.Value}
	}
	return rows
}

// addText names the button: Add header.
func (t rowTable) addText() string { return "Add " + strings.ToLower(t.Noun) }

// row is one line of the table, i from 0.
func (t rowTable) row(i int, r models.HeaderSettings, spare bool) tableRow {
	return tableRow{rowTable: t, HeaderSettings: r, N: i, Spare: spare}
}

type tableRow struct {
	rowTable
	models.HeaderSettings
	N     int
	Spare bool
}

func (r tableRow) field(part string) string {
	return r.rowTable.Name + "." + strconv.Itoa(r.N) + "." + part
}

func (r tableRow) label() string { return r.Noun + " " + strconv.Itoa(r.N+1) }

// shown is the value that may be drawn: see keptOnly.
func (r tableRow) shown() string {
	if r.Secret {
		return keptOnly(r.Value)
	}
	return r.Value
}

func (r tableRow) masked() bool { return r.shown() == models.Mask }

// kept reports whether a secret is stored under the row's name that the value does
// not stand for now.
func (r tableRow) kept() bool {
	return !r.masked() && slices.ContainsFunc(r.Stored, func(name string) bool { return strings.EqualFold(name, r.HeaderSettings.Name) })
}

func (r tableRow) hint() string {
	if r.kept() {
		return "Tick Secret and enter *** to keep the stored value."
	}
	return storedHint(r.masked())
}

// wayBack tells how the stored secret stays after all.
const wayBack = "Enter *** to keep the stored one."

func storedHint(masked bool) string {
	if masked {
		return "Stored encrypted, not shown. Leave *** to keep it."
	}
	return ""
}

// keptOnly is the last wall before a page: of a secret it lets nothing but the
// mask through, whatever the caller put into the values.
func keptOnly(secret string) string {
	if secret == models.Mask {
		return models.Mask
	}
	return ""
}
