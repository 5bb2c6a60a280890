package lockfile

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// classicKind is the kind of what stands for a name or a value.
type classicKind uint8

const (
	classicNothing classicKind = iota // what yarn refuses
	classicWord                       // a text without quotes
	classicText                       // a text in quotes, with JSON's escapes
	classicLiteral                    // a number, true, false or null, which are no texts to some or all readers
	classicObject                     // no token: a colon at the end of a line, before members
)

func (k classicKind) isText() bool { return k == classicWord || k == classicText }

// wordBytes are those that a token without quotes goes on for: all but the ones
// at which yarn ends it, and control characters, which readers end it at or not.
var wordBytes = func() (set [256]bool) {
	for c := '!'; c < 256; c++ {
		set[c] = c != ':' && c != ',' && c != 0x7f
	}
	return set
}()

// classicToken takes a name or a value off the front of a text.
func classicToken(text string) (token, rest string, kind classicKind) {
	if text != "" && text[0] == '"' {
		return quotedToken(text)
	}
	end := wordEnd(text)
	token, rest = text[:end], text[end:]
	switch c := firstByte(token) | 0x20; {
	case (c == 't' || c == 'f') && (strings.HasPrefix(token, "true") || strings.HasPrefix(token, "false")):
		if token != "true" && token != "false" {
			return "", text, classicNothing // yarn takes the start of it for a boolean
		}
		return token, rest, classicLiteral
	case 'a' <= c && c <= 'z', c == '/', c == '-', c == '.':
		return token, rest, classicWord
	case isDigits(token):
		return token, rest, classicLiteral
	}
	return "", text, classicNothing
}

// wordEnd gives where the token without quotes ends that a text begins with.
func wordEnd(text string) int {
	at := 0
	for ; len(text)-at >= 8; at += 8 {
		v := word(text[at:])
		if stop := below(v, '!') | below(v^':'*ones, 1) | below(v^','*ones, 1) | below(v^0x7f*ones, 1); stop != 0 {
			return at + firstOf(stop)
		}
	}
	for at < len(text) && wordBytes[text[at]] {
		at++
	}
	return at
}

// firstByte gives the first byte of a text, and 0 of an empty one.
func firstByte(text string) byte {
	if text == "" {
		return 0
	}
	return text[0]
}

// quotedToken takes a text in quotes off the front. Nearly none has an escape.
func quotedToken(text string) (token, rest string, kind classicKind) {
	if n := plainQuoted(text[1:]); n >= 0 {
		return text[1 : 1+n], text[1+n+1:], classicText
	}
	end := strings.IndexByte(text[1:], '"') + 1
	if end == 0 {
		return "", text, classicNothing
	}
	token, rest = text[1:end], text[end+1:]
	if strings.IndexByte(token, '\\') < 0 {
		if !isGraphic(token) && strings.ContainsFunc(token, isControlCharacter) {
			return "", text, classicNothing
		}
		return token, rest, classicText
	}
	for end = 1; end < len(text) && text[end] != '"'; end++ {
		if text[end] == '\\' {
			end++
		}
	}
	// yarn takes a quote after two backslashes for the end, and so the rest of
	// this for something that it can't read.
	if end >= len(text) || strings.Contains(text[:end], `\\\"`) {
		return "", text, classicNothing
	}
	decoded, err := jsontext.AppendUnquote(nil, text[:end+1])
	if err != nil {
		return "", text, classicNothing
	}
	return string(decoded), text[end+1:], classicText
}

// plainQuoted gives where the quote stands that ends a text of visible ASCII
// characters and spaces, without escapes; -1 if it is another one.
func plainQuoted(text string) int {
	at := 0
	for ; len(text)-at >= 8; at += 8 {
		v := word(text[at:])
		if stop := below(v^'"'*ones, 1) | below(v^'\\'*ones, 1) | below(v, ' ') | below(v^0x7f*ones, 1) | v&highs; stop != 0 {
			at += firstOf(stop)
			break
		}
	}
	for ; at < len(text); at++ {
		switch c := text[at]; {
		case c == '"':
			return at
		case c == '\\' || c < ' ' || c > '~':
			return -1
		}
	}
	return -1
}

func isControlCharacter(c rune) bool { return c < ' ' || c == 0x7f }

// afterSpaces drops the spaces before a token.
func afterSpaces(text string) string {
	for text != "" && text[0] == ' ' {
		text = text[1:]
	}
	return text
}

// value reads what follows a name to the end of its line: a value, with a colon
// before it or not, or only the colon, which members follow.
func (r *classicReader) value(rest string) (value string, kind classicKind, err error) {
	rest = afterSpaces(rest)
	if after, ok := strings.CutPrefix(rest, ":"); ok {
		if rest = afterSpaces(after); rest == "" {
			return "", classicObject, nil
		}
	}
	value, after, kind := classicToken(rest)
	if kind == classicNothing {
		return "", kind, r.unexpected(rest)
	}
	if after = afterSpaces(after); after != "" {
		return "", kind, r.unexpected(after)
	}
	if kind == classicWord && value == "null" {
		kind = classicLiteral
	}
	return value, kind, nil
}

// unexpected gives the error of a line that can't be read from a place on.
func (r *classicReader) unexpected(rest string) error {
	for _, marker := range [...]string{"<<<<<<<", "|||||||", "=======", ">>>>>>>"} {
		if strings.HasPrefix(rest, marker) { // a conflict that was half resolved
			return conflictedClassic(r.path, r.line)
		}
	}
	if rest == "" {
		return r.refuse("the line ends where a value should stand")
	}
	return r.refuse("%.40q stands where yarn 1 has nothing of its kind", rest)
}
