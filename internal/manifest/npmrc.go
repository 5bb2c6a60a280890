package manifest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxSettings is the size of a settings file in bytes.
const maxSettings = 1 << 20

// Settings is what one .npmrc sets, in file order.
type Settings struct {
	List []Setting
}

// Setting is one line of a settings file.
type Setting struct {
	// Section is the [name] above it. npm knows no sections: what stands in
	// one has no effect.
	Section string
	Key     string // without the "[]" of a list
	Value   string // "true" for a key that stands alone
	List    bool   // one of several values of its key
	Line    int
}

// variable is npm's ${NAME} and ${NAME?}, with the backslashes before it
// (@npmcli/config, lib/env-replace.js).
var variable = regexp.MustCompile(`(\\*)\$\{([^${}?]+)(\?)?\}`)

// ParseNPMRC reads an .npmrc by the rules of npm's ini and config packages. env
// gives an environment variable, or "" for one that is not set; where env is
// nil, nothing is expanded, and what is written is all that is known.
func ParseNPMRC(data []byte, env func(string) string) (*Settings, error) {
	if len(data) > maxSettings {
		return nil, fmt.Errorf(".npmrc: reading: %d bytes are more than the %d that are read", len(data), maxSettings)
	}
	if !utf8.Valid(data) {
		return nil, fmt.Errorf(".npmrc: reading: not in UTF-8")
	}
	s := &Settings{}
	section := ""
	line := 0
	for text := range bytes.Lines(bytes.TrimPrefix(data, []byte("\ufeff"))) {
		line++
		for part := range strings.SplitSeq(strings.TrimSuffix(string(text), "\n"), "\r") {
			s.read(part, &section, line, env)
		}
	}
	return s, nil
}

// read takes one line.
func (s *Settings) read(text string, section *string, line int, env func(string) string) {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" || trimmed[0] == ';' || trimmed[0] == '#' || text[0] == '=' {
		return
	}
	if name, ok := strings.CutPrefix(strings.TrimRight(text, " \t"), "["); ok {
		if name, rest, ok := strings.Cut(name, "]"); ok && rest == "" {
			*section = unquote(name)
			return
		}
	}
	key, value, given := strings.Cut(text, "=")
	set := Setting{Section: *section, Key: unquote(key), Value: "true", Line: line}
	if given {
		set.Value = unquote(value)
	}
	if bare, ok := strings.CutSuffix(set.Key, "[]"); ok && bare != "" {
		set.Key, set.List = bare, true
	}
	if env != nil {
		set.Key, set.Value = expand(set.Key, env), expand(set.Value, env)
	}
	s.List = append(s.List, set)
}

// unquote gives what a key or value says: a JSON string, a text in single
// quotes, or a bare one that ends at the first comment mark not escaped.
func unquote(text string) string {
	text = strings.TrimSpace(text)
	if n := len(text); n > 0 && (text[0] == '"' || text[0] == '\'') && text[n-1] == text[0] {
		inner := text
		if text[0] == '\'' {
			inner = text[1:max(1, n-1)]
		}
		var value string
		if json.Unmarshal([]byte(inner), &value) == nil {
			return value
		}
		return inner
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == ';', c == '#':
			return strings.TrimSpace(b.String())
		case c == '\\' && i+1 < len(text) && strings.IndexByte(`\;#`, text[i+1]) >= 0:
			i++
			b.WriteByte(text[i])
		default:
			b.WriteByte(c)
		}
	}
	return strings.TrimSpace(b.String())
}

// expand puts in the values of variables. One that is not set stays as it is
// written, or is nothing with a question mark behind its name; an odd number of
// backslashes before it keeps it from being expanded.
func expand(text string, env func(string) string) string {
	return variable.ReplaceAllStringFunc(text, func(whole string) string {
		m := variable.FindStringSubmatch(whole)
		escapes, name := len(m[1]), m[2]
		if escapes%2 == 1 {
			return whole[(escapes+1)/2:]
		}
		value := env(name)
		if value == "" && m[3] == "" {
			value = "${" + name + "}"
		}
		return m[1][:escapes/2] + value
	})
}

// Get gives the setting that counts for a key: the last one.
func (s *Settings) Get(key string) (Setting, bool) {
	for _, set := range slices.Backward(s.List) {
		if set.Key == key && set.Section == "" {
			return set, true
		}
	}
	return Setting{}, false
}

func (s *Settings) value(key string) string {
	set, _ := s.Get(key)
	return set.Value
}

// Registry gives the registry that a package is asked from, by its name or its
// scope ("@acme"); "" asks for the one without a scope. It is "" where none is
// set.
func (s *Settings) Registry(name string) string {
	if scope, _, _ := strings.Cut(name, "/"); strings.HasPrefix(scope, "@") {
		if registry := s.value(scope + ":registry"); registry != "" {
			return registry
		}
	}
	return s.value("registry")
}

// Scopes gives the scopes that have a registry of their own, sorted.
func (s *Settings) Scopes() []string {
	var scopes []string
	for _, set := range s.List {
		scope, ok := strings.CutSuffix(set.Key, ":registry")
		if ok && set.Section == "" && strings.HasPrefix(scope, "@") && !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	slices.Sort(scopes)
	return scopes
}

// Authorization gives the value of the Authorization header for an address, or
// "": that of the longest part of its path, down to the host alone, which has a
// credential (npm-registry-fetch, lib/auth.js). A credential in which a variable
// was left unexpanded is none.
func (s *Settings) Authorization(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	host := strings.ToLower(u.Host)
	if port := map[string]string{"https": ":443", "http": ":80"}[u.Scheme]; u.Port() != "" {
		host = strings.TrimSuffix(host, port)
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	for key := "//" + host + path; ; {
		if value := s.credential(key); value != "" {
			return value
		}
		// Either what stands behind the last slash goes, or the slash itself.
		switch slash := strings.LastIndexByte(key, '/'); {
		case slash == 1:
			return ""
		case slash == len(key)-1:
			key = key[:slash]
		default:
			key = key[:slash+1]
		}
	}
}

// credential gives the header's value that is set for exactly one key such as
// "//npm.example.com/team/".
func (s *Settings) credential(key string) string {
	if token := s.value(key + ":_authToken"); isSet(token) {
		return "Bearer " + token
	}
	if auth := s.value(key + ":_auth"); isSet(auth) {
		return "Basic " + auth
	}
	user, secret := s.value(key+":username"), s.value(key+":_password")
	if !isSet(user) || !isSet(secret) {
		return ""
	}
	password, err := base64.StdEncoding.DecodeString(secret)
	if err != nil {
		return ""
	}
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+string(password)))
}

func isSet(value string) bool { return value != "" && !variable.MatchString(value) }
