package report

import (
	"fmt"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/policy"
	"github.com/lockkeeper/lockkeeper/internal/registry"
	"github.com/lockkeeper/lockkeeper/internal/signal"
)

// samples are the documents that the goldens show in every format.
var samples = []struct {
	name   string
	report func() *Report
}{
	{"block", attack},
	{"hold", cooling},
	{"pass", quiet},
	{"forgiven", forgiven},
	{"unjudged", outage},
	{"large", large},
	{"exceptions", excused},
	{"accepted", accepted},
	{"repository", loosened},
	{"scan", scanned},
	{"empty", func() *Report { return Build(input()) }},
}

func at(day string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", day)
	if err != nil {
		panic(err)
	}
	return t
}

var now = at("2026-03-31 08:00")

func input() BuildInput {
	return BuildInput{
		Version:  "0.1.0",
		Mode:     ModeCheck,
		JudgedAt: now,
		Base:     &Side{Ref: "main", Commit: "8c1f3a0de5b24c7f9a6d1e2b3c4d5e6f70819203"},
		Head:     Side{Ref: "bump-axios", Commit: "1d2e3f405162738495a6b7c8d9eafb0c1d2e3f40"},
		Policy: &policy.Policy{
			Source: "base:.github/lockkeeper.yml", Preset: "recommended", Warn: 30, Block: 60, Cooldown: 24 * time.Hour,
		},
		Lockfiles: []Lockfile{{"package-lock.json", "npm-lock-v3", "changed"}},
		Judgement: policy.Judgement{Verdict: policy.Pass},
	}
}

// judged makes a case of one package. The edits complete it.
func judged(name, from, to string, line int, verdict policy.Verdict, score int, edits ...func(*policy.Judged)) policy.Judged {
	c := change.Change{
		Ecosystem: "npm", Name: name, Kind: change.Upgraded, To: to, Direct: true,
		Via:  []change.Path{{name}},
		Head: []change.Place{{Lockfile: "package-lock.json", Format: "npm-lock-v3", Entry: &lockfile.Entry{Line: line}}},
	}
	if from == "" {
		c.Kind = change.Added
	} else {
		c.From = []string{from}
	}
	j := policy.Judged{Dossier: &evidence.Dossier{Change: c}, Verdict: verdict, Score: score}
	for _, edit := range edits {
		edit(&j)
	}
	return j
}

func published(day string) func(*policy.Judged) {
	return func(j *policy.Judged) { j.Dossier.Release = &registry.Release{Published: at(day)} }
}

func through(names ...string) func(*policy.Judged) {
	return func(j *policy.Judged) { j.Dossier.Change.Direct, j.Dossier.Change.Via = false, []change.Path{names} }
}

func found(id string, points int, message string, edits ...func(*policy.Weighed)) func(*policy.Judged) {
	w := weighed(id, points, message, edits...)
	return func(j *policy.Judged) { j.Findings = append(j.Findings, w) }
}

func weighed(id string, points int, message string, edits ...func(*policy.Weighed)) policy.Weighed {
	w := policy.Weighed{Points: points, Finding: signal.Finding{
		Signal: id, Title: phrases[id].title, Message: message, Remedy: phrases[id].remedy,
	}}
	for _, edit := range edits {
		edit(&w)
	}
	return w
}

