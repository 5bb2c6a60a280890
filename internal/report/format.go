package report

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Options are what a renderer may be told beside the document. The zero value
// is good.
type Options struct {
	Color bool // text: use colour
	Width int  // text: columns, 0 for 100
	Limit int  // markdown: bytes, 0 for what a step's summary holds

	// Repository is the address of the repository's pages, such as
	// "https://github.com/acme/web", for links to lines; "" for no links.
	Repository string
	// Version and Time are those of an inventory's CycloneDX document; zero for
	// none.
	Version string
	Time    time.Time
	// Page gives the address of a package's page, or ""; nil for no links.
	Page func(ecosystem, name, version string) string
}

// renderer is one way to show a document.
type renderer func(io.Writer, *Report, Options) error

var formats = []struct {
	name   string
	render renderer
}{
	{"text", Text},
	{"json", JSON},
	{"markdown", Markdown},
	{"sarif", SARIF},
	{"html", HTML},
}

// Formats lists the formats of a report.
func Formats() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// Render writes the document in a format of [Formats]. The bytes depend on the
// document and the options only.
func Render(w io.Writer, format string, r *Report, o Options) error {
	for _, f := range formats {
		if f.name == format {
			return f.render(w, r, o)
		}
	}
	return fmt.Errorf("report: rendering: no format %q, only %s", format, strings.Join(Formats(), ", "))
}
