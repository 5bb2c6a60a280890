package artifact

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/code"
)

// script makes a file of code.
func script(path string, reach Reach, p code.Profile) File {
	if p.Size == 0 {
		p.Size = 100
	}
	return File{Path: path, Hash: fmt.Sprint(path, p), Kind: Script, Reach: reach, Size: int64(p.Size), Code: &p}
}

func shingleRange(from, to uint64) (list []uint64) {
	for x := from; x < to; x++ {
		list = append(list, x)
	}
	return list
}

func kindsOf(d *Delta) string {
	var list []string
	for _, n := range d.News {
		list = append(list, string(n.Kind)+" "+n.What)
	}
	return strings.TrimSpace(strings.Join(list, ", "))
}

func TestDelta(t *testing.T) {
	use := func(c code.Capability, what string, context uint64) code.Profile {
		return code.Profile{Uses: []code.Use{{Capability: c, What: what, Line: 1, Context: context}}, Shingles: shingleRange(0, 100)}
	}
	trait := func(kind string, count int, shingles []uint64) code.Profile {
		return code.Profile{Traits: []code.Trait{{Kind: kind, Count: count, Line: 1}}, Shingles: shingles}
	}
	host := func(name string) code.Profile {
		return code.Profile{Mentions: []code.Mention{{Host: name, Text: "https://" + name, Line: 1}}}
	}
	load := func(name string) code.Profile {
		return code.Profile{Modules: []code.Module{{Name: name, Line: 1}}}
	}
	large := func(from, to uint64) code.Profile {
		return code.Profile{Size: largeScript, Shingles: shingleRange(from, to)}
	}
	exec := use(code.Process, "exec", 1)
	for _, c := range []struct {
		name     string
		old, new []File
		news     string
	}{
		{"the same use in another file", []File{script("a.js", AtImport, exec)}, []File{script("b.js", AtImport, exec)}, ""},
		{"a use in a new context", []File{script("a.js", AtImport, exec)}, []File{script("a.js", AtImport, use(code.Process, "exec", 2))}, "use process"},
		{"a use that only tests had", []File{script("a.js", InTests, exec)}, []File{script("a.js", AtImport, exec)}, "capability process, use process"},
		{"a use that an import had and now an install has", []File{script("a.js", AtImport, exec)}, []File{script("a.js", AtInstall, exec)}, "capability process, use process"},
		{"a use that a file had which nothing was seen to load", []File{script("a.js", Unknown, exec)}, []File{script("a.js", AtImport, exec)}, ""},
		{"a use that only tests have now", nil, []File{script("a.test.js", InTests, exec)}, "use process"},
		{"another secret in the same context", []File{script("a.js", AtImport, use(code.Secret, "env.A", 1))}, []File{script("a.js", AtImport, use(code.Secret, "env.NPM_TOKEN", 1))}, "use secret"},
		{"another name for the same call", []File{script("a.js", AtImport, exec)}, []File{script("a.js", AtImport, use(code.Process, "e.exec", 1))}, ""},
		{"a new host", []File{script("a.js", AtImport, host("a.invalid"))}, []File{script("a.js", AtImport, host("b.invalid"))}, "mention b.invalid"},
		{"a host that another file named", []File{script("a.js", AtImport, host("a.invalid"))}, []File{script("b.js", Unknown, host("a.invalid"))}, ""},
		{"a host that only tests named", []File{script("a.js", InTests, host("a.invalid"))}, []File{script("b.js", AtImport, host("a.invalid"))}, "mention a.invalid"},
		{"a part of a module", []File{script("a.js", AtImport, load("fs"))}, []File{script("a.js", AtImport, load("node:fs/promises"))}, ""},
		{"a new module", []File{script("a.js", AtImport, load("fs"))}, []File{script("a.js", AtImport, load("@s/a/b"))}, "module @s/a"},
		{"a file of its own", nil, []File{script("a.js", AtImport, load("./b.js"))}, ""},
		{"a trait", []File{script("a.js", AtImport, code.Profile{})}, []File{script("a.js", AtImport, trait("packed", 1, nil))}, "trait packed"},
		{"a trait that grew by half", []File{script("a.js", AtImport, trait("packed", 10, nil))}, []File{script("a.js", AtImport, trait("packed", 15, nil))}, ""},
		{"a trait that grew by more", []File{script("a.js", AtImport, trait("packed", 10, nil))}, []File{script("a.js", AtImport, trait("packed", 16, nil))}, "trait packed"},
		{"a trait of a file that was renamed", []File{script("a.1.js", AtImport, trait("packed", 10, shingleRange(0, 100)))}, []File{script("a.2.js", AtImport, trait("packed", 10, shingleRange(0, 110)))}, ""},
		{"a trait of a piece of an old bundle", []File{script("a.js", AtImport, trait("packed", 10, shingleRange(0, 1000)))}, []File{script("b.js", AtImport, trait("packed", 9, shingleRange(900, 1000)))}, ""},
		{"a trait of a new file beside one that has it", []File{script("a.js", AtImport, trait("packed", 10, shingleRange(0, 100)))}, []File{script("b.js", AtImport, trait("packed", 1, shingleRange(200, 300)))}, "trait packed"},
		{"a packed file that tests had and an import loads", []File{script("a.js", InTests, trait("packed", 10, shingleRange(0, 100)))}, []File{script("a.js", AtImport, trait("packed", 10, shingleRange(0, 100)))}, "trait packed"},
		{"code that can no longer be read", []File{script("a.js", AtImport, code.Profile{})}, []File{script("a.js", AtImport, code.Profile{Unreadable: "x"})}, "unreadable"},
		{"code that never could", []File{script("a.js", AtImport, code.Profile{Unreadable: "x"})}, []File{script("a.js", AtImport, code.Profile{Unreadable: "y"})}, ""},
		{"a large script", nil, []File{script("a.js", AtImport, large(0, 100))}, "large-script"},
		{"a large script that was one before", []File{script("a.js", AtImport, large(0, 100))}, []File{script("a.js", AtImport, large(100, 200))}, ""},
		{"a large script joined of old code", []File{script("a.js", AtImport, code.Profile{Shingles: shingleRange(0, 50)}), script("b.js", AtImport, code.Profile{Shingles: shingleRange(50, 100)})}, []File{script("c.js", AtImport, large(0, 100))}, ""},
		{"a binary", nil, []File{{Path: "a.node", Kind: Binary}}, "binary binary"},
		{"a binary of another build", []File{{Path: "v1/a-1.2.node", Hash: "1", Kind: Binary}}, []File{{Path: "v1/a-10.0.node", Hash: "2", Kind: Binary}}, ""},
		{"a script that becomes a binary", []File{{Path: "a", Kind: Script}}, []File{{Path: "a", Hash: "2", Kind: Binary}}, "binary binary"},
		{"a workflow", nil, []File{{Path: "x/.github/workflows/a.yml"}}, "obeyed runs on a repository's pushes and pull requests"},
		{"a workflow that was there", []File{{Path: ".github/workflows/a.yml"}}, []File{{Path: ".github/workflows/a.yml", Hash: "2"}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			// A file that both have, so that the old version is one.
			both := File{Path: "z.txt", Hash: "z"}
			old, latest := &Profile{Files: append(c.old, both)}, &Profile{Files: append(c.new, both)}
			if got := kindsOf(Diff(old, latest)); got != c.news {
				t.Errorf("news: %s, want %s", got, c.news)
			}
			if d := Diff(latest, latest); d.News != nil || d.Changes != nil {
				t.Errorf("against itself: %+v", d)
			}
		})
	}
}

