package lockfile

import "strings"

// pnpmEntryAttacks are ways to write the members of a file so that readers
// could see other packages in them.
var pnpmEntryAttacks = []pnpmAttack{
	{"packages twice", pnpmFile(pnpmEntry) + "packages:\n  a@1.0.0: {resolution: {integrity: sha512-ZQ==}}\n", []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		"12 a@1.0.0 registry  sha512-ZQ==",
		"DOUBT 11: packages stands twice, first on line 6, and pnpm refuses such a file",
		`DOUBT 12: the key "a@1.0.0" stands twice, first on line 7, and pnpm refuses such a file`,
	}},
	{"packages in another case", pnpmFile(pnpmEntry) + "Packages:\n  evil@6.6.6: {resolution: {integrity: sha512-ZQ==}}\n", []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		`DOUBT 11: a reader that folds case takes "Packages" for packages`,
	}},
	{"packages as a sequence", pnpmFile(pnpmEntry)[:len(pnpmHead)] + "packages:\n- a@1.0.0: {resolution: {integrity: sha512-ZQ==}}\n", []string{
		`DOUBT 5: nothing in packages answers to "a": "1.0.0"`,
		`DOUBT 7: "packages" is a sequence, not a mapping`,
	}},
	{"packages as text", pnpmHead + "packages: a@1.0.0\n", []string{
		`DOUBT 5: nothing in packages answers to "a": "1.0.0"`,
		`DOUBT 6: "packages" is "a@1.0.0", not a mapping`,
	}},
	{"packages as null", pnpmHead + "packages:\nsnapshots: ~\n", []string{
		`DOUBT 5: nothing in packages answers to "a": "1.0.0"`,
	}},
	{"importers as text", "lockfileVersion: '9.0'\nimporters: none\npackages:\n" + pnpmEntry, []string{
		"4 a@1.0.0 registry  sha512-YQ==",
		`DOUBT 2: "importers" is "none", not a mapping`,
	}},
	{"an entry twice", pnpmFile(pnpmEntry + "  a@1.0.0:\n    resolution: {integrity: sha512-ZQ==}\n"), []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		"9 a@1.0.0 registry  sha512-ZQ==",
		`DOUBT 9: the key "a@1.0.0" stands twice, first on line 7, and pnpm refuses such a file`,
	}},
	{"an entry twice, and the same", pnpmFile(pnpmEntry + pnpmEntry), []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		"9 a@1.0.0 registry  sha512-YQ==",
		`doubt 9: the key "a@1.0.0" stands twice, first on line 7, and pnpm refuses such a file`,
	}},
	{"a resolution twice", pnpmFile(pnpmEntry + "    resolution: {tarball: https://evil.invalid/a.tgz}\n"), []string{
		"7 a@1.0.0 url https://evil.invalid/a.tgz",
		"7 a@1.0.0 url https://evil.invalid/a.tgz sha512-YQ==",
		"DOUBT 9: resolution stands twice, and pnpm refuses such a file",
	}},
	{"a hash twice", pnpmFile("  a@1.0.0:\n    resolution: {integrity: sha512-YQ==, integrity: sha512-ZQ==}\n"), []string{
		"7 a@1.0.0 registry  sha512-ZQ==",
		"7 a@1.0.0 registry  sha512-YQ==",
		`DOUBT 8: integrity stands twice, and pnpm refuses such a file: "sha512-YQ==", then "sha512-ZQ=="`,
	}},
	{"a tarball twice", pnpmFile("  a@1.0.0:\n    resolution: {integrity: sha512-YQ==, tarball: https://npm.example.com/a/-/a-1.0.0.tgz, tarball: https://evil.invalid/a.tgz}\n"), []string{
		"7 a@1.0.0 url https://evil.invalid/a.tgz sha512-YQ==",
		"7 a@1.0.0 registry https://npm.example.com/a/-/a-1.0.0.tgz sha512-YQ==",
		`DOUBT 8: tarball stands twice, and pnpm refuses such a file: "https://npm.example.com/a/-/a-1.0.0.tgz", then "https://evil.invalid/a.tgz"`,
	}},
	{"a member in another case", pnpmFile("  a@1.0.0:\n    Resolution: {integrity: sha512-ZQ==}\n    resolution: {integrity: sha512-YQ==, Tarball: https://evil.invalid/a.tgz}\n"), []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		`DOUBT 8: a reader that folds case takes "Resolution" for resolution`,
		`DOUBT 9: a reader that folds case takes "Tarball" for tarball`,
	}},
	{"a snapshot twice", pnpmFile(pnpmEntry) + "  a@1.0.0: {dependencies: {a: 1.0.0}}\n", []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		`doubt 11: the snapshot "a@1.0.0" stands twice, first on line 10, and pnpm refuses such a file`,
	}},
	{"an importer twice", strings.Replace(pnpmFile(pnpmEntry), "packages:", "  .:\n    dependencies:\n      evil: {specifier: '*', version: 6.6.6}\npackages:", 1), []string{
		"10 a@1.0.0 registry  sha512-YQ==",
		`DOUBT 6: the importer "." stands twice, first on line 3, and pnpm refuses such a file`,
		`DOUBT 8: nothing in packages answers to "evil": "6.6.6"`,
	}},
	{"importers twice", pnpmFile(pnpmEntry) + "importers: {}\n", []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		"DOUBT 11: importers stands twice, first on line 2, and pnpm refuses such a file",
	}},
	{"a list of an importer twice", strings.Replace(pnpmFile(pnpmEntry), "packages:", "    dependencies: {}\npackages:", 1), []string{
		"8 a@1.0.0 registry  sha512-YQ==",
		`DOUBT 6: dependencies stands twice in the importer ".", and pnpm refuses such a file`,
	}},
	{"a dependency twice", strings.Replace(pnpmFile(pnpmEntry), "packages:", "      a: {specifier: ^1.0.0, version: link:a, version: 1.0.0, specifier: x}\npackages:", 1), []string{
		"8 a@1.0.0 registry  sha512-YQ==",
		`DOUBT 6: version stands twice, and pnpm refuses such a file: "link:a", then "1.0.0"`,
		"doubt 6: specifier stands twice, and pnpm refuses such a file",
		`doubt 6: dependencies holds "a" twice, and pnpm refuses such a file: "1.0.0", then "1.0.0"`,
	}},
	{"an edge twice", pnpmFile(pnpmEntry) + "  b@1.0.0:\n    dependencies: {b: 1.0.0, a: 1.0.0, a: link:a}\n    dependencies: {}\n", []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		"11 b@1.0.0 registry",
		`DOUBT 11: the snapshot "b@1.0.0" has no entry in packages`,
		`DOUBT 12: dependencies holds "a" twice, and pnpm refuses such a file: "1.0.0", then "link:a"`,
		"doubt 13: dependencies stands twice, and pnpm refuses such a file",
	}},
	{"a snapshot without a package", pnpmFile(pnpmEntry) + "  evil@6.6.6(a@1.0.0): {dependencies: {a: 1.0.0}}\n  evil@6.6.6(b@1.0.0): {}\n", []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		"11 evil@6.6.6 registry",
		`DOUBT 11: the snapshot "evil@6.6.6(a@1.0.0)" has no entry in packages`,
	}},
	{"a snapshot with a resolution", pnpmFile(pnpmEntry) + "  evil@6.6.6:\n    resolution: {integrity: sha512-ZQ==, tarball: https://evil.invalid/e.tgz}\n  a@1.0.0():\n    resolution: {integrity: sha512-ZQ==}\n", []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		"11 evil@6.6.6 url https://evil.invalid/e.tgz sha512-ZQ==",
		"13 a@1.0.0 registry  sha512-ZQ==",
		`DOUBT 11: the snapshot "evil@6.6.6" has no entry in packages`,
		`DOUBT 13: the snapshot "a@1.0.0()" says of the package what stands in packages only`,
	}},
	{"a snapshot without a package, of an address", pnpmFile(pnpmEntry) + "  evil@https://evil.invalid/e.tgz: {}\n", []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		"11 evil@ url https://evil.invalid/e.tgz",
		`DOUBT 11: the snapshot "evil@https://evil.invalid/e.tgz" has no entry in packages`,
	}},
	{"a direct dependency that nothing answers", strings.Replace(pnpmFile(pnpmEntry), "version: 1.0.0", "version: 1.0.1", 1), []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		`DOUBT 5: nothing in packages answers to "a": "1.0.1"`,
	}},
	{"an edge that nothing answers", pnpmHead + "packages:\n" + pnpmEntry + "snapshots:\n  a@1.0.0:\n" + "    dependencies: {b: 1.0.0}\n", []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		`doubt 10: nothing in packages answers to "b": "1.0.0"`,
	}},
	{"no resolution", pnpmFile("  a@1.0.0:\n    hasBin: true\n"), []string{
		"7 a@1.0.0 registry",
		"doubt 7: the entry has neither a hash nor an address",
	}},
	{"a null entry", pnpmFile("  a@1.0.0:\n"), []string{
		"7 a@1.0.0 registry",
		"doubt 7: the entry has neither a hash nor an address",
	}},
	{"an entry that is text", pnpmFile("  a@1.0.0: evil\n"), []string{
		"7 a@1.0.0 registry",
		`DOUBT 7: "a@1.0.0" is "evil", not a mapping`,
		"doubt 7: the entry has neither a hash nor an address",
	}},
	{"an empty resolution", pnpmFile("  a@1.0.0: {resolution: {}}\n"), []string{
		"7 a@1.0.0 registry",
		"doubt 7: the entry has neither a hash nor an address",
	}},
	{"a resolution that is text", pnpmFile("  a@1.0.0: {resolution: sha512-YQ==}\n"), []string{
		"7 a@1.0.0 registry",
		`DOUBT 7: "resolution" is "sha512-YQ==", not a mapping`,
		"doubt 7: the entry has neither a hash nor an address",
	}},
	{"a tarball without a hash", pnpmFile("  a@1.0.0: {resolution: {tarball: https://npm.example.com/a/-/a-1.0.0.tgz}}\n"), []string{
		"7 a@1.0.0 registry https://npm.example.com/a/-/a-1.0.0.tgz",
	}},
	{"a tarball of another package", pnpmFile("  a@1.0.0: {resolution: {integrity: sha512-ZQ==, tarball: https://npm.example.com/evil/-/evil-1.0.0.tgz}}\n"), []string{
		"7 a@1.0.0 registry https://npm.example.com/evil/-/evil-1.0.0.tgz sha512-ZQ==",
		`DOUBT 7: the key "a@1.0.0" names "a", and the archive is another package's: "https://npm.example.com/evil/-/evil-1.0.0.tgz"`,
	}},
	{"a relative tarball of another version", pnpmFile("  a@1.0.0: {resolution: {integrity: sha512-ZQ==, tarball: a/-/a-6.6.6.tgz}}\n"), []string{
		"7 a@1.0.0 registry a/-/a-6.6.6.tgz sha512-ZQ==",
		`DOUBT 7: the key "a@1.0.0" names version "1.0.0", and the archive is another one's: "a/-/a-6.6.6.tgz"`,
	}},
	{"a tarball that leaves the registry", pnpmFile("  a@1.0.0: {resolution: {integrity: sha512-ZQ==, tarball: //evil.invalid/a/-/a-1.0.0.tgz}}\n"), []string{
		"7 a@1.0.0 url //evil.invalid/a/-/a-1.0.0.tgz sha512-ZQ==",
		`DOUBT 7: tarball "//evil.invalid/a/-/a-1.0.0.tgz" is an address that readers take apart in different ways`,
	}},
	{"a relative tarball of another package", "lockfileVersion: 5.3\npackages:\n  /a/1.0.0: {resolution: {integrity: sha512-ZQ==, tarball: /download/@s/evil/1.0.0/0}}\n  /b/1.0.0: {resolution: {integrity: sha512-ZQ==, tarball: /@s%2fb/-/b-1.0.0.tgz}}\n  /@s/c/1.0.0: {resolution: {integrity: sha512-ZQ==, tarball: /%40s%2Fc/-/c-1.0.0.tgz}}\n", []string{
		"3 a@1.0.0 registry /download/@s/evil/1.0.0/0 sha512-ZQ==",
		"4 b@1.0.0 registry /@s%2fb/-/b-1.0.0.tgz sha512-ZQ==",
		"5 @s/c@1.0.0 registry /%40s%2Fc/-/c-1.0.0.tgz sha512-ZQ==",
		`DOUBT 3: the key "/a/1.0.0" names "a", and the archive is another package's: "/download/@s/evil/1.0.0/0"`,
		`DOUBT 4: the key "/b/1.0.0" names "b", and the archive is another package's: "/@s%2fb/-/b-1.0.0.tgz"`,
	}},
	{"a tarball that climbs", pnpmFile("  a@1.0.0: {resolution: {integrity: sha512-ZQ==, tarball: ../a/-/a-1.0.0.tgz}}\n  a@1.0.1: {resolution: {integrity: sha512-ZQ==, tarball: a/-/../../a-1.0.1.tgz}}\n  a@1.0.2: {resolution: {integrity: sha512-ZQ==, tarball: '\\\\evil.invalid/a/-/a-1.0.2.tgz'}}\n"), []string{
		"7 a@1.0.0 url ../a/-/a-1.0.0.tgz sha512-ZQ==",
		"8 a@1.0.1 url a/-/../../a-1.0.1.tgz sha512-ZQ==",
		`9 a@1.0.2 url \\evil.invalid/a/-/a-1.0.2.tgz sha512-ZQ==`,
		`DOUBT 7: tarball "../a/-/a-1.0.0.tgz" is an address that readers take apart in different ways`,
		`DOUBT 8: tarball "a/-/../../a-1.0.1.tgz" is an address that readers take apart in different ways`,
		`DOUBT 9: tarball "\\\\evil.invalid/a/-/a-1.0.2.tgz" is an address that readers take apart in different ways`,
	}},
	{"a tarball of an odd scheme", pnpmFile("  a@1.0.0: {resolution: {integrity: sha512-ZQ==, tarball: ftp://evil.invalid/a.tgz}}\n"), []string{
		"7 a@1.0.0 url ftp://evil.invalid/a.tgz sha512-ZQ==",
		`DOUBT 7: tarball "ftp://evil.invalid/a.tgz" is an address that readers take apart in different ways`,
	}},
	{"a tarball with a backslash", pnpmFile("  a@1.0.0: {resolution: {integrity: sha512-ZQ==, tarball: 'https://npm.example.com\\@evil.invalid/a.tgz'}}\n"), []string{
		`7 a@1.0.0 url https://npm.example.com\@evil.invalid/a.tgz sha512-ZQ==`,
		`DOUBT 7: tarball "https://npm.example.com\\@evil.invalid/a.tgz" is an address that readers take apart in different ways`,
	}},
	{"a version of a registry from git", pnpmFile("  a@1.0.0: {resolution: {type: git, repo: https://evil.invalid/r.git, commit: '0123'}}\n"), []string{
		"7 a@1.0.0 git https://evil.invalid/r.git#0123",
		`DOUBT 7: the key "a@1.0.0" names a version of a registry, and the resolution "https://evil.invalid/r.git#0123" is none`,
	}},
	{"a version of a registry from a forge", pnpmFile("  a@1.0.0: {resolution: {tarball: https://codeload.github.com/evil/a/tar.gz/0123}}\n"), []string{
		"7 a@1.0.0 git https://codeload.github.com/evil/a/tar.gz/0123",
		`DOUBT 7: the key "a@1.0.0" names a version of a registry, and the resolution "https://codeload.github.com/evil/a/tar.gz/0123" is none`,
	}},
	{"a version of a registry from a folder", pnpmFile("  a@1.0.0: {resolution: {type: directory, directory: ../evil}}\n"), []string{
		"7 a@1.0.0 file ../evil",
		`DOUBT 7: the key "a@1.0.0" names a version of a registry, and the resolution "../evil" is none`,
	}},
	{"a version of a registry as a binary", pnpmFile("  a@1.0.0: {resolution: {type: binary, url: https://evil.invalid/a, integrity: sha512-ZQ==}}\n"), []string{
		"7 a@1.0.0 url https://evil.invalid/a sha512-ZQ==",
		`DOUBT 7: the key "a@1.0.0" names a version of a registry, and the resolution "https://evil.invalid/a" is none`,
	}},
	{"another repository than the key's", "lockfileVersion: '9.0'\npackages:\n  a@git+https://git.example/o/a.git#0123: {resolution: {type: git, repo: https://evil.invalid/o/b.git, commit: '0123'}}\n  b@https://codeload.github.com/o/b/tar.gz/0123: {resolution: {tarball: https://evil.invalid/b.tgz}}\n  c@file:c: {resolution: {type: directory, directory: d}}\n  d@https://archive.example/d.tgz: {resolution: {integrity: sha512-ZQ==}}\n  e@file:e.tgz: {resolution: {tarball: https://evil.invalid/b.tgz}}\n", []string{
		"3 a@ git https://evil.invalid/o/b.git#0123",
		"4 b@ url https://evil.invalid/b.tgz",
		"5 c@ file d",
		"6 d@ registry  sha512-ZQ==",
		"7 e@ url https://evil.invalid/b.tgz",
		`DOUBT 3: the key "a@git+https://git.example/o/a.git#0123" names another repository or commit than the resolution: "https://evil.invalid/o/b.git#0123"`,
		`DOUBT 4: the key "b@https://codeload.github.com/o/b/tar.gz/0123" names another source than the resolution: "https://evil.invalid/b.tgz"`,
		`DOUBT 5: the key "c@file:c" names another path than the resolution: "d"`,
		`DOUBT 6: the key "d@https://archive.example/d.tgz" holds an address, and the resolution has none: pnpm asks the registry`,
		`DOUBT 7: the key "e@file:e.tgz" names another source than the resolution: "https://evil.invalid/b.tgz"`,
	}},
	{"another repository than the key's, of version 6", "lockfileVersion: '6.0'\npackages:\n  github.com/o/a/0123456789abcdef0123456789abcdef01234567: {name: a, version: 1.0.0, resolution: {tarball: https://evil.invalid/a.tgz}}\n  github.com/o/b/0123456789abcdef0123456789abcdef01234567: {name: b, version: 1.0.0, resolution: {tarball: https://codeload.github.com/evil/b/tar.gz/0123456789abcdef0123456789abcdef01234567}}\n  '@codeload.github.com/o/c/tar.gz/0123456789abcdef0123456789abcdef01234567': {name: c, resolution: {tarball: https://evil.invalid/a.tgz}}\n", []string{
		"3 a@1.0.0 url https://evil.invalid/a.tgz",
		"4 b@1.0.0 git https://codeload.github.com/evil/b/tar.gz/0123456789abcdef0123456789abcdef01234567",
		"5 c@ url https://evil.invalid/a.tgz",
		`DOUBT 3: the key "github.com/o/a/0123456789abcdef0123456789abcdef01234567" names another source than the resolution: "https://evil.invalid/a.tgz"`,
		`DOUBT 4: the key "github.com/o/b/0123456789abcdef0123456789abcdef01234567" names another repository or commit than the resolution: "https://codeload.github.com/evil/b/tar.gz/0123456789abcdef0123456789abcdef012345"`,
		`DOUBT 5: the key "@codeload.github.com/o/c/tar.gz/0123456789abcdef0123456789abcdef01234567" names another source than the resolution: "https://evil.invalid/a.tgz"`,
	}},
	{"another host or folder than the key's", "lockfileVersion: '9.0'\npackages:\n  a@git+https://git.example/o/a.git#0123: {resolution: {type: git, repo: https://evil.invalid/o/a.git, commit: '0123'}}\n  b@git+https://git.example/o/b.git#0123&path:/b: {resolution: {type: git, repo: https://git.example/o/b.git, commit: '0123', path: /evil}}\n  c@git+https://git.example/o/c.git#0123: {resolution: {type: git, repo: https://git.example/o/c.git, commit: '4567'}}\n  d@https://archive.example/d.tgz: {resolution: {type: git, repo: https://evil.invalid/d.git, commit: '4567'}}\n", []string{
		"3 a@ git https://evil.invalid/o/a.git#0123",
		"4 b@ git https://git.example/o/b.git#0123&path:/evil",
		"5 c@ git https://git.example/o/c.git#4567",
		"6 d@ git https://evil.invalid/d.git#4567",
		`DOUBT 3: the key "a@git+https://git.example/o/a.git#0123" names another repository or commit than the resolution: "https://evil.invalid/o/a.git#0123"`,
		`DOUBT 4: the key "b@git+https://git.example/o/b.git#0123&path:/b" names another repository or commit than the resolution: "https://git.example/o/b.git#0123&path:/evil"`,
		`DOUBT 5: the key "c@git+https://git.example/o/c.git#0123" names another repository or commit than the resolution: "https://git.example/o/c.git#4567"`,
		`DOUBT 6: the key "d@https://archive.example/d.tgz" names another source than the resolution: "https://evil.invalid/d.git#4567"`,
	}},
	{"a type with members of another", pnpmFile("  a@1.0.0: {resolution: {integrity: sha512-ZQ==, tarball: https://npm.example.com/a/-/a-1.0.0.tgz, url: https://evil.invalid/a}}\n"), []string{
		"7 a@1.0.0 registry https://npm.example.com/a/-/a-1.0.0.tgz sha512-ZQ==",
		`DOUBT 7: the resolution has members of another type than ""`,
	}},
	{"a type of its own", "lockfileVersion: '9.0'\npackages:\n  a@cdn:a: {resolution: {type: custom:cdn, url: https://evil.invalid/a}}\n", []string{
		"3 a@ url https://evil.invalid/a",
		`DOUBT 3: the resolution is of type "custom:cdn", which only a resolver of its own understands`,
	}},
	{"gitHosted elsewhere", "lockfileVersion: '9.0'\npackages:\n  a@https://evil.invalid/a.tgz: {resolution: {gitHosted: true, tarball: https://evil.invalid/a.tgz}}\n", []string{
		"3 a@ url https://evil.invalid/a.tgz",
		`DOUBT 3: tarball "https://evil.invalid/a.tgz" is said to be a git host's archive, and is none that pnpm knows`,
	}},
	{"git without a commit", "lockfileVersion: '9.0'\npackages:\n  a@git+https://git.example/a.git: {resolution: {type: git, repo: https://git.example/a.git}}\n", []string{
		"3 a@ git https://git.example/a.git#",
		"DOUBT 3: the resolution is of a git repository, and doesn't name it and a commit",
		`DOUBT 3: the key "a@git+https://git.example/a.git" names another repository or commit than the resolution: "https://git.example/a.git#"`,
	}},
	{"variants", "lockfileVersion: '9.0'\npackages:\n  a@runtime:1.0.0: {resolution: {type: variations, variants: [{resolution: {type: binary, url: https://a.example/a}}, x]}, version: 6.6.6}\n  b@runtime:1.0.0: {resolution: {type: variations, variants: {}}}\n", []string{
		"3 a@6.6.6 url https://a.example/a",
		"3 a@1.0.0 url https://a.example/a",
		"4 b@1.0.0 url",
		"DOUBT 3: a variant has no hash",
		`DOUBT 3: "a variant" is "x", not a mapping`,
		`DOUBT 3: the key names version "1.0.0", and the entry "6.6.6"`,
		"DOUBT 4: variants is a mapping, not a sequence",
	}},
	{"an odd hash", pnpmFile("  a@1.0.0: {resolution: {integrity: SHA512-ZQ==}}\n"), []string{
		"7 a@1.0.0 registry  SHA512-ZQ==",
		`DOUBT 7: integrity "SHA512-ZQ==" is no hash that a package manager verifies`,
	}},
	{"two hashes", pnpmFile("  a@1.0.0: {resolution: {integrity: sha512-YQ== sha512-ZQ==}}\n"), []string{
		"7 a@1.0.0 registry  sha512-YQ== sha512-ZQ==",
		`DOUBT 7: integrity "sha512-YQ== sha512-ZQ==" accepts two archives, with a sha512 hash for each`,
	}},
	{"another name in the fields", "lockfileVersion: '6.0'\npackages:\n  /a@1.0.0: {resolution: {integrity: sha512-ZQ==}, name: evil, version: 6.6.6}\n", []string{
		"3 evil@6.6.6 registry  sha512-ZQ==",
		"3 a@1.0.0 registry  sha512-ZQ==",
		`DOUBT 3: the key names "a", and the entry "evil"`,
		`DOUBT 3: the key names version "1.0.0", and the entry "6.6.6"`,
	}},
	{"another version in the fields", pnpmFile("  a@1.0.0: {resolution: {integrity: sha512-ZQ==}, name: evil, version: 6.6.6}\n"), []string{
		"7 a@6.6.6 registry  sha512-ZQ==",
		"7 evil@1.0.0 registry  sha512-ZQ==",
		`DOUBT 7: the key names "a", and the entry "evil"`,
		`DOUBT 7: the key names version "1.0.0", and the entry "6.6.6"`,
	}},
	{"an address without a name", "lockfileVersion: '6.0'\npackages:\n  '@archive.example/a.tgz': {resolution: {tarball: https://archive.example/a.tgz}}\n", []string{
		"3 @archive.example/a.tgz@ url https://archive.example/a.tgz",
		"doubt 3: the entry has no name",
	}},
	{"a version that is a number", "lockfileVersion: '9.0'\npackages:\n  a@file:a.tgz: {resolution: {tarball: file:a.tgz, integrity: sha512-YQ==}, version: 1.10}\n", []string{
		"3 a@1.10 file file:a.tgz sha512-YQ==",
		`DOUBT 3: "version" is "1.10" without quotes, which YAML takes for a number`,
	}},
	{"keys of another version", "lockfileVersion: '9.0'\npackages:\n  /evil/6.6.6: {resolution: {integrity: sha512-ZQ==}}\n  /evil@6.6.7: {resolution: {integrity: sha512-ZQ==}}\n  evil@6.6.8(a@1): {resolution: {integrity: sha512-ZQ==}}\n  file:evil: {name: evil, resolution: {type: directory, directory: evil}}\n  evil@latest: {resolution: {integrity: sha512-ZQ==}}\n", []string{
		"3 evil@6.6.6 registry  sha512-ZQ==",
		"4 evil@6.6.7 registry  sha512-ZQ==",
		"5 evil@6.6.8(a@1)@ registry  sha512-ZQ==",
		"6 evil@ file evil",
		"7 evil@latest@ registry  sha512-ZQ==",
		`DOUBT 3: the key "/evil/6.6.6" has not the form of lockfileVersion 9.0`,
		`DOUBT 4: the key "/evil@6.6.7" has not the form of lockfileVersion 9.0`,
		"doubt 5: the entry has no name",
		`DOUBT 5: the key "evil@6.6.8(a@1)" holds an address, and the resolution has none: pnpm asks the registry`,
		`DOUBT 5: the key "evil@6.6.8(a@1)" has not the form of lockfileVersion 9.0`,
		`DOUBT 6: the key "file:evil" has not the form of lockfileVersion 9.0`,
		"doubt 7: the entry has no name",
		`DOUBT 7: the key "evil@latest" holds an address, and the resolution has none: pnpm asks the registry`,
		`DOUBT 7: the key "evil@latest" has not the form of lockfileVersion 9.0`,
	}},
	{"keys of another version, 6", "lockfileVersion: '6.0'\npackages:\n  /evil/6.6.6: {resolution: {integrity: sha512-ZQ==}}\n  evil@6.6.7: {resolution: {integrity: sha512-ZQ==}}\n", []string{
		"3 evil@6.6.6 registry  sha512-ZQ==",
		"4 evil@6.6.7 registry  sha512-ZQ==",
		`DOUBT 3: the key "/evil/6.6.6" has not the form of lockfileVersion 6.0`,
		`DOUBT 4: the key "evil@6.6.7" has not the form of lockfileVersion 6.0`,
	}},
	{"keys that name nothing", "lockfileVersion: 5.4\npackages:\n  /evil/latest: {resolution: {integrity: sha512-ZQ==}}\n  /: {}\n  '': {}\n", []string{
		"3 /evil/latest@ registry  sha512-ZQ==",
		"4 /@ registry",
		"5 @ registry",
		`DOUBT 3: the key "/evil/latest" names no package and version`,
		"doubt 3: the entry has no name",
		`DOUBT 4: the key "/" names no package and version`,
		"doubt 4: the entry has no name",
		"doubt 4: the entry has neither a hash nor an address",
		`DOUBT 5: the key "" names no package and version`,
		"doubt 5: the entry has no name",
		"doubt 5: the entry has neither a hash nor an address",
	}},
	{"snapshots before version 7", "lockfileVersion: '6.0'\npackages:\n  /a@1.0.0: {resolution: {integrity: sha512-ZQ==}}\nsnapshots:\n  evil@6.6.6: {}\n", []string{
		"3 a@1.0.0 registry  sha512-ZQ==",
		"5 evil@6.6.6 registry",
		"DOUBT 4: there are snapshots, which lockfileVersion 6.0 hasn't",
		`DOUBT 5: the snapshot "evil@6.6.6" has no entry in packages`,
	}},
	{"dependencies at the top", pnpmFile(pnpmEntry) + "dependencies:\n  a: 1.0.0\n", []string{
		"7 a@1.0.0 registry  sha512-YQ==",
		"DOUBT 11: dependencies stand at the top of the document, where pnpm doesn't read them",
		"doubt 12: a direct dependency has no specifier beside it, unlike those of lockfileVersion 9.0",
	}},
	{"a specifier apart, and none apart", "lockfileVersion: '9.0'\nimporters: {.: {dependencies: {a: 1.0.0}}}\npackages:\n" + pnpmEntry + "---\nlockfileVersion: 5.4\ndependencies: {a: {specifier: ^1.0.0, version: link:a}}\n", []string{
		"4 a@1.0.0 registry  sha512-YQ==",
		"doubt 2: a direct dependency has no specifier beside it, unlike those of lockfileVersion 9.0",
		"DOUBT 7: YAML has two documents here, and pnpm sees one",
		"doubt 8: a direct dependency has its specifier beside it, unlike those of lockfileVersion 5.4",
	}},
	{"a flag that is text", "lockfileVersion: '6.0'\npackages:\n  /a@1.0.0: {resolution: {integrity: sha512-ZQ==}, dev: 'false', optional: [], dev: true}\n", []string{
		"3 a@1.0.0 registry  sha512-ZQ==",
		`doubt 3: dev is "false", not true or false`,
		"doubt 3: optional is a sequence, not true or false",
		"doubt 3: dev stands twice, and pnpm refuses such a file",
	}},
}
