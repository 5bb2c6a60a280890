package lockfile

import "strings"

// pnpmTextAttacks are ways to write the text of a file so that readers could
// see other packages in it.
var pnpmTextAttacks = []pnpmAttack{
	{"a plain file", pnpmFile(pnpmEntry), []string{
		"7 a@1.0.0 registry  sha512-YQ==",
	}},
	{"flow style", "{lockfileVersion: '9.0', packages: {a@1.0.0: {resolution: {integrity: sha512-YQ==}}, 'evil@6.6.6': {resolution: {integrity: sha512-ZQ==}}}, snapshots: {a@1.0.0: {}, evil@6.6.6: {}}}", []string{
		"1 a@1.0.0 registry  sha512-YQ==",
		"1 evil@6.6.6 registry  sha512-ZQ==",
	}},
	{"an escaped key", pnpmFile("  \"\\x65vil@6.6.6\":\n    resolution: {integrity: sha512-ZQ==}\n" + pnpmEntry), []string{
		"7 evil@6.6.6 registry  sha512-ZQ==",
		"9 a@1.0.0 registry  sha512-YQ==",
	}},
	{"an explicit key", pnpmFile("  ? evil@6.6.6\n  : resolution: {integrity: sha512-ZQ==}\n" + pnpmEntry), []string{
		"7 evil@6.6.6 registry  sha512-ZQ==",
		"9 a@1.0.0 registry  sha512-YQ==",
	}},
	{"a key in a block scalar", pnpmFile("  ? >-\n    evil@6.6.6\n  : resolution: {integrity: sha512-ZQ==}\n" + pnpmEntry), []string{
		"pnpm-lock.yaml:7: reading: a name is a block scalar, which no package manager writes",
	}},
	{"odd indentation", pnpmFile("       evil@6.6.6:\n         resolution:\n                    {integrity:\n           sha512-ZQ==}\n       a@1.0.0: {resolution: {integrity: sha512-YQ==}}\n"), []string{
		"7 evil@6.6.6 registry  sha512-ZQ==",
		"11 a@1.0.0 registry  sha512-YQ==",
	}},
	{"comments", pnpmFile("  # evil@1.0.0:\n  evil@6.6.6: # a@1.0.0:\n    resolution: # {integrity: sha512-YQ==}\n      {integrity: sha512-ZQ==} #}\n" + pnpmEntry), []string{
		"8 evil@6.6.6 registry  sha512-ZQ==",
		"11 a@1.0.0 registry  sha512-YQ==",
	}},
	{"a text that looks like an entry", pnpmFile("  a@1.0.0:\n    resolution: {integrity: sha512-YQ==}\n    deprecated: |\n      evil@6.6.6:\n        resolution: {integrity: sha512-ZQ==}\n"), []string{
		"7 a@1.0.0 registry  sha512-YQ==",
	}},
	{"a byte order mark", "\ufeff" + pnpmFile(pnpmEntry), []string{
		"7 a@1.0.0 registry  sha512-YQ==",
	}},
	{"a byte order mark inside", "---\nlockfileVersion: '9.0'\n---\n\ufeff" + pnpmFile(pnpmEntry), []string{
		"pnpm-lock.yaml:4: reading: a byte order mark inside the text, which readers take for different things",
	}},
	{"CRLF", strings.ReplaceAll(pnpmFile(pnpmEntry), "\n", "\r\n"), []string{
		"7 a@1.0.0 registry  sha512-YQ==",
	}},
	{"lone CR", strings.ReplaceAll(pnpmFile(pnpmEntry), "\n", "\r"), []string{
		"pnpm-lock.yaml:1: reading: a carriage return without a line feed, which not every reader takes for a line break",
	}},
	{"NUL", pnpmFile(pnpmEntry + "  evil@6.6.6\x00: {}\n"), []string{
		"pnpm-lock.yaml:9: reading: the character U+0000, which not every reader takes for text",
	}},
	{"a line separator", pnpmFile(pnpmEntry + "  #\u2028  evil@6.6.6: {resolution: {integrity: sha512-ZQ==}}\n"), []string{
		"pnpm-lock.yaml:9: reading: the character U+2028, which some readers take for a line break",
	}},
	{"a next line", pnpmFile("  evil@6.6.6: {resolution: {integrity: sha512-ZQ==}} #\u0085\n" + pnpmEntry), []string{
		"pnpm-lock.yaml:7: reading: the character U+0085, which some readers take for a line break",
	}},
	{"a look-alike name", pnpmFile("  \u0430@1.0.0:\n    resolution: {integrity: sha512-ZQ==}\n" + pnpmEntry), []string{
		"7 \u0430@1.0.0 registry  sha512-ZQ==",
		"9 a@1.0.0 registry  sha512-YQ==",
		"DOUBT 7: the key \"\u0430@1.0.0\" holds what no package name has",
	}},
	{"a name with an invisible character", pnpmFile("  \"a\\u200b@1.0.0\":\n    resolution: {integrity: sha512-ZQ==}\n" + pnpmEntry), []string{
		"7 a\u200b@1.0.0 registry  sha512-ZQ==",
		"9 a@1.0.0 registry  sha512-YQ==",
		"DOUBT 7: the key \"a\\u200b@1.0.0\" holds what no package name has",
	}},
	{"a name that climbs", pnpmFile("  ../a@1.0.0:\n    resolution: {integrity: sha512-ZQ==}\n" + pnpmEntry), []string{
		"7 a@1.0.0 registry  sha512-ZQ==",
		"9 a@1.0.0 registry  sha512-YQ==",
		`DOUBT 7: the key "../a@1.0.0" has not the form of lockfileVersion 9.0`,
	}},
	{"an anchor", pnpmFile("  a@1.0.0: &x\n    resolution: {integrity: sha512-YQ==}\n  evil@6.6.6: *x\n"), []string{
		"pnpm-lock.yaml:7: reading: it has an anchor or alias, which no package manager writes",
	}},
	{"a merge key", pnpmFile("  a@1.0.0:\n    <<: {resolution: {integrity: sha512-ZQ==}}\n    resolution: {integrity: sha512-YQ==}\n"), []string{
		"pnpm-lock.yaml:8: reading: it has a merge key, which no package manager writes",
	}},
	{"a tag", pnpmFile("  a@1.0.0: !!map {resolution: {integrity: sha512-YQ==}}\n"), []string{
		"pnpm-lock.yaml:7: reading: it has a tag, which no package manager writes",
	}},
	{"two versions", "lockfileVersion: 5.4\n" + pnpmFile(pnpmEntry), []string{
		"8 a@1.0.0 registry  sha512-YQ==",
		"DOUBT 2: lockfileVersion stands twice, first on line 1, and pnpm refuses such a file",
	}},
	{"a version without quotes", strings.ReplaceAll(pnpmFile(pnpmEntry), "'9.0'", "9.0"), []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		"doubt 1: lockfileVersion 9.0 has no quotes, with which pnpm writes it",
	}},
	{"a version that was never written", strings.ReplaceAll(pnpmFile(pnpmEntry), "'9.0'", "'8.0'"), []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		"doubt 1: lockfileVersion is 8.0, which pnpm never writes",
	}},
	{"a version with a suffix", strings.ReplaceAll(pnpmFile(pnpmEntry), "'9.0'", "'9.0-beta'"), []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		`DOUBT 1: lockfileVersion is "9.0-beta", which pnpm never writes`,
	}},
	{"a version that is none", strings.ReplaceAll(pnpmFile(pnpmEntry), "'9.0'", "nine"), []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		`DOUBT 1: lockfileVersion is "nine", which pnpm never writes`,
	}},
	{"a version that is a mapping", strings.ReplaceAll(pnpmFile(pnpmEntry), "'9.0'", "{}"), []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		`DOUBT 1: lockfileVersion is "a mapping", which pnpm never writes`,
	}},
	{"a third document", "---\n" + pnpmFile(pnpmEntry) + "---\n" + pnpmFile(pnpmEntry) + "---\n" + pnpmFile(pnpmEntry), []string{
		"8 a@1.0.0 registry  sha512-YQ==",
		"19 a@1.0.0 registry  sha512-YQ==",
		"30 a@1.0.0 registry  sha512-YQ==",
		"DOUBT 24: there are 3 documents, and pnpm writes two at most",
	}},
	{"two documents for YAML only", pnpmFile(pnpmEntry) + "---\n" + pnpmFile(pnpmEntry), []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		"18 a@1.0.0 registry  sha512-YQ==",
		"DOUBT 12: YAML has two documents here, and pnpm sees one",
	}},
	{"two documents, CRLF", strings.ReplaceAll("---\n"+pnpmFile(pnpmEntry)+"---\n"+pnpmFile(pnpmEntry), "\n", "\r\n"), []string{
		"8 a@1.0.0 registry  sha512-YQ==",
		"19 a@1.0.0 registry  sha512-YQ==",
		"doubt 13: pnpm sees that there is a second document since version 11 only",
	}},
	{"a document with a space after its marker", "---\n" + pnpmFile(pnpmEntry) + "--- \n" + pnpmFile(pnpmEntry), []string{
		"pnpm-lock.yaml:12: reading: it begins with --- and goes on, which only some readers take for the start of a document",
	}},
	{"one document that begins as two do", "---\n" + pnpmFile(pnpmEntry), []string{
		"8 a@1.0.0 registry  sha512-YQ==",
		"DOUBT 2: the file begins as one of two documents does, and pnpm since version 11 takes it for the environment's",
	}},
	{"an environment alone", "---\n" + pnpmFile(pnpmEntry) + "\n---\n", []string{
		"8 a@1.0.0 registry  sha512-YQ==",
	}},
	{"an empty environment", "---\n\n---\n" + pnpmFile(pnpmEntry), []string{
		"10 a@1.0.0 registry  sha512-YQ==",
		"DOUBT 3: a document is empty",
	}},
	{"a scalar for a document", "---\nx\n---\n" + pnpmFile(pnpmEntry), []string{
		"10 a@1.0.0 registry  sha512-YQ==",
		`DOUBT 2: a document is "x", not a mapping`,
	}},
	{"a scalar for the last document", "---\n" + pnpmFile(pnpmEntry) + "\n---\nx\n", []string{
		"8 a@1.0.0 registry  sha512-YQ==",
		`DOUBT 14: a document is "x", not a mapping`,
	}},
	{"a scalar alone", "x\n", []string{
		"pnpm-lock.yaml:1: reading: the file is no mapping",
	}},
	{"nothing", "", []string{
		"pnpm-lock.yaml: reading: the file is empty",
	}},
	{"a comment alone", "# x\n", []string{
		"pnpm-lock.yaml: reading: the file is empty",
	}},
	{"an empty document", "---\n", []string{
		"pnpm-lock.yaml: reading: the file is empty",
	}},
	{"a conflict", "<<<<<<< HEAD\n" + pnpmFile(pnpmEntry) + "=======\n" + pnpmFile(pnpmEntry) + ">>>>>>> theirs\n", []string{
		"pnpm-lock.yaml:1: reading: the file holds merge conflict markers",
	}},
	{"a conflict inside a flow mapping", "{lockfileVersion: '9.0',\n<<<<<<< x: {},\n}\n", []string{
		"pnpm-lock.yaml:2: reading: the file holds merge conflict markers",
	}},
	{"a half resolved conflict", pnpmFile(pnpmEntry + "=======\n" + pnpmEntry), []string{
		"pnpm-lock.yaml:9: reading: the file holds merge conflict markers",
	}},
	{"another half", pnpmFile(pnpmEntry + ">>>>>>> theirs\n"), []string{
		"pnpm-lock.yaml:9: reading: the file holds merge conflict markers",
	}},
	{"markers in a text", pnpmFile("  a@1.0.0:\n    resolution: {integrity: sha512-YQ==}\n    deprecated: |\n      <<<<<<<\n      =======\n      >>>>>>>\n"), []string{
		"7 a@1.0.0 registry  sha512-YQ==",
	}},
	{"edges that are a sequence", pnpmHead + "packages:\n" + pnpmEntry + "snapshots:\n  a@1.0.0: {dependencies: [evil@6.6.6], optionalDependencies: evil}\n", []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		`doubt 10: "dependencies" is a sequence, not a mapping`,
		`doubt 10: "optionalDependencies" is "evil", not a mapping`,
	}},
	{"an importer that is text", strings.Replace(pnpmFile(pnpmEntry), "packages:", "  b: evil\npackages:", 1), []string{
		"8 a@1.0.0 registry  sha512-YQ==",
		`DOUBT 6: "b" is "evil", not a mapping`,
	}},
	{"a direct dependency with more members", strings.Replace(pnpmFile(pnpmEntry), "version: 1.0.0}", "version: 1.0.0, Version: 6.6.6, from: x}", 1), []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		`DOUBT 5: a reader that folds case takes "Version" for version`,
	}},
	{"a list of an importer in another case", strings.Replace(pnpmFile(pnpmEntry), "packages:", "    Dependencies: {a: {version: 6.6.6}}\n    publishDirectory: x\npackages:", 1), []string{
		"9 a@1.0.0 registry  sha512-YQ==",
		`DOUBT 6: a reader that folds case takes "Dependencies" for dependencies`,
	}},
	{"an address with a control character", "lockfileVersion: '9.0'\npackages:\n  \"a@https://archive.example/\\ta.tgz\": {resolution: {tarball: \"https://archive.example/\\ta.tgz\"}}\n", []string{
		"3 a@ url https://archive.example/	a.tgz",
		`DOUBT 3: the key "a@https://archive.example/\ta.tgz" has a control character`,
		`DOUBT 3: tarball "https://archive.example/\ta.tgz" is an address that readers take apart in different ways`,
	}},
}
