package expression

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"hookline/app/decimal"
)

var textFunctions = []Function{
	{Name: "upper", Signature: "upper(text)", Sentence: "All letters as capitals.", Example: `upper("ada")`, Gives: "text", least: 1, most: 1, call: onText(strings.ToUpper)},
	{Name: "lower", Signature: "lower(text)", Sentence: "All letters as small ones.", Example: `lower("ADA")`, Gives: "text", least: 1, most: 1, call: onText(strings.ToLower)},
	{Name: "trim", Signature: "trim(text, characters?)", Sentence: "Without the space, or those characters, around it.", Example: `trim("  ada ")`, Gives: "text", least: 1, most: 2, call: trim},
	{Name: "trimPrefix", Signature: "trimPrefix(text, start)", Sentence: "Without that start.", Example: `trimPrefix("#general", "#")`, Gives: "text", least: 2, most: 2, call: texts(func(s []string) string { return strings.TrimPrefix(s[0], s[1]) })},
	{Name: "trimSuffix", Signature: "trimSuffix(text, end)", Sentence: "Without that end.", Example: `trimSuffix("a.txt", ".txt")`, Gives: "text", least: 2, most: 2, call: texts(func(s []string) string { return strings.TrimSuffix(s[0], s[1]) })},
	{Name: "replace", Signature: "replace(text, old, new)", Sentence: "Every old part made new.", Example: `replace("a-b", "-", "_")`, Gives: "text", least: 3, most: 3, call: replace},
	{Name: "truncate", Signature: "truncate(text, length)", Sentence: "At most so many characters; what was cut ends in ….", Example: `truncate("Ada Lovelace", 4)`, Gives: "text", least: 2, most: 2, call: truncate},
	{Name: "split", Signature: "split(text, separator)", Sentence: "A list of the parts between separators.", Example: `split("a,b", ",")`, Gives: "list", least: 2, most: 2, call: split},
	{Name: "join", Signature: "join(list, separator?)", Sentence: "One text of a list's items.", Example: `join(["a", "b"], ", ")`, Gives: "text", least: 1, most: 2, call: join},
	{Name: "string", Signature: "string(value)", Sentence: "The value as text.", Example: `string(42)`, Gives: "text", least: 1, most: 1, call: texts(func(s []string) string { return s[0] })},
	{Name: "urlEncode", Signature: "urlEncode(text)", Sentence: "Percent-encoded for a URL.", Example: `urlEncode("a b")`, Gives: "text", least: 1, most: 1, call: onText(URLEncode)},
	{Name: "toBase64", Signature: "toBase64(text)", Sentence: "Encoded as Base64.", Example: `toBase64("ada")`, Gives: "text", least: 1, most: 1, call: onText(func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) })},
	{Name: "fromBase64", Signature: "fromBase64(text)", Sentence: "The text that was encoded as Base64.", Example: `fromBase64("YWRh")`, Gives: "text", least: 1, most: 1, call: fromBase64},
}

// text is a value as text, paid for.
func text(e *Env, v any) (string, error) {
	if s, ok := v.(string); ok {
		return s, e.spendOn(len(s))
	}
	if err := e.spendOn(2 * weight(v, 0)); err != nil {
		return "", err
	}
	out, err := appendText(nil, v)
	return string(out), err
}

// weight is about how many bytes a value is as text, added to those before it. It
// stops where it is too long anyway.
func weight(v any, before int) int {
	switch v := v.(type) {
	case string:
		return before + len(v)
	case number:
		return before + len(v)
	case *decimal.Number:
		return before + v.Digits()
	case *object:
		before += 2 + len(v.raw)
		for i := 0; v.raw == nil && i < len(v.made) && before <= MaxOutput; i++ {
			before = weight(v.made[i].value, before+4+len(v.made[i].name))
		}
	case *array:
		before += 2 + len(v.raw)
		for i := 0; v.raw == nil && i < len(v.items) && before <= MaxOutput; i++ {
			before = weight(v.items[i], before+1)
		}
	}
	return before + 1
}

// onText is a function of one text that may grow it three times.
func onText(f func(string) string) func(*Env, []any) (any, error) {
	return func(e *Env, args []any) (any, error) {
		s, err := text(e, args[0])
		if err != nil {
			return nil, err
		}
		if err := e.spendOn(3 * len(s)); err != nil {
			return nil, err
		}
		return f(s), nil
	}
}

