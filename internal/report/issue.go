package report

import (
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"
)

// IssueMarker begins the text of the one issue that scheduled scans keep.
const IssueMarker = "<!-- lockkeeper:scan -->"

// IssueTitle is its title, which nothing from outside is part of.
const IssueTitle = "Dependencies that need attention"

// The issue's text ends with what it is about, a package URL for each line, so
// that the next scan can tell what is new. Characters that would end the
// comment are escaped in package URLs.
const (
	stateBegin = "<!-- lockkeeper:packages\n"
	stateEnd   = "-->"
	stateLimit = 10_000 // bytes
)

// Issue writes the text of the issue. last is the text that it has, "" for
// none: what is new, gone and still there is told from it. It reports whether
// anything needs attention.
func Issue(w io.Writer, r *Report, last string, o Options) (open bool, err error) {
	now := attention(r)
	said := since(recalled(last), now)
	state := stateBegin
	for _, p := range now {
		if len(state)+len(p) > stateLimit {
			break
		}
		state += p + "\n"
	}
	state += stateEnd + "\n"
	o.Limit = maxComment - len(IssueMarker) - len(said) - len(state)
	var b bytes.Buffer
	b.WriteString(IssueMarker + "\n" + said)
	if err := Markdown(&b, r, o); err != nil {
		return false, err
	}
	b.WriteString("\n" + state)
	_, err = w.Write(b.Bytes())
	return r.Verdict != "pass", err
}

// attention lists what does not pass, in order of its package URL.
func attention(r *Report) []string {
	var all []string
	for _, c := range r.Changes {
		if c.Verdict != "pass" && len(c.PURL) <= maxPackageURL && packageURLText.MatchString(c.PURL) {
			all = append(all, c.PURL)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// maxPackageURL is longer than that of any package on a registry, in bytes.
const maxPackageURL = 400

// packageURLText is what a package URL is made of, and too little for markup.
var packageURLText = regexp.MustCompile(`^pkg:[A-Za-z0-9.+-]+/[A-Za-z0-9@/%._~+:-]+$`)

// recalled reads what the issue was about. Whoever may edit it may make something
// look new; nothing more hangs on it.
func recalled(text string) []string {
	_, state, found := strings.Cut(text, stateBegin)
	state, _, ended := strings.Cut(state, stateEnd)
	if !found || !ended {
		return nil
	}
	var all []string
	for line := range strings.Lines(state[:min(len(state), stateLimit)]) {
		if line = strings.TrimSpace(line); packageURLText.MatchString(line) {
			all = append(all, line)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// since tells two lists apart.
func since(last, now []string) string {
	var fresh, gone []string
	for _, p := range now {
		if _, had := slices.BinarySearch(last, p); !had {
			fresh = append(fresh, p)
		}
	}
	for _, p := range last {
		if _, still := slices.BinarySearch(now, p); !still {
			gone = append(gone, p)
		}
	}
	var said strings.Builder
	for _, part := range []struct {
		what string
		list []string
	}{{"New since the last scan", fresh}, {"Gone since the last scan", gone}} {
		if len(part.list) > 0 {
			shown := few(part.list, 10, ", ", func(p string) markup { return code(strings.TrimPrefix(p, "pkg:")) })
			said.WriteString("**" + part.what + ":** " + string(shown) + "\n\n")
		}
	}
	if n := len(now) - len(fresh); n > 0 {
		said.WriteString("**Still there:** " + string(plural[markup](n, "package", "packages")) + "\n\n")
	}
	return said.String()
}
