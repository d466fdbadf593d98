package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"hookline/static"
)

//go:embed docs.html
var docsSource string

var docsTemplate = template.Must(template.New("docs").Parse(docsSource))

// docsPage draws the OpenAPI document for people, once: it does not change while
// the process lives. It needs no script, and nothing from elsewhere.
func (s *server) docsPage() ([]byte, error) {
	api := s.describe.OpenAPI()
	page := docs{
		Title: api.Info.Title, About: strings.Split(api.Info.Description, "\n\n"), BaseURL: s.BaseURL + base,
		CSS: static.URL("css/app.css"), Icon: static.URL("img/favicon.svg"),
	}
	for _, r := range s.routes {
		page.add(r.tag, s.docsCall(r))
	}
	for _, k := range kinds {
		page.Problems = append(page.Problems, docsProblem{Anchor: "problem-" + k.slug, Status: k.status, Title: k.title, Mend: k.mend})
	}
	var out bytes.Buffer
	err := docsTemplate.Execute(&out, page)
	return out.Bytes(), err
}

type docs struct {
	Title, BaseURL, CSS, Icon string
	About                     []string
	Groups                    []docsGroup
	Problems                  []docsProblem
}

type docsGroup struct {
	Tag, Anchor string
	Calls       []docsCall
}

type docsCall struct {
	Anchor, Method, Path, Summary, Description string
	Scopes                                     []string
	Params, Body                               []docsMember
	BodyOptional                               bool
	Curl                                       string
	Status                                     int
	Answer                                     string
	AnswerMembers                              []docsMember
}

type docsProblem struct {
	Anchor string
	Status int
	Title  string
	Mend   string
}

func (d *docs) add(tag string, c docsCall) {
	if n := len(d.Groups); n == 0 || d.Groups[n-1].Tag != tag {
		d.Groups = append(d.Groups, docsGroup{Tag: tag, Anchor: "group-" + strings.ReplaceAll(strings.ToLower(tag), " ", "-")})
	}
	last := &d.Groups[len(d.Groups)-1]
	last.Calls = append(last.Calls, c)
}

func (s *server) docsCall(r route) docsCall {
	op := s.operation(r)
	c := docsCall{
		Anchor: op.OperationID, Method: r.method, Path: r.path, Summary: r.summary, Description: r.description,
		Scopes: scopesOf(r.action), BodyOptional: r.emptyBody, Curl: s.curl(r), Status: r.success(), Answer: pretty(r.answer),
	}
	for _, p := range op.Parameters {
		c.Params = append(c.Params, docsMember{Name: p.Name, In: p.In, Type: s.typeOf(p.Schema), About: p.Description, Required: p.Required})
	}
	if op.RequestBody != nil {
		c.Body = s.members(op.RequestBody.Content["application/json"].Schema)
	}
	for code, res := range op.Responses {
		if media := res.Content["application/json"]; code[0] == '2' && media != nil {
			c.AnswerMembers = s.members(media.Schema)
		}
	}
	return c
}

// variable is a parameter of a path; curl would take its braces for a pattern.
var variable = regexp.MustCompile(`\{\w+\}`)

// curl is a command to try the call with.
func (s *server) curl(r route) string {
	b := new(strings.Builder)
	b.WriteString("curl ")
	if r.method != "GET" {
		b.WriteString("-X " + r.method + " ")
	}
	path := variable.ReplaceAllStringFunc(r.path, func(name string) string { return "$" + strings.ToUpper(strings.Trim(name, "{}")) })
	b.WriteString(`"` + s.BaseURL + base + path + "\" \\\n  -H \"Authorization: Bearer $HOOKLINE_TOKEN\"")
	if r.body != "" {
		b.WriteString(" \\\n  -H 'Content-Type: application/json' \\\n  -d '" + strings.ReplaceAll(r.body, "'", `'\''`) + "'")
	}
	return b.String()
}

func pretty(example string) string {
	var out bytes.Buffer
	if json.Indent(&out, []byte(example), "", "  ") != nil {
		return example
	}
	return out.String()
}

// resolve follows a reference into the document's components.
func (s *server) resolve(schema *huma.Schema) *huma.Schema {
	if schema != nil && schema.Ref != "" {
		return s.describe.OpenAPI().Components.Schemas.SchemaFromRef(schema.Ref)
	}
	return schema
}
