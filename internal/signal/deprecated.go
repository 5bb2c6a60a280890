package signal

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var deprecated = Signal{
	ID:      "deprecated",
	Family:  Takeover,
	Title:   "Deprecated version",
	Meaning: "The version is deprecated, and the base's was not, or with another notice. A notice that speaks of security weighs more.",
	Why: "0.55 % of the entries in real updates were deprecated, in 1.4 % of updates: an everyday fact that says little. " +
		"A notice that speaks of security says more, and may be there before any advisory.",
	Remedy:  "Read the notice, and follow it where it names a version or a successor.",
	Points:  5,
	Scale:   "5; 20 if the notice speaks of security",
	Weighed: true,
	Needs:   []evidence.Check{evidence.History},
	Check:   checkDeprecated,
}

const alarmPoints = 20

// alarms are the words, in lower case, by which a notice is about security.
var alarms = []string{
	"security", "vulnerab", "malicious", "malware", "compromis", "cve-", "ghsa-", "hijack", "backdoor", "infected", "exploit",
	"supply chain", "supply-chain", "unauthori", "do not use",
}

func checkDeprecated(d *evidence.Dossier, _ Context) []Finding {
	notice := noticeOf(d)
	if notice == "" || slices.Contains(oldNotices(d), notice) {
		return nil
	}
	f := Finding{
		Message: fmt.Sprintf("%s is deprecated: %s", label(d), sentence(clip(notice))),
		Facts:   []Fact{{"notice", clip(notice)}},
	}
	lower := strings.ToLower(notice)
	if slices.ContainsFunc(alarms, func(word string) bool { return strings.Contains(lower, word) }) {
		f.Points = alarmPoints
		f.Facts = append(f.Facts, Fact{"speaks_of", "security"})
	}
	return []Finding{f}
}

// noticeOf prefers the registry's word, which may have been taken back, to the
// lockfile's copy of it.
func noticeOf(d *evidence.Dossier) string {
	if d.Release != nil {
		return d.Release.Deprecated
	}
	return firstNotice(d.Change.Head)
}

// oldNotices are those that the base's versions carry. A release that only
// precedes this one in the registry is not the repository's.
func oldNotices(d *evidence.Dossier) []string {
	var notices []string
	for _, p := range d.Change.Base {
		notices = append(notices, p.Entry.Deprecated)
	}
	if d.FromBase && d.Baseline != nil {
		notices = append(notices, d.Baseline.Deprecated)
	}
	return notices
}

func firstNotice(places []change.Place) string {
	for _, p := range places {
		if p.Entry.Deprecated != "" {
			return p.Entry.Deprecated
		}
	}
	return ""
}
