package report

import (
	"html"
	"net/url"
	"path"
	"slices"
	"strings"
)

// prose makes a sentence Markdown that shows just its text: no markup, no
// HTML, and nothing that GitHub would turn into a mention, a reference, a link,
// an emoji or a formula once the Markdown is rendered. Those are found in the text of
// the page, where no escape of Markdown reaches; an empty element between
// their characters does, and leaves no trace where the text is copied.
//
// https://github.github.com/gfm/#backslash-escapes
func prose(s string) markup {
	s = clean(s, valueCap)
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '<':
			b.WriteString("&lt;")
		case c == '>':
			b.WriteString("&gt;")
		case c == '&':
			b.WriteString("&amp;")
		case c == '@' || c == '#' || c == '$' || divides(s, i):
			b.WriteString("<span>" + string(rune(c)) + "</span>")
		case strings.IndexByte("\\`*_[]|~", c) >= 0, structural(s, i):
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return markup(b.String())
}

// divides reports whether the byte at i joins something that GitHub links or
// replaces: a scheme, "www.", "GH-1", ":emoji:".
func divides(s string, i int) bool {
	switch s[i] {
	case ':':
		return names(s[:i], "javascript", "mailto", "http", "https") || i+1 < len(s) && s[i+1] != ' ' && !digit(s[i+1])
	case '.':
		return i >= 3 && strings.EqualFold(s[i-3:i], "www")
	case '-':
		return i >= 2 && strings.EqualFold(s[i-2:i], "gh") && i+1 < len(s) && digit(s[i+1])
	}
	return false
}

// names reports whether text ends with one of these, in any case.
func names(text string, endings ...string) bool {
	return slices.ContainsFunc(endings, func(end string) bool {
		return len(text) >= len(end) && strings.EqualFold(text[len(text)-len(end):], end)
	})
}

// structural reports whether the byte at i would begin a list, a heading's
// underline or a rule if the text comes to stand at the start of a line.
func structural(s string, i int) bool {
	switch s[i] {
	case '+', '-', '=':
		return i == 0
	case '.', ')':
		return i > 0 && i < 10 && strings.Trim(s[:i], "0123456789") == "" && (i+1 == len(s) || s[i+1] == ' ')
	}
	return false
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// code makes a name, a version or a path Markdown, as a code span, in which
// nothing is linked. A backtick or a pipe, which would end the span or its
// table cell, is shown as an escape.
func code(s string) markup {
	s = spanEscapes.Replace(clean(s, valueCap))
	if strings.Trim(s, " ") == "" {
		return "*(empty)*"
	}
	return markup("`" + s + "`")
}

var spanEscapes = strings.NewReplacer("`", `\x60`, "|", `\x7c`)

// tag makes a name HTML, for the one place where Markdown is not read: the
// summary of a folded section.
func tag(s string) markup {
	return markup("<code>" + html.EscapeString(clean(s, valueCap)) + "</code>")
}

// link makes a Markdown link, or only its text if the address is not one that
// a reader can safely be sent to.
func link(text markup, address string) markup {
	u, ok := page(address)
	if !ok {
		return text
	}
	return "[" + text + "](" + markup(u) + ")"
}

// page gives an https address with everything escaped that Markdown, SARIF or
// a terminal could take for more than an address. A user name, a host that is
// not plain ASCII, or any other scheme makes it no page to send a reader to.
func page(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.User != nil || u.Opaque != "" || !plainHost(u.Host) {
		return "", false
	}
	s := addressEscapes.Replace(u.String())
	if len(s) > valueCap || !harmless(s) {
		return "", false
	}
	return s, true
}

// What url.URL leaves unescaped in a path or, as written, in a query.
var addressEscapes = strings.NewReplacer(
	"(", "%28", ")", "%29", "[", "%5B", "]", "%5D", "<", "%3C", ">", "%3E", "{", "%7B", "}", "%7D",
	"|", "%7C", "`", "%60", `\`, "%5C", `"`, "%22", " ", "%20")

func plainHost(host string) bool {
	return host != "" && strings.Trim(strings.ToLower(host), "abcdefghijklmnopqrstuvwxyz0123456789.-:") == ""
}

// relative makes the path of a repository's file a relative URL that stays
// inside the repository.
func relative(file string) string {
	return addressEscapes.Replace((&url.URL{Path: path.Clean("/" + file)[1:]}).String())
}

// blobs gives the address of a commit's files, or "" if there is none to link
// to.
func blobs(repository, commit string) string {
	base, ok := page(strings.TrimSuffix(repository, "/"))
	if !ok || len(commit) < 7 || len(commit) > 64 || strings.Trim(commit, "0123456789abcdef") != "" {
		return ""
	}
	return base + "/blob/" + commit + "/"
}

// blob gives the address of a line in a commit's files, or "".
func blob(tree string, l Location) string {
	if tree == "" {
		return ""
	}
	address := tree + relative(l.Path)
	if l.Line > 0 {
		address += "#L" + string(digits[markup](l.Line))
	}
	return address
}
