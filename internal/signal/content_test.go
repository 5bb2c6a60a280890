package signal

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/code"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

// source is a file of an archive that a test makes, in words.
type source struct {
	path  string
	reach artifact.Reach
	text  string
}

// opened gives the profile of an archive with these files.
func opened(files []source) *artifact.Profile {
	p := &artifact.Profile{Manifest: &artifact.Manifest{}}
	for _, s := range files {
		sum := sha256.Sum256([]byte(s.text))
		f := artifact.File{Path: s.path, Hash: hex.EncodeToString(sum[:]), Size: int64(len(s.text)), Kind: artifact.Script, Reach: s.reach, Code: code.Read(s.path, []byte(s.text))}
		for _, u := range f.Code.Uses {
			f.Excerpts = append(f.Excerpts, artifact.Excerpt{Offset: u.Offset, Text: u.What})
		}
		p.Files = append(p.Files, f)
		p.Unpacked += f.Size
	}
	slices.SortFunc(p.Files, func(a, b artifact.File) int { return strings.Compare(a.Path, b.Path) })
	return p
}

// between is an ordinary update between two archives.
func between(old, latest []source) *evidence.Dossier {
	d := ordinary()
	p := opened(latest)
	d.Content = &evidence.Content{Profile: p, Delta: artifact.Diff(opened(old), p)}
	return d
}

// brought is a new package with these files.
func brought(files ...source) *evidence.Dossier {
	d := addition()
	p := opened(files)
	d.Content = &evidence.Content{Profile: p, Delta: artifact.Diff(nil, p)}
	return d
}

// told is an ordinary update with these news.
func told(news ...artifact.News) *evidence.Dossier {
	d := ordinary()
	d.Content = &evidence.Content{Profile: &artifact.Profile{}, Delta: &artifact.Delta{News: news}}
	return d
}

// atFirst makes of an update the same with nothing to compare with.
func atFirst(d *evidence.Dossier) *evidence.Dossier {
	d.Change.Name = "pad-of-the-acme" // nobody knows it
	d.Content.Delta.First = true
	return d
}

// shipping adds a file of a kind that the earlier version had, too.
func shipping(d *evidence.Dossier, kind artifact.Kind) *evidence.Dossier {
	d.Content.Profile.Files = append(d.Content.Profile.Files, artifact.File{Path: "old", Kind: kind})
	return d
}

// index is an ordinary file that an import runs.
const index = "'use strict'\nconst util = require('util')\nmodule.exports = function pad (text, n) {\n  return util.format(text).padStart(n, ' ')\n}\nmodule.exports.version = '1.3.0'\n"

