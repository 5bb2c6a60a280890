package report

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// JSON writes the document itself, indented.
func JSON(w io.Writer, r *Report, _ Options) error {
	return writeJSON(w, r, jsontext.WithIndent("  "))
}

// writeJSON writes a value as JSON that is safe to print: to every parser it
// is the same value, to a terminal or a log it is inert.
func writeJSON(w io.Writer, v any, options ...json.Options) error {
	data, err := marshal(v, options...)
	if err != nil {
		return err
	}
	_, err = w.Write(append(escapeJSON(nil, data), '\n'))
	return err
}

// marshal encodes a value with its maps in order. Bytes that are not UTF-8
// become U+FFFD.
func marshal(v any, options ...json.Options) ([]byte, error) {
	options = append(options, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
	data, err := json.Marshal(v, options...)
	if err != nil {
		return nil, fmt.Errorf("report: encoding: %w", err)
	}
	return data, nil
}

// escapeJSON appends JSON text to dst, with each invisible character as \uXXXX
// and "##[", which GitHub's runner obeys anywhere in a log, broken up. Such
// characters stand in strings only, where the escapes mean the same.
func escapeJSON(dst, src []byte) []byte {
	done := 0 // what of src is in dst
	for i := 0; i < len(src); {
		c := src[i]
		if c < 0x7f {
			if c == '#' && bytes.HasPrefix(src[i:], []byte("##[")) {
				dst = append(append(dst, src[done:i]...), `#\u0023`...)
				i++
				done = i + 1
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(src[i:])
		if visible(r) && r != utf8.RuneError {
			i += size
			continue
		}
		dst = append(dst, src[done:i]...)
		if r < 0x10000 {
			dst = appendEscape(dst, r)
		} else {
			high, low := utf16.EncodeRune(r)
			dst = appendEscape(appendEscape(dst, high), low)
		}
		i += size
		done = i
	}
	return append(dst, src[done:]...)
}

func appendEscape(dst []byte, unit rune) []byte {
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', hex[unit>>12&15], hex[unit>>8&15], hex[unit>>4&15], hex[unit&15])
}