// phrases are titles and remedies as signals have them. The samples keep their
// own, so that a signal can be reworded without touching the goldens.
var phrases = map[string]struct{ title, remedy string }{
	"abandoned":             {"Abandoned package", "Prefer a package that somebody keeps when the code is touched next."},
	"dependency-added":      {"New dependency in a small release", "See that the new name is the one that the project means."},
	"deprecated":            {"Deprecated version", "Move to what the notice names."},
	"install-script-gained": {"Install script gained", "Read the script and what it runs before anybody installs it."},
	"install-script-new":    {"New package with an install script", "Read the script and what it runs. If it is not needed, install with scripts off or choose another package."},
	"integrity-missing":     {"Content hash missing", "Regenerate the entry from the registry with the package manager, and compare what it writes."},
	"known-malware":         {"Known malware", "Do not install it: pin the last good version. Where it was installed already, treat every secret of that machine as stolen."},
	"known-vulnerability":   {"Known vulnerability", "Take a version that the advisory calls fixed."},
	"lockfile-removed":      {"Lockfile removed", "Restore the lockfile, or remove the manifest too if the project is retired."},
	"off-registry-source":   {"Code from outside the registry", "Read the code at that commit or address. Prefer a released version."},
	"policy-changed":        {"The gate's own rules change", "Have a person who answers for security read the difference."},
	"young-dependency":      {"Dependency days old", "Find out who published the new package and why the release needs it. Until then stay on the version before."},
	"young-release":         {"Release within the cooldown", "Run the check again once the cooldown has passed. If the update cannot wait, record why as an exception."},
}

func lacking(check evidence.Check, level policy.Level, reason, hint string) func(*policy.Judged) {
	return func(j *policy.Judged) {
		j.Gaps = append(j.Gaps, policy.WeighedGap{Level: level, Gap: evidence.Gap{Check: check, Reason: reason, Hint: hint}})
	}
}

// attack is the shape of axios 1.14.1: a hijacked release that adds a package
// made for it.
func attack() *Report {
	in := input()
	in.Judgement = policy.Judgement{Verdict: policy.Block, Score: 100, Cases: []policy.Judged{
		judged("follow-redirects", "1.15.10", "1.15.11", 1530, policy.Pass, 0, through("axios", "follow-redirects"), published("2026-01-20 10:00")),
		judged("axios", "1.14.0", "1.14.1", 812, policy.Block, 68, published("2026-03-31 00:21"),
			found("young-dependency", 68, "axios@1.14.1 adds plain-crypto-js@4.2.1, a package first published 18 hours before it (2026-03-30 05:57 UTC).",
				func(w *policy.Weighed) {
					w.Facts = []signal.Fact{{Name: "dependency", Value: "plain-crypto-js@4.2.1"}, {Name: "first_published", Value: "2026-03-30 05:57 UTC"}}
				}),
			found("dependency-added", 0, "The patch release axios@1.14.1 adds plain-crypto-js, which was not in the tree.", func(w *policy.Weighed) { w.Echo = "young-dependency" }),
			found("young-release", 0, "axios@1.14.1 was published 7 hours ago (2026-03-31 00:21 UTC). Releases wait 1 day here: until 2026-04-01 00:21 UTC."),
		),
		judged("form-data", "4.0.4", "4.0.5", 1544, policy.Pass, 5, through("axios", "form-data"), published("2026-02-02 12:00"),
			found("deprecated", 5, "form-data@4.0.5 is deprecated: “use 4.1”.")),
		judged("plain-crypto-js", "", "4.2.1", 3907, policy.Block, 100, through("axios", "plain-crypto-js"), published("2026-03-30 23:59"),
			found("known-malware", 100, "plain-crypto-js@4.2.1 is malware, says MAL-2026-2307: Malicious code in plain-crypto-js (npm).", func(w *policy.Weighed) {
				w.Always = true
				w.Facts = []signal.Fact{{Name: "advisory", Value: "MAL-2026-2307"}}
				w.Links = []signal.Link{{Title: "MAL-2026-2307", URL: "https://osv.dev/vulnerability/MAL-2026-2307"}}
			}),
			found("install-script-new", 68, "plain-crypto-js@4.2.1 is new here and runs code at install: postinstall “node setup.js”. The package was first published on 2026-03-30."),
		),
	}}
	return Build(in)
}

func held(until string, message string) func(*policy.Judged) {
	return func(j *policy.Judged) {
		j.Hold = at(until)
		j.Findings = append(j.Findings, weighed("young-release", 0, message))
	}
}

