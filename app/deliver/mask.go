package deliver

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"hookline/app/egress"
	"hookline/models"
)

// minMasked is the shortest secret that is looked for. A shorter one would be
// found in half of all texts, and hiding it there would give it away.
const minMasked = 4

// mask hides secrets in what is logged: a receiver may send back what it was
// sent (D4, promise 6).
type mask []needle

// needle is one spelling of a secret, in both types, so that looking for it
// allocates nothing.
type needle struct {
	text  string
	bytes []byte
}

// newMask looks for every spelling of the secrets.
func newMask(secrets []string) mask {
	var all []string
	for _, s := range secrets {
		if s != models.Mask { // a preview's stand-in
			all = append(all, spellings(s)...)
		}
	}
	slices.Sort(all)
	var m mask
	for _, s := range slices.Compact(all) {
		if len(s) >= minMasked {
			m = append(m, needle{s, []byte(s)})
		}
	}
	return m
}

// with adds the secrets of one attempt.
func (m mask) with(more mask) mask {
	if len(more) == 0 {
		return m
	}
	return append(slices.Clip(m), more...)
}

// including adds the token of this attempt if the receiver sent a token back.
// Nearly none does, so the cheap look for its fixed start comes first.
func (m mask) including(token string, res egress.Result) mask {
	if token == "" {
		return m
	}
	echoed := bytes.Contains(res.Body, []byte(tokenStart))
	for _, values := range res.Header {
		for _, v := range values {
			echoed = echoed || strings.Contains(v, tokenStart)
		}
	}
	if !echoed {
		return m
	}
	return append(slices.Clip(m), needle{token, []byte(token)})
}

// text returns s with *** for every secret in it.
func (m mask) text(s string) string {
	for _, n := range m {
		if strings.Contains(s, n.text) {
			return string(m.body([]byte(s), false))
		}
	}
	return s
}

// body returns b with *** for every secret in it; b itself, when there is none.
// With partial, b was cut somewhere, and what it ends with is hidden too if a
// secret begins so. The result is never longer than b.
func (m mask) body(b []byte, partial bool) []byte {
	found := m.find(b, partial)
	if len(found) == 0 {
		return b
	}
	// All secrets are found before any is replaced: where two overlap, hiding
	// one first would leave the rest of the other.
	slices.SortFunc(found, func(x, y span) int { return cmp.Compare(x.start, y.start) })
	out := make([]byte, 0, len(b)+len(models.Mask))
	shown := 0
	for i := 0; i < len(found); {
		start, end := found[i].start, found[i].end
		for i++; i < len(found) && found[i].start <= end; i++ {
			end = max(end, found[i].end)
		}
		out = append(append(out, b[shown:start]...), models.Mask...)
		shown = end
	}
	out = append(out, b[shown:]...)
	// Only the start of a secret at the end of b can be shorter than ***.
	return out[:min(len(out), len(b))]
}

type span struct{ start, end int }

func (m mask) find(b []byte, partial bool) (found []span) {
	for _, n := range m {
		for from := 0; ; {
			i := bytes.Index(b[from:], n.bytes)
			if i < 0 {
				break
			}
			start := from + i
			found = append(found, span{start, start + len(n.bytes)})
			from = start + 1 // a secret may overlap itself
		}
		if partial {
			if k := cutShort(b, n.bytes); k > 0 {
				found = append(found, span{len(b) - k, len(b)})
			}
		}
	}
	return found
}

// cutShort is how many bytes at the end of b are the start of a secret.
func cutShort(b, secret []byte) int {
	for k := min(len(secret)-1, len(b)); k > 0; k-- {
		if bytes.HasSuffix(b, secret[:k]) {
			return k
		}
	}
	return 0
}
