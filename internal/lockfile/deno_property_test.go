package lockfile

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Few names, so that they meet.
var (
	someDenoKeys = []string{
		"a@1.0.0", "a@2.0.0", "b@1.0.0", "b_c@1.0.0_a@1.0.0", "@s/a@1.0.0", "@s/a@2.0.0", "a", "", "__proto__@1.0.0", "packages", "specifiers",
		"https://modules.example/std@1.0.0/mod.ts", "https://modules.example/std@1.0.0/a.ts", "https://modules.example/main.ts",
	}
	someDenoRequests = []string{
		"a", "b", "a@1.0.0", "x@npm:b@1.0.0", "@s/a", "npm:a", "npm:a@1", "npm:a@^2.0.0", "npm:b_c", "jsr:@s/a", "jsr:@s/a@1", "jsr:@s/a@*", "jsr:", "x",
	}
	someDenoValues = []string{
		`"1.0.0"`, `"2.0.0"`, `"npm:a@1.0.0"`, `"jsr:@s/a@1.0.0"`, `"a@1.0.0"`, `"1.0.0_a@1.0.0"`, `"https://modules.example/main.ts"`, `"sha512-AAAA"`,
		`""`, `1`, `null`, `true`, `[]`, `{}`, `["a", 1]`, `{"a": "a@1.0.0"}`, `{"integrity": "sha1-BBBB"}`,
	}
	someDenoFields = []string{"integrity", "dependencies", "optionalDependencies", "optionalPeers", "tarball", "scripts", "deprecated", "Integrity", "os"}
)

func drawDenoEntry(t *rapid.T) string {
	if rapid.IntRange(0, 20).Draw(t, "odd") == 0 {
		return rapid.SampledFrom(someDenoValues).Draw(t, "value")
	}
	var members []string
	for range rapid.IntRange(0, 3).Draw(t, "members") {
		field := rapid.SampledFrom(someDenoFields).Draw(t, "field")
		value := rapid.SampledFrom(someDenoValues).Draw(t, "value")
		if strings.HasSuffix(field, "ependencies") {
			list := rapid.SliceOfN(rapid.SampledFrom(someDenoRequests), 0, 3).Draw(t, "requests")
			value = fmt.Sprintf(`["%s"]`, strings.Join(list, `", "`))
		}
		members = append(members, fmt.Sprintf(`"%s": %s`, field, value))
	}
	return "{" + strings.Join(members, ", ") + "}"
}

// drawDenoSection makes the text of one section.
func drawDenoSection(t *rapid.T, name string, depth int) string {
	var list []string
	for range rapid.IntRange(0, 5).Draw(t, "entries") {
		key := rapid.SampledFrom(someDenoKeys).Draw(t, "key")
		value := rapid.SampledFrom(someDenoValues).Draw(t, "value")
		switch {
		case name == "specifiers":
			key = rapid.SampledFrom(someDenoRequests).Draw(t, "specifier")
		case name == "workspace":
			key = rapid.SampledFrom([]string{"dependencies", "members", "links", "packageJson"}).Draw(t, "member")
		case name == "packages" || name == "npm" && depth > 0 && (key == "packages" || key == "specifiers"):
			if name == "packages" {
				key = rapid.SampledFrom([]string{"specifiers", "jsr", "npm", "remote"}).Draw(t, "section")
			}
			value = drawDenoSection(t, key, 0)
		case name == "npm" || name == "jsr":
			value = drawDenoEntry(t)
		}
		list = append(list, fmt.Sprintf("%s\"%s\": %s", rapid.SampledFrom([]string{"", "\n"}).Draw(t, "break"), key, value))
	}
	return "{" + strings.Join(list, ", ") + "}"
}

func drawDeno(t *rapid.T) string {
	version := rapid.SampledFrom([]string{`"1"`, `"2"`, `"3"`, `"4"`, `"5"`, `"6"`, `5`}).Draw(t, "version")
	members := []string{`"version": ` + version}
	for range rapid.IntRange(1, 5).Draw(t, "sections") {
		name := rapid.SampledFrom([]string{"specifiers", "jsr", "npm", "redirects", "remote", "workspace", "packages"}).Draw(t, "section")
		members = append(members, fmt.Sprintf("\n\"%s\": %s", name, drawDenoSection(t, name, 1)))
	}
	return "{" + strings.Join(members, ", ") + "}"
}

func TestDenoReadingProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		data := []byte(drawDeno(rt))
		inv, err := Parse(Input{Path: "deno.lock", Data: data})
		if err != nil {
			if !strings.Contains(err.Error(), "is not known") {
				rt.Fatalf("%s: %v", data, err)
			}
			return
		}
		rt.Logf("%s\n%s", data, dump(inv, nil))
		denoNothingIsLost(rt, data, inv)
		denoLinesAreRight(rt, data, inv)
		keysAreEntries(rt, inv)
		keysStandOnce(rt, inv)
	})
}

// keysStandOnce checks that a key stands twice only where a doubt says so.
func keysStandOnce(t rapid.TB, inv *Inventory) {
	t.Helper()
	seen := make(map[string]bool)
	for _, e := range inv.Entries {
		if seen[e.Key] {
			doubted := false
			for _, d := range inv.Doubts {
				doubted = doubted || d.Key == e.Key && strings.Contains(d.Message, "stands twice")
			}
			if !doubted {
				t.Fatalf("%q stands twice, and no doubt says so", e.Key)
			}
		}
		seen[e.Key] = true
	}
}
