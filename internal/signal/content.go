package signal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/signal/popular"
)

// reaches says how a file comes to run.
var reaches = map[artifact.Reach]string{
	artifact.AtInstall: "runs at install",
	artifact.AtImport:  "runs on import",
	artifact.AsProgram: "runs as a program",
	artifact.InTests:   "only in tests or examples",
	artifact.Unknown:   "nothing was seen to load it",
}

// deltaOf gives what is new inside a release; nothing if its archive was not
// read.
func deltaOf(d *evidence.Dossier) *artifact.Delta {
	if d.Content == nil || d.Content.Delta == nil || d.Content.Profile == nil {
		return &artifact.Delta{First: true}
	}
	return d.Content.Delta
}

// vouched reports whether a package that is new here, so that there is nothing to
// compare it with, is widely used and its release stood for a week: what it has
// always done thousands have seen, and what the release added somebody would
// have noticed. Six installers of 280 popular packages would block without it.
func vouched(d *evidence.Dossier, c Context) bool {
	return deltaOf(d).First && d.Change.Ecosystem == "npm" && popular.NPM().Has(d.Change.Name) &&
		d.Release != nil && !d.Release.Published.IsZero() && c.Now.Sub(d.Release.Published) >= infancy
}

// running gives the news of a kind in code that may run where the package is
// used, those of an install first. What only tests and examples have harms
// nobody who installs the package.
func running(delta *artifact.Delta, kind artifact.NewsKind) []artifact.News {
	var found []artifact.News
	for _, n := range delta.News {
		if n.Kind == kind && n.Reach != artifact.InTests {
			found = append(found, n)
		}
	}
	slices.SortStableFunc(found, func(a, b artifact.News) int { return cmp.Compare(urgency(a.Reach), urgency(b.Reach)) })
	return found
}

func urgency(r artifact.Reach) int {
	if r == artifact.AtInstall {
		return 0
	}
	return 1
}

// earlier names what a release is compared with.
func earlier(d *evidence.Dossier) string {
	if deltaOf(d).First || d.Baseline == nil || d.Baseline.Version == "" {
		return "the version before"
	}
	return clip(d.Baseline.Version)
}

// spot says where in an archive something stands: "lib/index.js:12".
func spot(path string, line int) string {
	if path == "" {
		return "the archive"
	}
	if line > 0 {
		return fmt.Sprintf("%s:%d", clip(path), line)
	}
	return clip(path)
}

// maxSpots is how many places of one finding are shown; the rest is counted.
const maxSpots = 3

// spots are the places of a finding as facts. Each name stands once: a report
// keeps them by name.
func spots(news []artifact.News) []Fact {
	var facts []Fact
	for i, n := range news[:min(len(news), maxSpots)] {
		facts = append(facts, Fact{numbered("place", i), spot(n.Path, n.Line) + ", " + reaches[n.Reach]}, Fact{numbered("code", i), clip(n.Excerpt)})
	}
	if rest := len(news) - maxSpots; rest > 0 {
		facts = append(facts, Fact{"more_places", fmt.Sprint(rest)})
	}
	return facts
}

// numbered gives "place", "place_2" and so on.
func numbered(name string, i int) string {
	if i == 0 {
		return name
	}
	return fmt.Sprintf("%s_%d", name, i+1)
}

// distinct gives what a text of each news is, each once, in order.
func distinct(news []artifact.News, text func(artifact.News) string) []string {
	var all []string
	for _, n := range news {
		if t := clip(text(n)); !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	return all
}

func what(n artifact.News) string { return n.What }

func places(n artifact.News) string { return spot(n.Path, n.Line) + " (" + reaches[n.Reach] + ")" }

// inFiles says in which files news stand.
func inFiles(news []artifact.News) string { return list(distinct(news, places), maxSpots) }

// beyond says what an earlier version had not, or that there is none to compare
// with.
func beyond(d *evidence.Dossier, thing string) string {
	if deltaOf(d).First {
		return fmt.Sprintf("%s, which is new here, has %s", label(d), thing)
	}
	return fmt.Sprintf("%s has %s that %s had not", label(d), thing, earlier(d))
}

// enumerate joins texts as a sentence does.
func enumerate(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:len(items)-1], ", ") + " and " + items[len(items)-1]
}
