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

// eachMember calls f with the place of each member of an object until f says
// enough. The name's place is that of it as written, with its quotes.
func eachMember(raw []byte, f func(place) bool) {
	for i := skip(raw, 1); i < len(raw) && raw[i] == '"'; {
		p := place{name: uint32(i)}
		i = stringEnd(raw, i)
		p.nameEnd = uint32(i)
		i = skip(raw, i)
		if i >= len(raw) || raw[i] != ':' {
			return
		}
		i = skip(raw, i+1)
		end := valueEnd(raw, i)
		p.value, p.end = uint32(i), uint32(end)
		if end == i || !f(p) {
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
	return len(written) > len(name) && escaped(written) && unquote(written) == name
}

func escaped(written []byte) bool { return bytes.IndexByte(written, '\\') >= 0 }

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
