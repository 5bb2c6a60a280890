package signal

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

const day = 24 * time.Hour

// maxQuote bounds, in bytes, a text from outside that a message quotes.
const maxQuote = 200

// label names a change's package and the version that the head pins.
func label(d *evidence.Dossier) string {
	return strings.TrimSpace(d.Change.Name + " " + d.Change.To)
}

// date gives the day in UTC.
func date(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// moment gives a time in UTC to the minute.
func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// span says how long a duration is, to the precision that a reader wants. The
// sign does not show.
func span(d time.Duration) string {
	d = d.Abs()
	switch {
	case d < time.Minute:
		return "less than a minute"
	case d < time.Hour:
		return count(int(d/time.Minute), "minute")
	case d < 2*day:
		return count(int(d/time.Hour), "hour")
	}
	return count(int(d/day), "day")
}

// count gives "1 day" or "3 days".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// list joins the first few items and counts the rest.
func list(items []string, most int) string {
	if rest := len(items) - most; rest > 0 {
		return strings.Join(items[:most], ", ") + fmt.Sprintf(" and %d more", rest)
	}
	return strings.Join(items, ", ")
}

// clip cuts a text to maxQuote bytes, at a boundary between characters.
func clip(s string) string {
	if len(s) <= maxQuote {
		return s
	}
	end := maxQuote
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}

// sentence ends a text with a period where it has no end of its own, so that
// another sentence can follow.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?") {
		return s
	}
	return s + "."
}

// at puts a finding at a place.
func at(p change.Place, f Finding) Finding {
	f.Path, f.Line = p.Lockfile, p.Entry.Line
	return f
}
