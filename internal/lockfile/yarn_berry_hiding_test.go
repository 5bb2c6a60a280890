package lockfile

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const berryHead = "__metadata:\n  version: 8\n  cacheKey: 10c0\n"

const berryRoot = `
"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."
  languageName: unknown
  linkType: soft
`

var berrySum = strings.Repeat("0123456789abcdef", 8)

// berryPackage gives an entry as yarn writes it; rest stands before its
// checksum.
func berryPackage(key, resolution, rest string) string {
	_, reference, _ := splitBerry(resolution)
	return fmt.Sprintf("\n%q:\n  version: %s\n  resolution: %q\n%s  checksum: 10c0/%s\n  languageName: node\n  linkType: hard\n",
		key, strings.TrimPrefix(reference, "npm:"), resolution, rest, berrySum)
}

func berryFile(entries ...string) string {
	return berryHead + berryRoot + strings.Join(entries, "")
}

// berrySummary is what a file pins by name, and what is doubtful about it.
func berrySummary(inv *Inventory, err error) string {
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for _, e := range inv.Entries {
		if e.Source != Workspace {
			fmt.Fprintf(&b, "%d %s@%s; ", e.Line, e.Name, e.Version)
		}
	}
	for _, d := range inv.Doubts {
		if d.Packages {
			b.WriteString("! ")
		}
		fmt.Fprintf(&b, "%d %s; ", d.Line, d.Message)
	}
	return strings.TrimSuffix(b.String(), "; ")
}

