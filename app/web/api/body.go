package api

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"

	"hookline/models"
)

// readBody returns the whole body, in memory of its own that a caller may keep.
// A body that says it is too large is refused before any of it is read.
func readBody(r *http.Request, limit int64) ([]byte, error) {
	if err := checkContent(r.Header); err != nil {
		return nil, err
	}
	if r.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	if r.ContentLength >= 0 {
		return readKnown(r.Body, r.ContentLength)
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	if err != nil {
		return nil, brokenOff(err)
	}
	if int64(len(body)) > limit {
		return nil, tooLarge(limit)
	}
	return body, nil
}

// believed is how long a body may say to be and get memory for it at once. A longer
// one gets it when so much has arrived: else connections that send a length and
// nothing more would hold all that bodies may take together.
const believed = 64 << 10

func readKnown(r io.Reader, length int64) ([]byte, error) {
	if length <= believed {
		body := make([]byte, length)
		if _, err := io.ReadFull(r, body); err != nil {
			return nil, brokenOff(err)
		}
		return body, nil
	}
	first := make([]byte, believed)
	if _, err := io.ReadFull(r, first); err != nil {
		return nil, brokenOff(err)
	}
	body := make([]byte, length) // at once: growing it would leave as much behind again
	copy(body, first)
	if _, err := io.ReadFull(r, body[believed:]); err != nil {
		return nil, brokenOff(err)
	}
	return body, nil
}

func tooLarge(limit int64) error {
	return models.Errorf(models.TooLarge, "The body may have %d MiB. Send less at once.", limit>>20)
}

// brokenOff is for a body that did not arrive: never our fault.
func brokenOff(err error) error {
	var known *models.Error // such as that there is no room for the body now
	if errors.As(err, &known) {
		return err
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return failure{http.StatusRequestTimeout, "The body did not arrive in time. Send it again."}
	}
	return models.Errorf(models.Malformed, "The body broke off before its end. Send it again.")
}

// checkContent takes JSON, or a body that does not say what it is.
func checkContent(h http.Header) error {
	if encoding := h.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return failure{http.StatusUnsupportedMediaType, "Send the body as it is, without Content-Encoding."}
	}
	kind, params, _ := strings.Cut(h.Get("Content-Type"), ";")
	if kind = strings.TrimSpace(kind); kind != "" && !strings.EqualFold(kind, "application/json") {
		return failure{http.StatusUnsupportedMediaType, "Send JSON, with Content-Type: application/json."}
	}
	name, charset, found := strings.Cut(params, "=")
	if found && strings.EqualFold(strings.TrimSpace(name), "charset") && !strings.EqualFold(strings.Trim(charset, `" `), "utf-8") {
		return failure{http.StatusUnsupportedMediaType, "Send JSON in UTF-8."}
	}
	return nil
}
