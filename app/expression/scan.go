package expression

import "bytes"

// The scanner trusts that its bytes are valid JSON, which they are when they come
// from the store; of what is not it makes something, without harm.

func space(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func trimSpace(raw []byte) []byte {
	for len(raw) > 0 && space(raw[0]) {
		raw = raw[1:]
	}
	for len(raw) > 0 && space(raw[len(raw)-1]) {
		raw = raw[:len(raw)-1]
	}
	return raw
}

// skip returns the first place from i on that is not space.
func skip(raw []byte, i int) int {
	for i < len(raw) && space(raw[i]) {
		i++
	}
	return i
}

// stringEnd returns the place after the string that begins at i.
func stringEnd(raw []byte, i int) int {
	i++
	if n := bytes.IndexByte(raw[min(i, len(raw)):], '"'); n > 0 && raw[i+n-1] != '\\' {
		return i + n + 1
	}
	for ; i < len(raw); i++ {
		switch raw[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(raw)
}

// valueEnd returns the place after the value that begins at i.
func valueEnd(raw []byte, i int) int {
	if i >= len(raw) {
		return len(raw)
	}
	switch raw[i] {
	case '"':
		return stringEnd(raw, i)
	case '{', '[':
		return containerEnd(raw, i)
	}
	for i < len(raw) && !space(raw[i]) && raw[i] != ',' && raw[i] != '}' && raw[i] != ']' {
		i++
	}
	return i
}

func containerEnd(raw []byte, i int) int {
	depth := 0
	for i < len(raw) {
		switch raw[i] {
		case '"':
			i = stringEnd(raw, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
			if depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return len(raw)
}

// eachMember calls f for each member of an object until f says enough. The name is
// as written, with its quotes.
func eachMember(raw []byte, f func(name, value []byte) bool) {
	for i := skip(raw, 1); i < len(raw) && raw[i] == '"'; {
		nameEnd := stringEnd(raw, i)
		name := raw[i:nameEnd]
		i = skip(raw, nameEnd)
		if i >= len(raw) || raw[i] != ':' {
			return
		}
		i = skip(raw, i+1)
		end := valueEnd(raw, i)
		if end == i || !f(name, raw[i:end]) {
			return
		}
		i = skip(raw, end)
		if i >= len(raw) || raw[i] != ',' {
			return
		}
		i = skip(raw, i+1)
	}
}

// eachItem calls f for each item of an array until f says enough.
func eachItem(raw []byte, f func(value []byte) bool) {
	for i := skip(raw, 1); i < len(raw) && raw[i] != ']'; {
		end := valueEnd(raw, i)
		if end == i || !f(raw[i:end]) {
			return
		}
		i = skip(raw, end)
		if i >= len(raw) || raw[i] != ',' {
			return
		}
		i = skip(raw, i+1)
	}
}

// sameName compares a name as written with one as meant.
func sameName(written []byte, name string) bool {
	if n := len(written); n >= 2 && string(written[1:n-1]) == name {
		return true
	}
	for _, c := range written {
		if c == '\\' {
			return unquote(written) == name
		}
	}
	return false
}

// in finds a step's value in raw; nil when there is none.
func (k key) in(raw []byte) (found []byte) {
	switch {
	case len(raw) == 0:
	case k.isIndex && raw[0] == '[':
		return itemAt(raw, k.index)
	case !k.isIndex && raw[0] == '{':
		eachMember(raw, func(name, value []byte) bool {
			if sameName(name, k.name) {
				found = value
			}
			return found == nil
		})
	}
	return found
}

// itemAt counts from the end when the index is negative.
func itemAt(raw []byte, index int) (found []byte) {
	if index < 0 {
		n := 0
		eachItem(raw, func([]byte) bool { n++; return true })
		if index += n; index < 0 {
			return nil
		}
	}
	eachItem(raw, func(value []byte) bool {
		if index == 0 {
			found = value
		}
		index--
		return found == nil
	})
	return found
}

// compact appends JSON without the space between its parts.
func compact(dst, raw []byte) []byte {
	start := 0
	for i := 0; i < len(raw); {
		switch {
		case raw[i] == '"':
			i = stringEnd(raw, i)
		case space(raw[i]):
			dst = append(dst, raw[start:i]...)
			i = skip(raw, i)
			start = i
		default:
			i++
		}
	}
	return append(dst, raw[start:]...)
}
