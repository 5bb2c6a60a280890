package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Everything that a report says came from a pull request or a registry. A
// renderer never handles it as a string: it composes values of one channel's
// type, which only the functions of the sink make from a string (an untyped
// constant converts by itself, so what is written in the source needs none).
// A test forbids any other conversion.
type (
	// inert is text for a terminal or a log: one line, no control or invisible
	// character, no workflow command.
	inert string
	// markup is Markdown in which no text from outside is structure.
	markup string
)

// valueCap is the length in characters up to which one value is shown.
const valueCap = 1000

// terminal makes text inert.
func terminal(s string) inert { return inert(clean(s, valueCap)) }

// words splits text where a line may break.
func words(s inert) []inert {
	var all []inert
	for word := range strings.SplitSeq(string(s), " ") {
		all = append(all, inert(word))
	}
	return all
}

// digits writes a number.
func digits[T ~string](n int) T { return T(strconv.Itoa(n)) }

// moment writes a time, by the minute and in UTC.
func moment[T ~string](t time.Time) T { return T(t.UTC().Format("2006-01-02 15:04 UTC")) }

// LogLine makes text safe for a line of a log that GitHub's runner or a
// terminal reads. It gives one line without its end: control characters,
// escape sequences and invisible characters are shown as escapes, workflow
// commands are broken up, and what is over 4,096 characters is cut off.
func LogLine(s string) string { return clean(s, 4096) }

// Terminal is a writer for messages to people that may quote untrusted text.
type Terminal struct{ w io.Writer }

// NewTerminal wraps a terminal, or a log in its place.
func NewTerminal(w io.Writer) Terminal { return Terminal{w} }

// Write passes each line of p through [LogLine]. Further lines of one message
// are indented, so that none of them can pose as another message.
func (t Terminal) Write(p []byte) (int, error) {
	lines := strings.Split(strings.TrimSuffix(string(p), "\n"), "\n")
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteString("  ")
		}
		b.WriteString(LogLine(l))
		b.WriteByte('\n')
	}
	if _, err := io.WriteString(t.w, b.String()); err != nil {
		return 0, err
	}
	return len(p), nil
}

// CommandData escapes the message of a workflow command as the runner decodes
// it.
//
// https://github.com/actions/runner/blob/v2.336.0/src/Runner.Common/ActionCommand.cs
func CommandData(s string) string { return dataEscapes.Replace(s) }

// CommandProperty escapes a property of a workflow command.
func CommandProperty(s string) string { return propertyEscapes.Replace(s) }

var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// clean gives s as one line of visible characters, at most limit of them.
func clean(s string, limit int) string {
	if harmless(s) && len(s) <= limit {
		return s
	}
	var b strings.Builder
	for shown := 0; len(s) > 0; shown++ {
		if shown == limit {
			fmt.Fprintf(&b, "… (%d bytes more)", len(s))
			break
		}
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case presentation(r):
		case visible(r):
			b.WriteRune(r)
		default:
			quoted := strconv.QuoteRuneToASCII(r) // 'x'
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		s = s[size:]
	}
	return disarm(b.String())
}

// harmless is the quick answer for nearly every value: printable ASCII with no
// beginning of a workflow command.
func harmless(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || (c == ':' || c == '#') && i+1 < len(s) && s[i+1] == c {
			return false
		}
	}
	return !halfCommand(s)
}

// halfCommand reports whether a value ends in a word that is a colon: with the
// colon that may follow it in a sentence, it would begin a workflow command.
func halfCommand(s string) bool { return s == ":" || strings.HasSuffix(s, " :") }

// disarm breaks up workflow commands. The runner takes "##[" for one anywhere
// in a line and "::" at its start after any space; a value may come to stand
// there, and so may, once its line is wrapped, any of its words.
//
// https://github.com/actions/runner/blob/v2.336.0/src/Runner.Common/ActionCommand.cs
func disarm(s string) string {
	s = strings.ReplaceAll(s, "##[", "## [")
	if halfCommand(s) {
		s = s[:len(s)-1] + `\x3a`
	}
	if !strings.Contains(s, "::") {
		return s
	}
	var b strings.Builder
	start := true // of a word
	for i := range len(s) {
		b.WriteByte(s[i])
		if start && strings.HasPrefix(s[i:], "::") {
			b.WriteByte(' ')
			continue
		}
		start = s[i] == ' '
	}
	return b.String()
}

// visible reports whether a person sees the character. Controls, formatting
// (bidirectional and zero-width characters, tags), separators, private use and
// every space but the common one are not printable to begin with.
func visible(r rune) bool { return unicode.IsPrint(r) && !unicode.Is(blank, r) }

// presentation reports whether a character only chooses between the text and
// the emoji form of the one before it. Such selectors are common in real
// notices, and carry a bit at most.
func presentation(r rune) bool { return r == '\ufe0e' || r == '\ufe0f' }

// blank lists characters that count as printable and show as nothing.
var blank = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x034f, 0x034f, 1}, // combining grapheme joiner
		{0x115f, 0x1160, 1}, // Hangul fillers
		{0x17b4, 0x17b5, 1}, // Khmer inherent vowels
		{0x180b, 0x180f, 1}, // Mongolian variation selectors
		{0x2800, 0x2800, 1}, // Braille pattern without dots
		{0x3164, 0x3164, 1}, // Hangul filler
		{0xfe00, 0xfe0f, 1}, // variation selectors
		{0xffa0, 0xffa0, 1}, // halfwidth Hangul filler
		{0xfffc, 0xfffc, 1}, // object replacement character
	},
	R32: []unicode.Range32{{0xe0100, 0xe01ef, 1}}, // variation selectors
}
