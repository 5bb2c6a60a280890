package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

// ruling is how a verdict is shown. Words say all; colour and sign repeat it.
type ruling struct {
	id    string
	word  inert
	style style
	sign  markup
	level string // of an annotation
}

// verdicts are all there are, worst first.
var verdicts = []ruling{
	{"block", "BLOCK", red, "⛔", "error"},
	{"hold", "HOLD", cyan, "⏳", "warning"},
	{"unjudged", "UNJUDGED", magenta, "❔", "warning"},
	{"warn", "WARN", yellow, "⚠️", "warning"},
	{"pass", "PASS", green, "✅", "notice"},
}

// rank is a verdict's place among all, 0 for the worst.
func rank(verdict string) int {
	return slices.IndexFunc(verdicts, func(v ruling) bool { return v.id == verdict })
}

func rulingOf(verdict string) ruling {
	if i := rank(verdict); i >= 0 {
		return verdicts[i]
	}
	return ruling{id: verdict, word: terminal(verdict), style: bold, level: "warning"}
}

func worstFirst(a, b Change) int {
	return cmp.Or(
		cmp.Compare(rank(a.Verdict), rank(b.Verdict)),
		cmp.Compare(b.Score, a.Score),
		cmp.Compare(a.Ecosystem, b.Ecosystem),
		cmp.Compare(a.Name, b.Name),
		cmp.Compare(a.To, b.To),
		cmp.Compare(a.Kind, b.Kind),
		slices.Compare(a.From, b.From),
	)
}

// count fills the counts from the changes and the lockfiles.
func count(r *Report) Counts {
	var n Counts
	for _, l := range r.Lockfiles {
		if l.Status != "unchanged" {
			n.Lockfiles++
		}
	}
	kinds := map[string]*int{
		"added": &n.Added, "removed": &n.Removed,
		"upgraded": &n.Changed, "downgraded": &n.Changed, "relocked": &n.Changed,
	}
	rulings := map[string]*int{
		"pass": &n.Pass, "warn": &n.Warn, "hold": &n.Hold, "block": &n.Block, "unjudged": &n.Unjudged,
	}
	for _, c := range r.Changes {
		if p := kinds[c.Kind]; p != nil {
			*p++
		}
		if p := rulings[c.Verdict]; p != nil {
			*p++
		}
	}
	return n
}

// packageURL names a package version as every ecosystem can. Modules at
// addresses have no type of their own.
//
// https://ecma-tc54.github.io/ECMA-427/
func packageURL(ecosystem, name, version string) string {
	if ecosystem == lockfile.Deno {
		ecosystem = packageurl.TypeGeneric
		_, name, _ = strings.Cut(name, "://")
	}
	namespace := ""
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		namespace, name = name[:i], name[i+1:]
	}
	return packageurl.NewPackageURL(ecosystem, namespace, name, version, nil, "").ToString()
}
