package report

import "html"

// hypertext is HTML in which no text from outside is markup. It is only put
// between tags and into double-quoted attributes.
type hypertext string

// escaped makes text HTML that shows just that text.
func escaped(s string) hypertext { return hypertext(html.EscapeString(clean(s, valueCap))) }

// literal makes a name, a version or a path HTML.
func literal(s string) hypertext { return "<code>" + escaped(s) + "</code>" }

// anchor links text, if the address is one to send a reader to.
func anchor(text hypertext, address string) hypertext {
	u, ok := page(address)
	if !ok {
		return text
	}
	return `<a href="` + hypertext(html.EscapeString(u)) + `" rel="noreferrer nofollow">` + text + "</a>"
}
