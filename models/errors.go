package models

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Code sorts errors by what the caller can do about them.
type Code string

const (
	Invalid         Code = "invalid"         // the input is wrong; Fields say where and how to mend it
	Malformed       Code = "malformed"       // the input could not be parsed at all
	NotFound        Code = "not_found"       // no such object, or not one the actor may know of
	Conflict        Code = "conflict"        // the object's state forbids it, or the name is taken
	Denied          Code = "denied"          // known actor, function not allowed
	Unauthenticated Code = "unauthenticated" // no valid session or token
	TooLarge        Code = "too_large"       // over a documented size
	TooMany         Code = "too_many"        // throttled; try again later
	Unavailable     Code = "unavailable"     // we cannot keep our promises now; try again later
)

// FieldError says what is wrong with one input field and how to mend it.
type FieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Error is what a person or program is told. Anything else that went wrong is
// an internal error: its text goes to the log only.
type Error struct {
	Code    Code
	Message string
	Fields  []FieldError
	// RetryAfter is when TooMany is over, where that is known.
	RetryAfter time.Duration
}

func (e *Error) Error() string {
	if len(e.Fields) == 0 {
		return e.Message
	}
	parts := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		parts[i] = f.Field + ": " + f.Message
	}
	return e.Message + " (" + strings.Join(parts, "; ") + ")"
}

// Errorf makes an Error without fields.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// CodeOf returns the code of the first Error in err's chain, or "" for an
// internal error.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// FieldErrors collects what is wrong with an input, so that a person sees all
// of it at once.
type FieldErrors []FieldError

// Add notes one fault.
func (f *FieldErrors) Add(field, format string, args ...any) {
	*f = append(*f, FieldError{Field: field, Message: fmt.Sprintf(format, args...)})
}

// Err returns an Invalid error with all faults, or nil when there are none.
func (f FieldErrors) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Code: Invalid, Message: "Some values need a change before this can be saved.", Fields: f}
}