// texts is a function of texts that makes nothing longer than they are.
func texts(f func([]string) string) func(*Env, []any) (any, error) {
	return func(e *Env, args []any) (any, error) {
		all := make([]string, len(args))
		for i, arg := range args {
			s, err := text(e, arg)
			if err != nil {
				return nil, err
			}
			all[i] = s
		}
		return f(all), nil
	}
}

// maxTrimmed is how many bytes the characters have that trim takes away: each is
// looked for in all of them.
const maxTrimmed = 64

func trim(e *Env, args []any) (any, error) {
	if len(args) > 1 {
		characters, err := text(e, args[1])
		if err != nil {
			return nil, err
		}
		if len(characters) > maxTrimmed {
			return nil, fmt.Errorf("trim takes up to %d bytes of characters; replace takes away longer texts", maxTrimmed)
		}
	}
	return texts(func(s []string) string {
		if len(s) == 1 {
			return strings.TrimSpace(s[0])
		}
		return strings.Trim(s[0], s[1])
	})(e, args)
}

func replace(e *Env, args []any) (any, error) {
	s, err := text(e, args[0])
	old, err2 := text(e, args[1])
	with, err3 := text(e, args[2])
	if err := errors.Join(err, err2, err3); err != nil {
		return nil, err
	}
	if old == "" {
		return s, nil
	}
	n := strings.Count(s, old)
	if n*len(with) > MaxOutput {
		return nil, ErrTooLong
	}
	if err := e.spendOn(len(s) + n*len(with)); err != nil {
		return nil, err
	}
	return strings.ReplaceAll(s, old, with), nil
}

func truncate(e *Env, args []any) (any, error) {
	s, err := text(e, args[0])
	if err != nil {
		return nil, err
	}
	most, err := toInt(e, args[1:])
	if err != nil {
		return nil, err
	}
	length, whole := most.(int64)
	if !whole || length < 0 || int64(len(s)) <= length {
		return s, nil // more characters than bytes there are not
	}
	if err := e.spendOn(3 * len(s)); err != nil {
		return nil, err
	}
	runes := []rune(s)
	if int64(len(runes)) <= length {
		return s, nil
	}
	if length == 0 {
		return "", nil
	}
	return string(runes[:length-1]) + "…", nil
}

func split(e *Env, args []any) (any, error) {
	s, err := text(e, args[0])
	sep, err2 := text(e, args[1])
	if err := errors.Join(err, err2); err != nil {
		return nil, err
	}
	if err := e.spend(1 + 4*(1+strings.Count(s, sep))); err != nil {
		return nil, err
	}
	parts := strings.Split(s, sep)
	items := make([]any, len(parts))
	for i, part := range parts {
		items[i] = part
	}
	return list(items), nil
}

func join(e *Env, args []any) (any, error) {
	items, err := listOf(e, args[0], "join")
	if err != nil {
		return nil, err
	}
	sep := ""
	if len(args) > 1 {
		if sep, err = text(e, args[1]); err != nil {
			return nil, err
		}
	}
	var out []byte
	for i, item := range items {
		if i > 0 {
			out = append(out, sep...)
		}
		if err := e.spendOn(weight(item, len(sep))); err != nil {
			return nil, err
		}
		if out, err = appendText(out, item); err != nil {
			return nil, err
		}
	}
	return string(out), nil
}

func fromBase64(e *Env, args []any) (any, error) {
	s, err := text(e, args[0])
	if err != nil {
		return nil, err
	}
	encoding := base64.StdEncoding
	if strings.ContainsAny(s, "-_") {
		encoding = base64.URLEncoding
	}
	out, err := encoding.WithPadding(base64.NoPadding).DecodeString(strings.TrimRight(s, "="))
	if err != nil || !utf8.Valid(out) {
		return nil, fmt.Errorf("fromBase64 needs Base64 of a text")
	}
	return string(out), nil
}

// URLEncode percent-encodes all but what RFC 3986 calls unreserved.
func URLEncode(s string) string { return string(AppendURLEncoded(nil, s)) }

// AppendURLEncoded appends URLEncode of s.
func AppendURLEncoded[T string | []byte](dst []byte, s T) []byte {
	const hex = "0123456789ABCDEF"
	for i := 0; i < len(s); i++ {
		if c := s[i]; unreserved(c) {
			dst = append(dst, c)
		} else {
			dst = append(dst, '%', hex[c>>4], hex[c&15])
		}
	}
	return dst
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}