func TestDeltaOfTheWholeArchive(t *testing.T) {
	old := &Profile{Unpacked: 300_000, Faults: []Fault{{Link, "a"}}, Bundled: []Bundle{{"a", "1", "x"}}, Commands: []Command{{Path: "package.json#install", Text: "a", Code: &code.Profile{}}}}
	latest := &Profile{
		Unpacked: 600_000, Faults: []Fault{{Link, "b"}, {Device, "c"}}, Bundled: []Bundle{{"a", "1", "y"}, {"b", "1", "z"}},
		Commands: []Command{{Path: "package.json#install", Text: "b", Code: &code.Profile{Uses: []code.Use{{Capability: code.Process}}}}},
	}
	if got := kindsOf(Diff(old, latest)); got != "doubled , fault device, capability process, command install, use process, bundle b" {
		t.Errorf("news: %s", got)
	}
	latest.Unpacked--
	if got := kindsOf(Diff(old, latest)); strings.Contains(got, "doubled") {
		t.Errorf("news: %s", got)
	}
	if got := kindsOf(Diff(nil, latest)); strings.Contains(got, "doubled") {
		t.Errorf("of a first version: %s", got)
	}
}

// A flood of news in tests can't crowd out what an install does.
func TestNewsAreCapped(t *testing.T) {
	var files []File
	for i := range maxNews {
		files = append(files, script(fmt.Sprintf("a/%05d.js", i), InTests, code.Profile{Modules: []code.Module{{Name: "a"}, {Name: "b"}}}))
	}
	noisy := code.Profile{}
	for i := range 2 * maxFileNews {
		noisy.Mentions = append(noisy.Mentions, code.Mention{Host: fmt.Sprint(i)})
	}
	files = append(files, script("noisy.js", AtImport, noisy), script("z.js", AtInstall, code.Profile{Uses: []code.Use{{Capability: code.Process}}}))
	d := Diff(nil, &Profile{Files: files})
	ofFile := func(path string) int {
		return len(slices.DeleteFunc(slices.Clone(d.News), func(n News) bool { return n.Path != path }))
	}
	if len(d.News) != maxNews || ofFile("z.js") != 2 || ofFile("noisy.js") != maxFileNews {
		t.Errorf("%d news, %d of z.js, %d of noisy.js", len(d.News), ofFile("z.js"), ofFile("noisy.js"))
	}
	if want := 2*maxNews + maxFileNews*2 + 2 - maxNews; d.Omitted != want {
		t.Errorf("%d omitted, want %d", d.Omitted, want)
	}
}

// News keep where else their thing stands, up to a cap, and whether code ran at
// install before.
func TestPlacesOfNews(t *testing.T) {
	var p code.Profile
	for i := range 2 * maxPlaces {
		p.Mentions = append(p.Mentions, code.Mention{Host: "a.invalid", Offset: i})
	}
	d := Diff(&Profile{Commands: []Command{{Code: &code.Profile{}}}}, &Profile{Files: []File{script("a.js", AtImport, p)}})
	if len(d.News) != 1 || len(d.News[0].Places) != maxPlaces || d.News[0].Count != 2*maxPlaces || d.News[0].Places[1] != 1 {
		t.Errorf("%+v", d.News)
	}
	if !d.Ran {
		t.Error("the version before ran a command")
	}
	if again := Diff(&Profile{}, &Profile{}); again.Ran {
		t.Error("the version before ran nothing")
	}
}
