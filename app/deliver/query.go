package deliver

import "strings"

// joinQuery puts one more parameter behind a query.
func joinQuery(query, param string) string {
	if query == "" || strings.HasSuffix(query, "&") {
		return query + param
	}
	return query + "&" + param
}

// escapeQuery percent-encodes all but what a query takes as it is (RFC 3986, 3.4)
// and what no parser reads as anything else, so that an address stays readable:
// user@example.com. A space becomes %20, which every parser understands.
func escapeQuery(s string) string {
	const hex = "0123456789ABCDEF"
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if c := s[i]; isPlainInQuery(c) {
			out.WriteByte(c)
		} else {
			out.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return out.String()
}

func isPlainInQuery(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~@:", c) >= 0
}
