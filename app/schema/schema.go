// Package schema checks data against JSON Schemas (2020-12 unless one says
// otherwise; Z4). A schema stands for itself: it can refer to parts of its own and
// to the published meta-schemas, never to a file or to the network.
package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"hookline/app/decimal"
	"hookline/models"
)

// Bounds of a schema. Each reference can double the work of a check, so they are
// counted too, and so are the steps of each check (steps.go).
const (
	MaxBytes      = 64 << 10
	maxReferences = 200
)

// Schema is one that can be checked against. Safe for concurrent use: each check
// takes a compiled one for itself, as that counts its steps.
type Schema struct {
	doc  any
	idle chan *counted // those that no check is at
}

// Fault says where data does not fit, and why.
type Fault struct {
	Path   string // items[0].price; "" for the whole
	Reason string
}

func (f Fault) Error() string {
	if f.Path == "" {
		return f.Reason
	}
	return f.Path + ": " + f.Reason
}

// Compile reads a schema. Its error is a sentence for whoever wrote it.
func Compile(source []byte) (*Schema, error) {
	if len(source) > MaxBytes {
		return nil, fmt.Errorf("a schema has %d KiB at most", MaxBytes>>10)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(source))
	if err != nil {
		return nil, fmt.Errorf("it is not valid JSON: %w", err)
	}
	if _, isObject := doc.(map[string]any); !isObject {
		return nil, errors.New("a schema is a JSON object")
	}
	if err := bounded(doc, 0, new(int)); err != nil {
		return nil, err
	}
	first, err := compile(doc)
	if err != nil {
		return nil, err
	}
	s := &Schema{doc: doc, idle: make(chan *counted, runtime.GOMAXPROCS(0))}
	s.idle <- first
	return s, nil
}

func (s *Schema) take() *counted {
	select {
	case c := <-s.idle:
		return c
	default:
		c, _ := compile(s.doc) // as it did the first time
		return c
	}
}

func (s *Schema) giveBack(c *counted) {
	select {
	case s.idle <- c:
	default:
	}
}

func compile(doc any) (made *counted, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("it cannot be read: %v", r)
		}
	}()
	made = &counted{left: freeSteps}
	c := jsonschema.NewCompiler()
	c.UseLoader(nothingElse{})
	c.UseRegexpEngine((&patterns{spend: made.spend}).compile)
	if err := c.AddResource(ownURL, doc); err != nil {
		return nil, explain(err)
	}
	compiled, err := c.Compile(ownURL)
	if err != nil {
		return nil, explain(err)
	}
	made.schema = compiled
	made.countIn(reflect.ValueOf(compiled), map[*jsonschema.Schema]bool{})
	return made, nil
}

// ownURL names the schema to the compiler; nothing is ever fetched from there.
const ownURL = "https://schema.invalid/own"

// nothingElse refuses every reference out of the schema.
type nothingElse struct{}

func (nothingElse) Load(url string) (any, error) {
	return nil, fmt.Errorf("it refers to %s, and a schema cannot refer to anything outside of itself", url)
}

// bounded checks depth, references and numbers before anything is compiled.
func bounded(v any, depth int, references *int) error {
	if depth > models.MaxJSONDepth {
		return fmt.Errorf("it is nested more than %d levels deep", models.MaxJSONDepth)
	}
	switch v := v.(type) {
	case json.Number:
		if err := decimal.Bounded(string(v)); err != nil {
			return err
		}
	case map[string]any:
		for name, child := range v {
			if name == "$ref" || name == "$dynamicRef" || name == "$recursiveRef" {
				if *references++; *references > maxReferences {
					return fmt.Errorf("it has more than %d references", maxReferences)
				}
			}
			if err := bounded(child, depth+1, references); err != nil {
				return err
			}
		}
	case []any:
		for _, child := range v {
			if err := bounded(child, depth+1, references); err != nil {
				return err
			}
		}
	}
	return nil
}

// explain says what is wrong with a schema itself.
func explain(err error) error {
	var invalid *jsonschema.SchemaValidationError
	if errors.As(err, &invalid) {
		var fault *jsonschema.ValidationError
		if errors.As(invalid.Err, &fault) {
			return faultOf(fault)
		}
	}
	var pattern *jsonschema.InvalidRegexError
	if errors.As(err, &pattern) && errors.As(pattern.Err, new(refusedPattern)) {
		return pattern.Err
	}
	var load *jsonschema.LoadURLError
	if errors.As(err, &load) {
		return load.Err
	}
	return errors.New(strings.ReplaceAll(err.Error(), ownURL, "the schema"))
}

// Check returns a Fault when data does not fit. Data is valid JSON.
func (s *Schema) Check(data []byte) error {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("it is not valid JSON: %w", err)
	}
	if err := checkNumbers(v, nil); err != nil {
		return err
	}
	compiled := s.take()
	defer s.giveBack(compiled)
	err = compiled.check(v, freeSteps+len(data))
	var fault *jsonschema.ValidationError
	if errors.As(err, &fault) {
		return faultOf(fault)
	}
	return err
}

var english = message.NewPrinter(language.English)

// faultOf is the first fault of the deepest kind: what stands above it only says
// that there is one below.
func faultOf(e *jsonschema.ValidationError) Fault {
	for len(e.Causes) > 0 {
		e = e.Causes[0]
	}
	path := e.InstanceLocation
	if missing, ok := e.ErrorKind.(*kind.Required); ok && len(missing.Missing) > 0 {
		return Fault{Path: pathOf(append(path[:len(path):len(path)], missing.Missing[0])), Reason: "this is required, and missing"}
	}
	found := e.ErrorKind
	if format, is := found.(*kind.Format); is {
		var ours kindError
		switch {
		case errors.As(format.Err, &ours):
			found = ours.kind
		case errors.As(format.Err, new(refusedPattern)):
			return Fault{Path: pathOf(path), Reason: format.Err.Error()}
		}
	}
	return Fault{Path: pathOf(path), Reason: shortened(found.LocalizedString(english))}
}

// pathOf is a location as people write it: items[0].price.
func pathOf(location []string) string {
	var b strings.Builder
	for _, part := range location {
		switch {
		case part != "" && strings.Trim(part, "0123456789") == "":
			b.WriteString("[" + part + "]")
		case b.Len() > 0:
			b.WriteString("." + part)
		default:
			b.WriteString(part)
		}
	}
	return shortened(b.String())
}

// shortened keeps an error readable whatever the data is.
func shortened(text string) string {
	const most = 200
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