func TestContentSignals(t *testing.T) {
	news := func(kind artifact.NewsKind, what string, reach artifact.Reach) artifact.News {
		return artifact.News{Kind: kind, What: what, Path: "lib/a.js", Line: 7, Reach: reach, Count: 400_000, Text: "as written"}
	}
	trait := func(what string) artifact.News { return news(artifact.NewTrait, what, artifact.AtImport) }
	obeyed := func(path string) artifact.News {
		return artifact.News{Kind: artifact.NewObeyed, What: artifact.Obeyed(path), Path: path}
	}
	for _, test := range []struct {
		name string
		d    *evidence.Dossier
		want string // "signal points" of each finding of the content
	}{
		{"nothing new", told(), ""},
		{"an archive that was not read", ordinary(), ""},

		{"hexadecimal names", told(trait(code.HexNames)), "obfuscation-added 30"},
		{"a table that is turned, in tests", told(news(artifact.NewTrait, code.Rotation, artifact.InTests)), ""},
		{"random-looking strings", told(trait(code.Entropy), trait(code.ComputedUse)), ""},
		{"a packed line of a new file", told(trait(code.Packed)), ""},
		{"decoded text that runs, in a new package", atFirst(told(trait(code.DecodedEval))), "obfuscation-added 30"},
		{"encoded names, in a new package", atFirst(told(trait(code.EncodedText))), ""},
		{"turned text", told(trait(code.Bidirectional)), "hidden-text 30"},
		{"private characters in a new package", atFirst(told(trait(code.PrivateUse))), "hidden-text 30"},

		{"a compiled file", told(news(artifact.NewBinary, "binary", artifact.Unknown)), "new-binary 30"},
		{"a compiled file beside others", shipping(told(news(artifact.NewBinary, "binary", artifact.Unknown)), artifact.Binary), "new-binary 10"},
		{"a file of WebAssembly", told(news(artifact.NewBinary, "wasm", artifact.AtImport)), "new-binary 10"},
		{"a compiled file of the examples", told(news(artifact.NewBinary, "binary", artifact.InTests)), ""},
		{"a compiled file of a new package", atFirst(told(news(artifact.NewBinary, "wasm", artifact.AtImport))), ""},
		{"a large script", told(news(artifact.LargeScript, "", artifact.AtImport)), "large-file-added 10"},
		{"twice the size", told(artifact.News{Kind: artifact.Doubled, Count: 5_000_000}), "large-file-added 10"},

		{"settings of an agent", told(obeyed(".claude/settings.json")), "agent-file-added 35"},
		{"settings of an agent in a new package", atFirst(told(obeyed("x/.vscode/tasks.json"))), "agent-file-added 35"},
		{"instructions", told(obeyed("AGENTS.md")), "agent-file-added 15"},
		{"a workflow", told(obeyed(".github/workflows/ci.yml")), "agent-file-added 10"},
		{"a workflow, and settings of an agent", told(obeyed(".github/workflows/ci.yml"), obeyed(".mcp.json")), "agent-file-added 35"},
		{"a workflow in a new package", atFirst(told(obeyed(".github/workflows/ci.yml"))), ""},

		{"an address", told(news(artifact.NewMention, "drop.invalid", artifact.Unknown)), "new-host 15"},
		{"an address in tests", told(news(artifact.NewMention, "drop.invalid", artifact.InTests)), ""},
		{"an address of a new package", atFirst(told(news(artifact.NewMention, "drop.invalid", artifact.AtInstall))), ""},

		{"one capability", told(news(artifact.NewCapability, "network", artifact.AtImport)), "new-capability 2"},
		{"six capabilities", told(news(artifact.NewCapability, "network", ""), news(artifact.NewCapability, "process", ""), news(artifact.NewCapability, "write", ""),
			news(artifact.NewCapability, "environment", ""), news(artifact.NewCapability, "evaluate", ""), news(artifact.NewCapability, "native", "")), "new-capability 8"},
		{"reading files", told(news(artifact.NewCapability, "read", artifact.AtImport)), ""},

		{"unreadable code", told(news(artifact.NewUnreadable, "", artifact.AtImport)), "unreadable-code 10"},
		{"unreadable code that nothing loads", told(news(artifact.NewUnreadable, "", artifact.Unknown)), ""},

		{"a name that leaves the folder", told(news(artifact.NewFault, string(artifact.Traversal), "")), "archive-fault 60"},
		{"names that differ in case", told(news(artifact.NewFault, string(artifact.CaseCollision), "")), "archive-fault 10"},
		{"a fault of a new package", atFirst(told(news(artifact.NewFault, string(artifact.Duplicate), ""))), "archive-fault 60"},
	} {
		if got := contentOf(test.d); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// contentOf gives the findings about the content, in the order of the table.
func contentOf(d *evidence.Dossier) string {
	var got []string
	for _, f := range Run(d, judged()) {
		if row, _ := Lookup(f.Signal); row.Family == Content {
			got = append(got, fmt.Sprint(f.Signal, " ", f.Points))
		}
	}
	return strings.Join(got, ", ")
}

func TestManifestConfusion(t *testing.T) {
	runCases(t, "manifest-confusion", []testCase{
		{name: "another script", edit: func(d *evidence.Dossier) {
			d.Content = &evidence.Content{Confused: []artifact.Difference{{Field: "scripts.postinstall", Inside: "node x"}, {Field: "version", Inside: "1", Listed: "2"}}}
		}, want: []string{`60: The package.json inside left-pad 1.3.1 is not what the registry lists: scripts.postinstall, version. The first: "node x" inside, nothing listed.`}},
		{name: "none", edit: func(d *evidence.Dossier) { d.Content = &evidence.Content{} }},
	})
}

func TestSwappedArchive(t *testing.T) {
	runCases(t, "integrity-mismatch", []testCase{
		{name: "other bytes than the lockfile pins", edit: func(d *evidence.Dossier) {
			d.Content = &evidence.Content{Swapped: &artifact.Mismatch{Want: []string{newHash}, Got: evilHash}}
		}, want: []string{"always: The archive of left-pad 1.3.1 that the registry serves has the hash " + short(evilHash) + "; it should have " + short(newHash) + "."}},
		{name: "the same bytes", edit: func(d *evidence.Dossier) { d.Content = &evidence.Content{} }},
	})
}

// A package's findings show few places, whatever it has.
func TestPlacesAreCapped(t *testing.T) {
	var news []artifact.News
	for i := range 500 {
		news = append(news, artifact.News{Kind: artifact.NewMention, What: fmt.Sprintf("%0300d.invalid", i), Path: strings.Repeat("é", 4000), Excerpt: strings.Repeat("x", 4000), Line: i + 1})
	}
	for _, f := range Run(told(news...), judged()) {
		size := len(f.Message)
		for _, fact := range f.Facts {
			size += len(fact.Name) + len(fact.Value)
		}
		if f.Signal == newHost.ID && size > 8000 {
			t.Errorf("%d bytes: %s", size, f.Message)
		}
	}
}

func TestDomains(t *testing.T) {
	for host, want := range map[string]string{
		"api.drop.invalid": "drop.invalid", "drop.invalid": "drop.invalid", "a.b.drop.co.uk": "drop.co.uk", "b.drop.uk": "drop.uk",
		"one.github.io": "one.github.io", "x.one.workers.dev": "x.one.workers.dev", "192.0.2.7": "192.0.2.7", "2001:db8::1": "2001:db8::1", "localhost": "localhost",
	} {
		if got := domain(host); got != want {
			t.Errorf("%s is of %s, want %s", host, got, want)
		}
	}
}