func cooling() *Report {
	in := input()
	in.Head.Ref = "renovate/weekly"
	in.Judgement = policy.Judgement{Verdict: policy.Hold, Score: 45, Cases: []policy.Judged{
		judged("esbuild", "0.25.1", "0.25.2", 640, policy.Hold, 0, published("2026-03-31 05:10"), held("2026-04-01 05:10", "esbuild@0.25.2 was published 2 hours ago.")),
		judged("vite", "7.0.1", "7.0.2", 4210, policy.Hold, 0, published("2026-03-30 09:12"), held("2026-03-31 09:12", "vite@7.0.2 was published 22 hours ago.")),
		judged("sharp", "", "0.35.0", 2110, policy.Hold, 38, published("2026-03-31 01:00"),
			found("install-script-new", 38, "sharp@0.35.0 is new here and runs code at install: install “node install/check.js”."),
			held("2026-04-01 01:00", "sharp@0.35.0 was published 7 hours ago (2026-03-31 01:00 UTC). Releases wait 1 day here: until 2026-04-01 01:00 UTC.")),
		judged("rollup", "4.40.0", "4.40.1", 3300, policy.Pass, 0, through("vite", "rollup")),
	}}
	return Build(in)
}

func quiet() *Report {
	in := input()
	in.Policy.Source = "default"
	in.Judgement = policy.Judgement{Verdict: policy.Pass, Cases: []policy.Judged{
		judged("chalk", "5.3.0", "5.4.0", 120, policy.Pass, 0, func(j *policy.Judged) {
			j.Dossier.Fixed = []advisory.Advisory{{ID: "GHSA-aaaa-bbbb-cccc"}}
			j.Dossier.Advisories = []advisory.Advisory{{ID: "GHSA-dddd-eeee-ffff"}}
			j.Dossier.Unchanged = map[string]bool{"GHSA-dddd-eeee-ffff": true}
		}),
		judged("@types/node", "24.1.0", "24.1.1", 90, policy.Pass, 0),
		judged("left-pad", "1.3.0", "", 77, policy.Pass, 0, func(j *policy.Judged) {
			c := &j.Dossier.Change
			c.Kind, c.Base, c.Head = change.Removed, c.Head, nil
		}),
	}}
	return Build(in)
}

// forgiven passes, with evidence that could not be had; the base is named as a
// step names it.
func forgiven() *Report {
	in := input()
	in.Base.Ref = in.Head.Commit + "^1"
	in.Judgement = policy.Judgement{Verdict: policy.Pass, Cases: []policy.Judged{
		judged("chalk", "5.3.0", "5.4.0", 120, policy.Pass, 0, lacking(evidence.History, policy.LevelWarn, "its archive could not be read", "read the package's code yourself")),
		judged("debug", "4.4.0", "4.4.1", 140, policy.Pass, 0),
	}}
	return Build(in)
}

func outage() *Report {
	in := input()
	const (
		reason = "registry.example did not answer within 30 s (4 tries)"
		hint   = "run again once it answers; status pages help, the change's author can't"
	)
	in.Lockfiles = append(in.Lockfiles, Lockfile{"tools/bun.lockb", "", "unread"})
	in.Judgement = policy.Judgement{Verdict: policy.Unjudged, Score: 40,
		Gaps: []policy.WeighedGap{{Level: policy.LevelBlock, Gap: evidence.Gap{
			Check: evidence.Lockfile, Path: "tools/bun.lockb", Reason: "no reader for the format of bun.lockb",
			Hint: "exclude it with lockfiles.ignore in the policy if it pins nothing that is installed",
		}}},
		Cases: []policy.Judged{
			judged("zod", "4.1.0", "4.1.1", 5120, policy.Unjudged, 0, lacking(evidence.History, policy.LevelBlock, reason, hint)),
			judged("express", "5.1.0", "5.1.1", 1411, policy.Unjudged, 0, lacking(evidence.History, policy.LevelBlock, reason, hint)),
			judged("debug", "4.4.1", "4.4.2", 1300, policy.Unjudged, 40, through("express", "debug"),
				found("integrity-missing", 40, "debug@4.4.2 has an address and no hash."), lacking(evidence.History, policy.LevelBlock, reason, hint)),
			judged("ms", "2.1.2", "2.1.3", 2950, policy.Pass, 0, through("express", "debug", "ms"),
				lacking(evidence.Times, policy.LevelWarn, "the registry's document of ms has no publication times", "")),
		}}
	return Build(in)
}