// Whatever the way in which a package is written, it is seen, or the file is
// doubtful or unread. What begins with "=" is all that there is to say; "|"
// stands between what may be said where the YAML's reader decides.
func TestBerryHiding(t *testing.T) {
	plain := berryPackage("evil@npm:^1.0.0", "evil@npm:1.0.0", "")
	long := strings.Repeat("evil@npm:^1.0.0 || ^1.0.1, ", 113<<10/27)
	for _, c := range []struct{ name, file, want string }{
		{"plain", berryFile(plain), "= 11 evil@1.0.0"},
		{"a long line before it", berryFile("\n# " + strings.Repeat("x", 1<<20) + plain), "= 12 evil@1.0.0"},
		{"a key of 113 KiB", berryFile(berryPackage(long+"evil@npm:1", "evil@npm:1.0.0", "")), "= 11 evil@1.0.0"},
		{"an explicit key", berryFile(strings.Replace(plain, `"evil@npm:^1.0.0":`, "? \"evil@npm:^1.0.0\"\n:", 1)), "= 11 evil@1.0.0"},
		{"a folded key", berryFile(strings.Replace(plain, `"evil@npm:^1.0.0":`, "? \"evil@npm:^1\\\n  .0.0\"\n:", 1)), "11 evil@1.0.0|11: reading: "},
		{"a block key", berryFile(strings.Replace(plain, `"evil@npm:^1.0.0":`, "? >-\n  evil@npm:^1.0.0\n:", 1)), "11 evil@1.0.0|11: reading: "},
		{"an escaped key", berryFile(strings.Replace(plain, `"evil@npm:^1.0.0":`, `"\x65v\u0069l@npm:^1.0.0":`, 1)), "= 11 evil@1.0.0"},
		{"single quotes", berryFile(strings.ReplaceAll(plain, `"`, `'`)), "= 11 evil@1.0.0"},
		{"no quotes", berryFile(strings.ReplaceAll(plain, `"`, ``)), "= 11 evil@1.0.0"},
		{"deep indentation", berryFile(strings.ReplaceAll(plain, "\n  ", "\n         ")), "= 11 evil@1.0.0"},
		{"flow style", berryFile("\n" + `{version: 1.0.0}: x`), "a name is not a scalar"},
		{"an entry in flow style", berryFile("\n" + `"evil@npm:^1.0.0": {version: 1.0.0, resolution: "evil@npm:1.0.0", checksum: ` + berrySum + `, languageName: node, linkType: hard}`), "= 11 evil@1.0.0"},
		{"a file in flow style", `{"evil@npm:^1.0.0": {"resolution": "evil@npm:1.0.0"}}`, "1 evil@1.0.0; "},
		{"comments", berryFile("\n# a\n" + strings.ReplaceAll(plain, ":\n", ": # a\n# b\n")), "= 13 evil@1.0.0"},
		{"a byte order mark", "\ufeff" + berryFile(plain), "= 11 evil@1.0.0"},
		{"CRLF", strings.ReplaceAll(berryFile(plain), "\n", "\r\n"), "= 11 evil@1.0.0"},
		{"no line feed at the end", strings.TrimSuffix(berryFile(plain), "\n"), "= 11 evil@1.0.0"},
		{"blank lines", berryFile("\n\n\n", strings.ReplaceAll(plain, "\n", "\n\n")), "= 15 evil@1.0.0"},
		{"a document's start", "---\n" + berryFile(plain), "= 12 evil@1.0.0"},
		{"a document's end", berryFile(plain, "...\n"), "11 evil@1.0.0|17: reading: "},

		{"carriage returns", strings.ReplaceAll(berryFile(plain), "\n", "\r"), ": reading: "},
		{"a carriage return in a comment", berryFile("\n# a\r\"b\": c\n" + plain), "app/yarn.lock:11: reading: "},
		{"a line separator", berryFile("\n# a\u2028b: c\n" + plain), "app/yarn.lock:11: reading: "},
		{"a next line", berryFile("\n# a\u0085b: c\n" + plain), "app/yarn.lock:11: reading: "},
		{"yarn 1's comment", "# a\r\n#  YARN lockfile  v1\r\n" + berryFile(plain), "! 2 a comment says that the file is yarn 1's"},

		{"a second document", berryFile() + "---" + plain, "app/yarn.lock:11: reading: the file holds more than one document"},
		{"a second document that is empty", berryFile(plain) + "---\n", "reading: the file holds more than one document"},
		{"NUL", berryFile(plain) + "\x00", "app/yarn.lock:17: reading: "},
		{"a control character", berryFile(strings.Replace(plain, "node", "no\x01de", 1)), ": reading: "},
		{"no UTF-8", berryFile(strings.Replace(plain, "node", "no\xffde", 1)), "app/yarn.lock:15: reading: "},
		{"an anchor", berryFile(strings.Replace(plain, "1.0.0\":\n", "1.0.0\": &x\n", 1)), "app/yarn.lock:11: reading: it has an anchor or alias"},
		{"a tag", berryFile(strings.Replace(plain, "version: ", "version: !!str ", 1)), "app/yarn.lock:12: reading: it has a tag"},
		{"a merge key", berryFile(plain, "\n<<: {a: b}\n"), "app/yarn.lock:18: reading: it has a merge key"},
		{"a list", "- a\n", "app/yarn.lock:1: reading: a mapping was expected"},
		{"a text", "a\n", "app/yarn.lock:1: reading: a mapping was expected"},
		{"nothing", "", "app/yarn.lock: reading: the file is empty"},
		{"comments only", "# a\n", "app/yarn.lock: reading: the file is empty"},

		{"a conflict", berryFile("<<<<<<< HEAD\n", plain, "=======\n>>>>>>> theirs\n"), "app/yarn.lock:10: reading: the file holds merge conflict markers"},
		{"a conflict in a comment", berryFile(plain, "# <<<<<<< HEAD\n"), "app/yarn.lock:17: reading: the file holds merge conflict markers"},
		{"half a conflict", berryFile(plain, "=======\n", plain), "app/yarn.lock:17: reading: the file holds merge conflict markers"},
		{"the end of a conflict", berryFile(plain, ">>>>>>> theirs\n"), "app/yarn.lock:17: reading: the file holds merge conflict markers"},

		{"a key twice", berryFile(plain, strings.ReplaceAll(plain, ":1.0.0", ":6.6.6")),
			"11 evil@1.0.0; 18 evil@6.6.6; ! 18 the version is \"1.0.0\", and the resolution \"evil@npm:6.6.6\" is what yarn fetches; " +
				"! 18 the range \"evil@npm:^1.0.0\" stands twice, first on line 11"},
		{"one entry twice", berryFile(plain, plain), "18 the range \"evil@npm:^1.0.0\" stands twice, first on line 11"},
		{"a range twice", berryFile(plain, berryPackage("evil@npm:^1.0.0, evil@npm:^2", "evil@npm:2.0.0", "")),
			"! 18 the range \"evil@npm:^1.0.0\" stands twice, first on line 11"},
		{"a range twice, once without its protocol", berryFile(plain, berryPackage("evil@^1.0.0", "evil@npm:2.0.0", "")),
			"! 18 the range \"evil@^1.0.0\" stands twice, first on line 11"},
		{"a resolution twice", berryFile(plain, strings.Replace(plain, "^1.0.0", "^1", 1)),
			"18 the resolution \"evil@npm:1.0.0\" stands twice, first on line 11"},
		{"a resolution twice with two checksums", berryFile(plain, strings.Replace(strings.Replace(plain, "^1.0.0", "^1", 1), "0123", "3210", 1)),
			"! 18 the resolution \"evil@npm:1.0.0\" stands twice, first on line 11"},
		{"two resolutions", berryFile(strings.Replace(plain, "  checksum", "  resolution: \"good@npm:1.0.0\"\n  checksum", 1)),
			"! 14 resolution stands twice: \"evil@npm:1.0.0\", then \"good@npm:1.0.0\""},
		{"two checksums", berryFile(strings.Replace(plain, "  checksum", "  checksum: 10c0/"+berrySum+"\n  checksum", 1)),
			"! 15 checksum stands twice"},
		{"a look-alike field", berryFile(strings.Replace(plain, "  resolution", "  r\u0435solution", 1)),
			"! 11 the resolution \"\" names no package; 13 the entry holds \"r\u0435solution\", which yarn never writes"},
		{"another case", berryFile(strings.Replace(plain, "  resolution", "  Resolution", 1)),
			"! 11 the resolution \"\" names no package; 13 the entry holds \"Resolution\", which yarn never writes"},
		{"an entry that is a text", berryFile("\n\"evil@npm:^1.0.0\": evil@npm:1.0.0\n"),
			"11 evil@; ! 11 the entry is \"evil@npm:1.0.0\", not a mapping"},
		{"an entry that is a list", berryFile("\n\"evil@npm:^1.0.0\": [a]\n"), "11 evil@; ! 11 the entry is a sequence, not a mapping"},
		{"an entry that is nothing", berryFile("\n\"evil@npm:^1.0.0\":\n"), "11 evil@; ! 11 the entry is \"\", not a mapping"},
		{"a resolution that is a mapping", berryFile(strings.Replace(plain, `"evil@npm:1.0.0"`, "{a: b}", 1)),
			"! 13 resolution is a mapping, not a text"},
		{"an empty checksum", berryFile(strings.Replace(plain, "10c0/"+berrySum, "", 1)), "14 checksum is empty"},
		{"a short checksum", berryFile(strings.Replace(plain, "10c0/"+berrySum, "10c0/0", 1)), "! 11 the checksum \"10c0/0\" is none that yarn makes"},
		{"a key without a range", berryFile(berryPackage("evil", "evil@npm:1.0.0", "")), "! 11 the key \"evil\" names no package with its range"},
		{"a key that begins with a comma, and nothing else", berryFile("\n\",evil@npm:1\": # x\n"),
			"= 11 ,evil@npm:1@; ! 11 the entry is \"\", not a mapping; ! 11 the resolution \"\" names no package; ! 11 the key \"\" names no package with its range"},
		{"an empty key", berryFile(berryPackage("", "evil@npm:1.0.0", "")), "! 11 the key \"\" names no package with its range"},
		{"a name beyond its folder", berryFile(berryPackage("@../evil@npm:1.0.0", "@../evil@npm:1.0.0", "")), "has a name that no package has"},
		{"a name with a space", berryFile(berryPackage("ev il@npm:1.0.0", "ev il@npm:1.0.0", "")), "has a name that no package has"},
		{"a version that is none", berryFile(berryPackage("evil@npm:^1.0.0", "evil@npm:1.0.0#6.6.6", "")), "\"evil@npm:1.0.0#6.6.6\" has a version that is none"},
		{"a query", berryFile(berryPackage("evil@npm:^1.0.0", "evil@npm:1.0.0?__archiveUrl=x", "")), "has a version that is none"},
		{"an escaped version", berryFile(berryPackage("evil@npm:^1.0.0", "evil@npm:1%2e0.0", "")), "has a version that is none"},
		{"build metadata", berryFile(berryPackage("evil@npm:^1.0.0", "evil@npm:1.0.0+build.5", "")), "= 11 evil@1.0.0"},
		{"an address twice", berryFile(berryPackage("evil@npm:^1.0.0", "evil@npm:1.0.0::__archiveUrl=x&__archiveUrl=y", "")),
			"! 11 the resolution \"evil@npm:1.0.0::__archiveUrl=x&__archiveUrl=y\" has parameters that yarn never writes"},
		{"an unknown parameter", berryFile(strings.Replace(plain, "npm:1.0.0", "npm:1.0.0::x=y", 1)), "has parameters that yarn never writes"},
		{"optional dependencies", berryFile(strings.Replace(plain, "  checksum", "  optionalDependencies:\n    a: ^1\n  checksum", 1)),
			"14 the entry holds optionalDependencies, which yarn reads and never writes"},
		{"dependencies twice", berryFile(strings.Replace(plain, "  checksum", "  dependencies:\n    a: ^1\n  dependencies:\n    b: ^1\n  checksum", 1)),
			"16 dependencies stands twice"},
		{"a dependency twice", berryFile(strings.Replace(plain, "  checksum", "  dependencies:\n    a: ^1\n    a: ^2\n  checksum", 1)),
			"dependencies holds \"a\" twice: \"^1\", then \"^2\""},
		{"dependencies that are a list", berryFile(strings.Replace(plain, "  checksum", "  dependencies: [a]\n  checksum", 1)),
			"14 dependencies is a sequence, not a mapping"},
		{"a dependency that is a list", berryFile(strings.Replace(plain, "  checksum", "  dependencies:\n    a: [b]\n  checksum", 1)),
			"! 15 dependencies is a sequence, not a text"},
		{"flags that are none", berryFile(strings.Replace(plain, "  checksum", "  dependenciesMeta:\n    a: x\n  checksum", 1)),
			"15 dependenciesMeta of \"a\" is \"x\", not a mapping"},
		{"another language", berryFile(strings.Replace(plain, "node", "python", 1)), "languageName is \"python\", and yarn writes \"node\""},
		{"a hard workspace", strings.Replace(berryFile(), "soft", "hard", 1), "linkType is \"hard\", and yarn writes \"soft\""},

		{"no version", strings.Replace(berryFile(plain), "  version: 8\n", "", 1), "1 the version of __metadata is \"\", which yarn never writes"},
		{"an odd version", strings.Replace(berryFile(plain), "version: 8", "version: 0x8", 1), "1 the version of __metadata is \"0x8\", which yarn never writes"},
		{"an old version", strings.Replace(berryFile(plain), "version: 8", "version: 3", 1), "1 version 3 of __metadata is older than the versions that are known"},
		{"two versions", strings.Replace(berryFile(plain), "version: 8", "version: 8\n  version: 9", 1), "! 3 version stands twice: \"8\", then \"9\""},
		{"metadata twice", berryFile(plain) + berryHead, "17 __metadata stands twice"},
		{"metadata that are a text", "__metadata: 8\n" + berryRoot, "! 1 __metadata is \"8\", not a mapping"},
		{"more metadata", strings.Replace(berryFile(plain), "version: 8", "version: 8\n  x: y", 1), "3 __metadata holds \"x\", which yarn never writes"},
		{"no root", berryHead + plain, "0 there is no entry for the lockfile's own folder"},
		{"two roots", berryFile(strings.ReplaceAll(berryRoot, "app@", "lib@")), "5 the folder \".\" has two entries"},
		{"an odd folder", berryFile(strings.ReplaceAll(berryRoot, ":.", ":packages/../evil")), "names a folder in an odd way"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := berrySummary(readYarnBerry(Input{Path: "app/yarn.lock", Data: []byte(c.file)}))
			if want, exact := strings.CutPrefix(c.want, "= "); exact && got != want ||
				!exact && !slices.ContainsFunc(strings.Split(c.want, "|"), func(want string) bool { return strings.Contains(got, want) }) {
				t.Errorf("got:  %s\nwant: %s", got, c.want)
			}
		})
	}
}
