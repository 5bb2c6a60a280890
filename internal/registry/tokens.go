package registry

import (
	"bytes"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// tokens walks a JSON document. What has another type than the one asked for is
// skipped and said to be absent: one odd member never costs the whole document.
type tokens struct {
	d       *jsontext.Decoder
	scratch []byte
	kept    map[string]string // strings that come again and again
}

// newTokens takes invalid UTF-8 and lone surrogates, which descriptions that
// were cut somewhere are full of. Names that come twice are looked for where
// they matter: the decoder would remember those of every object that is skipped.
func newTokens(r io.Reader) *tokens {
	return &tokens{
		d:    jsontext.NewDecoder(&sieve{r: r}, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)),
		kept: make(map[string]string),
	}
}

func (t *tokens) skip() error { return t.d.SkipValue() }

// fields calls f for each member of an object, with the decoder before its
// value. The name is good until the next token. present is false if the value
// is no object.
func (t *tokens) fields(f func(name []byte) error) (present bool, err error) {
	if t.d.PeekKind() != '{' {
		return false, t.skip()
	}
	if _, err := t.d.ReadToken(); err != nil {
		return false, err
	}
	for t.d.PeekKind() != '}' {
		name, err := t.quoted()
		if err != nil {
			return false, err
		}
		if err := f(name); err != nil {
			return false, err
		}
	}
	_, err = t.d.ReadToken()
	return true, err
}

// each calls f for each element of an array.
func (t *tokens) each(f func() error) error {
	if t.d.PeekKind() != '[' {
		return t.skip()
	}
	if _, err := t.d.ReadToken(); err != nil {
		return err
	}
	for t.d.PeekKind() != ']' {
		if err := f(); err != nil {
			return err
		}
	}
	_, err := t.d.ReadToken()
	return err
}

// text reads a string; "" if it is none.
func (t *tokens) text() (string, error) {
	if t.d.PeekKind() != '"' {
		return "", t.skip()
	}
	b, err := t.quoted()
	return string(b), err
}

// term reads a string that likely occurs again.
func (t *tokens) term() (string, error) {
	if t.d.PeekKind() != '"' {
		return "", t.skip()
	}
	b, err := t.quoted()
	return t.intern(b), err
}

func (t *tokens) intern(b []byte) string {
	if s, ok := t.kept[string(b)]; ok {
		return s
	}
	s := string(b)
	t.kept[s] = s
	return s
}

// flag reads a value that should be true or false.
func (t *tokens) flag() (bool, error) {
	yes := t.d.PeekKind() == 't'
	return yes, t.skip()
}

// isObject reports whether the value is an object, and skips it.
func (t *tokens) isObject() (bool, error) {
	yes := t.d.PeekKind() == '{'
	return yes, t.skip()
}

// quoted reads a string, or an error if the next token is none. The bytes are
// good until the next token.
func (t *tokens) quoted() ([]byte, error) {
	raw, err := t.d.ReadValue()
	if err != nil {
		return nil, err
	}
	if len(raw)-len(`""`) > maxText {
		return nil, &limitError{maxText, "bytes in a string"}
	}
	if bytes.IndexByte(raw, '\\') < 0 && isASCII(raw) {
		return raw[1 : len(raw)-1], nil
	}
	// The error tells of text that is no UTF-8, which is replaced.
	t.scratch, _ = jsontext.AppendUnquote(t.scratch[:0], raw)
	return t.scratch, nil
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