func large() *Report {
	in := input()
	in.Judgement = policy.Judgement{Verdict: policy.Block, Score: 100}
	for i := range 500 {
		name, to := fmt.Sprintf("package-%03d", i), fmt.Sprintf("1.%d.0", i%7+1)
		verdict, score := policy.Pass, 0
		var edits []func(*policy.Judged)
		switch {
		case i%10 == 0:
			verdict, score = policy.Block, 60+i%40
			edits = append(edits, found("install-script-gained", score, name+"@"+to+" runs code at install that 1.0.0 did not: postinstall “node x.js”."))
		case i%10 == 1:
			verdict, score = policy.Warn, 30+i%30
			edits = append(edits, found("off-registry-source", score, name+" comes from a git repository."))
		case i%10 == 2:
			verdict = policy.Hold
			edits = append(edits, held("2026-04-01 05:10", name+"@"+to+" was published 2 hours ago."))
		case i%10 == 3:
			verdict = policy.Unjudged
			edits = append(edits, lacking(evidence.History, policy.LevelBlock, "registry.example answered 503", "run again"))
		}
		in.Judgement.Cases = append(in.Judgement.Cases, judged(name, "1.0.0", to, 10+12*i, verdict, score, edits...))
	}
	return Build(in)
}

func excused() *Report {
	in := input()
	applied := policy.Exception{
		Ecosystem: "npm", Name: "left-pad", Version: "1.3.0", Signals: []string{"deprecated"},
		Reason: "replaced in the next release", Owner: "@acme/web", Expires: at("2027-02-01 00:00"),
	}
	expired := policy.Exception{
		Ecosystem: "npm", Name: "@acme/legacy", Signals: []string{"off-registry-source", "integrity-missing"},
		Reason: "mirror moves in March", Expires: at("2026-03-16 00:00"),
	}
	unused := policy.Exception{
		Ecosystem: "npm", Name: "request", Signals: []string{"deprecated"}, Reason: "legacy client", Owner: "@acme/api", Expires: at("2026-07-01 00:00"),
	}
	in.Judgement = policy.Judgement{Verdict: policy.Warn, Score: 40,
		Exceptions: []policy.Use{{Exception: applied, State: "applied"}, {Exception: expired, State: "expired"}, {Exception: unused, State: "unused"}},
		Cases: []policy.Judged{
			judged("left-pad", "1.2.0", "1.3.0", 77, policy.Pass, 0,
				found("deprecated", 0, "left-pad@1.3.0 is deprecated: “use String.prototype.padStart()”.", func(w *policy.Weighed) { w.Exception = &applied })),
			judged("@acme/legacy", "2.0.0", "2.0.1", 33, policy.Warn, 40,
				found("off-registry-source", 40, "@acme/legacy@2.0.1 comes from git+ssh://git@git.example/legacy.git, not from a registry.")),
		}}
	return Build(in)
}

func loosened() *Report {
	in := input()
	in.Lockfiles = append(in.Lockfiles, Lockfile{"web/package-lock.json", "npm-lock-v3", "removed"})
	in.Judgement = policy.Judgement{Verdict: policy.Warn, Score: 40, Repository: []policy.Weighed{
		weighed("lockfile-removed", 40, "web/package-lock.json goes away while web/package.json stays.", func(w *policy.Weighed) { w.Path, w.Line = "web/package-lock.json", 1 }),
		weighed("policy-changed", 0, "The change edits .github/lockkeeper.yml, which decides what passes.", func(w *policy.Weighed) { w.Path, w.Line = ".github/lockkeeper.yml", 4 }),
	}, Cases: []policy.Judged{judged("chalk", "5.3.0", "5.4.0", 120, policy.Pass, 0)}}
	return Build(in)
}

