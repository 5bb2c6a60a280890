package lockfile

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Few names and versions, so that they meet.
var (
	pnpmNames    = []string{"a", "b", "@s/a", "x.y"}
	pnpmPins     = []string{"1.0.0", "2.0.0-rc.1", "1.0.0", "file:a", "file:a (b)/c", "https://archive.example/a.tgz"}
	pnpmSuffixes = []string{"", "", "(b@1.0.0)", "(patch_hash=00)", "(patch_hash=00)(@s/a@1.0.0(b@1.0.0))", "()"}
	pnpmFlows    = []string{
		"resolution: {integrity: sha512-YQ==}", "resolution: {tarball: https://npm.example.com/a/-/a-1.0.0.tgz}", "resolution: {}",
		"resolution: {type: directory, directory: a}", "resolution: {tarball: https://archive.example/a.tgz}",
		"resolution: {type: git, repo: https://git.example/a.git, commit: '0123'}", "resolution: x", "version: 1.0.0", "version: 1.10", "name: b",
		"dev: true", "optional: true", "requiresBuild: true", "deprecated: 'x'", "dependencies: {a: 1.0.0}", "dependencies: {b: link:b, a: 1.0.0(b@1.0.0)}",
		"optionalDependencies: {a: b@1.0.0, '@s/a': '@s/a@2.0.0-rc.1(b@1.0.0)'}", "dependencies: {a: /b@1.0.0, b: /b/1.0.0}", "Resolution: {}", "hasBin: true",
	}
)

// drawPNPM makes the text of a lockfile.
func drawPNPM(t *rapid.T) string {
	version := rapid.SampledFrom([]string{"'9.0'", "'9.0'", "'6.0'", "5.4", "'7.0'"}).Draw(t, "version")
	b := &strings.Builder{}
	if rapid.Bool().Draw(t, "environment") {
		fmt.Fprintf(b, "---\nlockfileVersion: %s\npackages: {}\n---\n", version)
	}
	fmt.Fprintf(b, "lockfileVersion: %s\n", version)
	for range rapid.IntRange(0, 4).Draw(t, "sections") {
		section := rapid.SampledFrom([]string{"packages", "packages", "snapshots", "snapshots", "importers"}).Draw(t, "section")
		fmt.Fprintf(b, "%s:\n", section)
		for range rapid.IntRange(0, 6).Draw(t, "members") {
			if section == "importers" {
				fmt.Fprintf(b, "  %s: {%s}\n", rapid.SampledFrom([]string{".", "b"}).Draw(t, "folder"), rapid.SampledFrom(pnpmFlows).Draw(t, "list"))
				continue
			}
			fmt.Fprintf(b, "  %s: {%s}\n", drawPNPMKey(t, version, section), strings.Join(rapid.SliceOfN(rapid.SampledFrom(pnpmFlows), 0, 4).Draw(t, "flows"), ", "))
		}
	}
	return b.String()
}

// drawPNPMKey makes a key, of the version's form in most cases.
func drawPNPMKey(t *rapid.T, version, section string) string {
	name, pin := rapid.SampledFrom(pnpmNames).Draw(t, "name"), rapid.SampledFrom(pnpmPins).Draw(t, "pin")
	suffix := rapid.SampledFrom(pnpmSuffixes).Draw(t, "suffix")
	switch {
	case rapid.IntRange(0, 9).Draw(t, "odd") == 0:
		return rapid.SampledFrom([]string{"x", "''", "/a", "file:a", "npm.example.com/a/1.0.0", "'@'", "a@"}).Draw(t, "key")
	case version == "5.4":
		return "/" + name + "/" + pin
	case version == "'6.0'":
		return "/" + name + "@" + pin + suffix
	case section == "packages":
		suffix = ""
	}
	return "'" + name + "@" + pin + suffix + "'"
}

func TestPNPMProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		data := []byte(drawPNPM(rt))
		inv, err := Parse(Input{Path: "pnpm-lock.yaml", Data: data})
		if err != nil {
			rt.Fatalf("%s: %v", data, err)
		}
		rt.Logf("%s\n%s", data, dump(inv, nil))
		noPackageIsLost(rt, data, inv)
		pnpmLinesAreRight(rt, data, inv)
		pnpmEdgesAreAnswered(rt, inv)
		pnpmEdgesAreReferences(rt, inv)
	})
}

// pnpmEdgesAreReferences checks each answer against dependency-path's own way
// to make a key of a reference.
func pnpmEdgesAreReferences(t rapid.TB, inv *Inventory) {
	t.Helper()
	keys := make(map[string]bool, len(inv.Entries))
	bases := make(map[string]bool, len(inv.Entries))
	for _, e := range inv.Entries {
		keys[e.Key] = true
		if inv.Format >= "pnpm-lock-v7" {
			bases[plainBase(e.Key)] = true
		}
	}
	for _, d := range inv.Doubts { // their keys answer to nothing
		if strings.HasPrefix(d.Message, "there are snapshots, which") {
			clear(keys)
		}
	}
	for _, e := range inv.Entries {
		for _, d := range e.Dependencies {
			want := plainReference(inv.Format, d.Name, d.Spec)
			switch {
			case d.Key == "" && want != "" && (keys[want] || bases[want]):
				t.Fatalf("%q asks for %q, which %q answers", e.Key, d.Spec, want)
			case d.Key != "" && d.Key != want && plainBase(d.Key) != want && !strings.HasPrefix(want, d.Key+"("):
				t.Fatalf("%q asks for %q, answered by %q, want %q", e.Key, d.Spec, d.Key, want)
			}
		}
	}
}

// plainReference is refToRelative of dependency-path 2 and 1001, line by line.
func plainReference(format, name, ref string) string {
	if strings.HasPrefix(ref, "link:") {
		return ""
	}
	old := map[string]string{"pnpm-lock-v5.4": "/", "pnpm-lock-v6.0": "@"}[format]
	if old != "" {
		if strings.HasPrefix(ref, "file:") {
			return ref
		}
		before, _, bracket := strings.Cut(ref, "(")
		if !strings.Contains(ref, "/") || bracket && !strings.Contains(before, "/") {
			return "/" + name + old + ref
		}
		return ref
	}
	at, colon, bracket := strings.Index(ref, "@"), strings.Index(ref, ":"), strings.Index(ref, "(")
	if ref != "" && ref[0] == '@' || at != -1 && (colon == -1 || at < colon) && (bracket == -1 || at < bracket) {
		return plainBase(ref)
	}
	return plainBase(name + "@" + ref)
}

// plainBase drops the suffixes of a key from the end, one at a time.
func plainBase(key string) string {
	for strings.HasSuffix(key, ")") {
		open := 0
		at := len(key) - 1
		for ; at >= 0; at-- {
			if key[at] == ')' {
				open++
			} else if key[at] == '(' {
				if open--; open == 0 {
					break
				}
			}
		}
		if at <= 0 {
			return key
		}
		key = key[:at]
	}
	return key
}
