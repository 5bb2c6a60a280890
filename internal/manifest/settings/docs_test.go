package settings

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const introduction = `# Guardrails

The settings by which package managers protect an install, and that the signals [` + "`guardrail-loosened`" + `](signals.md#guardrail-loosened) and
[` + "`lockfile-removed`" + `](signals.md#lockfile-removed) watch. What counts is what all files of a folder say together: a setting that moves,
is spelled another way or becomes stricter is quiet. So is what comes with a new project, and with a package manager that the base did not use.

Of two files the one that stands later in a row counts more. *Until* names the version that no longer reads a setting there: which version a project
uses is taken from ` + "`packageManager`, `devEngines`, `yarnPath`" + ` and the lockfile's format. Where nobody says it, the newest version's defaults count.

The files that ` + "`lock`" + ` of Deno and ` + "`lockfileFilename`" + ` of yarn name, on either side, are read as lockfiles. Where a change asks for more packages and a setting
keeps the lockfile from being obeyed, in the base already, the check [` + "`unpinned`" + `](policy.md#gaps) says so; a scan says it whatever changed.

This file is written from the table in internal/manifest/settings.
`

const places = `
## Code of the repository

Files that package managers run or put into packages, though no setting says so. One that the head adds or changes is told, whatever it holds; a setting that
names one of them is not told again. That of other names is told once, by its setting: what changes in it later is not seen.

| place | read by | what it means | tried with |
| --- | --- | --- | --- |
`

func (p *codePlace) inWords() string {
	switch {
	case p.ending != "":
		return p.at + "/*" + p.ending
	case p.below:
		return p.at + "/**"
	}
	return p.at
}

func (p *codePlace) toolsInWords() string {
	if p.tools == nil {
		return "all"
	}
	var names []string
	for _, tool := range p.tools {
		names = append(names, string(tool))
	}
	return strings.Join(names, ", ")
}

// TestDocumentation keeps docs/guardrails.md equal to the table.
func TestDocumentation(t *testing.T) {
	file := filepath.Join("..", "..", "..", "docs", "guardrails.md")
	want := guide()
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(got), want); diff != "" {
		t.Errorf("docs/guardrails.md (-file +table):\n%s", diff)
	}
}

func guide() string {
	var b strings.Builder
	b.WriteString(introduction)
	tool := Tool("")
	for i := range protections {
		row := &protections[i]
		if row.tool != tool {
			tool = row.tool
			fmt.Fprintf(&b, "\n## %s\n\nLooked up in %s.\n\n| setting | stands in | by default | loosened by |\n| --- | --- | --- | --- |\n", tool, row.source)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", row.name, row.placesInWords(), row.defaultsInWords(), row.loosenedBy())
	}
	b.WriteString(places)
	for i := range codePlaces {
		row := &codePlaces[i]
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", row.inWords(), row.toolsInWords(), row.effect, row.source)
	}
	return b.String()
}

// placesInWords names the files, and the setting in each where it has another
// name there.
func (p *protection) placesInWords() string {
	var files []string
	names := make(map[string][]string)
	for _, at := range p.places {
		file := "`" + at.file + "`"
		if at.until > 0 {
			file += fmt.Sprintf(" until %d", at.until)
		}
		if !slices.Contains(files, file) {
			files = append(files, file)
		}
		names[file] = append(names[file], "`"+strings.ReplaceAll(at.path, " ", ".")+"`")
	}
	for i, file := range files {
		files[i] = file + ": " + strings.Join(names[file], ", ")
	}
	return strings.Join(files, "; ")
}

func (p *protection) defaultsInWords() string {
	var all []string
	for _, d := range p.defaults {
		value := map[string]string{everything: "everything", "": "nothing"}[d.value]
		if value == "" {
			value = d.value
		}
		if p.kind == duration && strings.Trim(value, "0123456789") == "" {
			value = count(value, p.unit)
		}
		if p.zeroNever {
			value = "never"
		}
		if d.version != "" {
			value += " since " + d.version
		}
		all = append(all, value)
	}
	switch {
	case len(all) > 0:
		return strings.Join(all, ", ")
	case p.kind == address:
		return "the public registry"
	}
	return "nothing"
}

func (p *protection) loosenedBy() string {
	order := ""
	if n := len(p.order); n > 0 {
		order = "going from `" + strings.Join(p.order[:n-1], "` over `") + "` to `" + p.order[n-1] + "`"
	}
	words := map[kind]string{
		ordered: order, duration: "a shorter time", address: "another host, or no encryption",
		allow: "an entry more", demand: "an entry less",
	}[p.kind]
	switch p.places[0].form {
	case paths:
		words = "another path"
	case command:
		words = "another one"
	}
	if p.follows {
		words += "; another version of one is none"
	}
	if p.within != "" {
		words += ", where `" + p.within + "` protects"
	}
	if p.idle != "" {
		words += ", unless `" + p.idle + "` is on"
	}
	return words
}