func scanned() *Report {
	in := input()
	in.Mode, in.Base = ModeScan, nil
	in.Lockfiles[0].Status = "unchanged"
	in.Judgement = policy.Judgement{Verdict: policy.Block, Score: 60, Cases: []policy.Judged{
		judged("lodash", "", "4.17.20", 2200, policy.Block, 60, published("2020-08-13 10:00"),
			found("known-vulnerability", 60, "lodash@4.17.20 has GHSA-35jh-r3h4-6jhm (high): Command Injection in lodash. Fixed in 4.17.21.", func(w *policy.Weighed) {
				w.Links = []signal.Link{{Title: "GHSA-35jh-r3h4-6jhm", URL: "https://github.com/advisories/GHSA-35jh-r3h4-6jhm"}}
			})),
		judged("chalk", "", "5.4.0", 120, policy.Pass, 0),
		judged("colour", "", "0.7.1", 140, policy.Pass, 0, published("2014-02-10 10:00"),
			found("abandoned", 0, "colour was last released on 2014-02-10 (0.7.1), 12 years ago, with 1 maintainer; here it is a direct dependency in production.")),
		judged("es-fork", "", "1.0.2", 160, policy.Pass, 5, published("2019-02-10 10:00"),
			found("deprecated", 5, "es-fork@1.0.2 is deprecated: “use 2.x”."),
			found("abandoned", 0, "es-fork was last released on 2019-02-10 (1.0.2), 7 years ago, with 2 maintainers; here it runs code at install.")),
	}}
	return Build(in)
}

// accepted is what a person's word does, and what words don't.
func accepted() *Report {
	in := input()
	const page = "https://github.com/acme/web/pull/7#issuecomment-"
	word := policy.Exception{
		Ecosystem: "npm", Name: "axios", Version: "1.14.2", Given: "npm:axios@1.14.2", Signals: []string{"dependency-added", "young-dependency"},
		Reason: "read the diff with the maintainers", By: "alice", Link: page + "1",
	}
	vain := func(given, reason, by, n string) policy.Exception {
		return policy.Exception{Given: given, Reason: reason, By: by, Link: page + n}
	}
	in.Judgement = policy.Judgement{Verdict: policy.Block, Score: 76,
		Exceptions: []policy.Use{
			{Exception: word, State: policy.Accepted},
			{Exception: vain("npm:left-pad@1.3.0", "known", "alice", "2"), State: policy.Unused, Why: "the change brings no such version"},
			{Exception: vain("npm:*", "", "bob", "3"), State: policy.Refused, Why: "it names no package with one exact version; write ecosystem:name@version"},
			{Exception: vain("npm:plain-crypto-js@4.2.1", "trust me", "mallory", "4"), State: policy.Refused, Why: "its author may not write to the repository"},
		},
		Cases: []policy.Judged{
			judged("axios", "1.14.0", "1.14.2", 812, policy.Pass, 0,
				found("young-dependency", 0, "axios@1.14.2 adds plain-crypto-js@4.2.1, a package first published 18 hours before it.", func(w *policy.Weighed) { w.Exception = &word }),
				found("dependency-added", 0, "The patch release axios@1.14.2 adds plain-crypto-js.", func(w *policy.Weighed) { w.Exception = &word })),
			judged("plain-crypto-js", "", "4.2.1", 3907, policy.Block, 76, through("axios", "plain-crypto-js"),
				func(j *policy.Judged) { j.Command = "/lockkeeper accept npm:plain-crypto-js@4.2.1 sha512-AAAA" },
				found("install-script-new", 76, "plain-crypto-js@4.2.1 is new here and runs code at install: postinstall “node setup.js”.")),
		}}
	return Build(in)
}
