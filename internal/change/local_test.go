package change

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

// A package whose place code of the repository takes is told, unless somebody
// asks for that code.
func TestLocalized(t *testing.T) {
	parse := func(name string, files map[string]string) []*lockfile.Inventory {
		inv, err := lockfile.Parse(lockfile.Input{Path: name, Data: []byte(files[name]), Manifest: func(file string) ([]byte, bool) {
			text, ok := files[file]
			return []byte(text), ok
		}})
		if err != nil {
			t.Fatal(err)
		}
		return []*lockfile.Inventory{inv}
	}
	npm := func(spec, number string) string {
		return `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"even": "^1.0.0", "number": "` + spec + `"}},
"x": {"name": "number", "version": "7.0.0"},
"node_modules/even": {"version": "1.0.0", "resolved": "https://npm.example.com/even/-/even-1.0.0.tgz", "integrity": "sha512-AA==", "dependencies": {"odd": "1"}},
"node_modules/odd": {"version": "1.0.0", "resolved": "https://npm.example.com/odd/-/odd-1.0.0.tgz", "integrity": "sha512-AA=="},
"node_modules/number": ` + number + `}}`
	}
	const (
		fromRegistry = `{"version": "7.0.0", "resolved": "https://npm.example.com/number/-/number-7.0.0.tgz", "integrity": "sha512-AA=="}`
		linked       = `{"resolved": "x", "link": true}`
	)
	pnpm := func(number, odd string) string {
		return "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      even: {specifier: ^1.0.0, version: 1.0.0}\n      number: {specifier: ^7.0.0, version: " + number + "}\n" +
			"packages:\n  even@1.0.0: {resolution: {integrity: sha512-AA==}}\n  odd@1.0.0: {resolution: {integrity: sha512-AA==}}\n  number@7.0.0: {resolution: {integrity: sha512-AA==}}\n" +
			"snapshots:\n  even@1.0.0:\n    dependencies:\n      odd: " + odd + "\n  odd@1.0.0: {}\n  number@7.0.0: {}\n"
	}
	classic := func(resolved string) string {
		return "number@^7.0.0:\n  version \"7.0.0\"\n  resolved \"" + resolved + "\"\n"
	}
	bun := func(number string) string {
		return `{"lockfileVersion": 1, "workspaces": {"": {"dependencies": {"number": "^7.0.0"}}}, "packages": {"number": ` + number + `}}`
	}
	const manifest = `{"dependencies": {"number": "^7.0.0"}}`
	for _, c := range []struct{ name, file, base, head, want string }{
		{"npm, nothing changes", "package-lock.json", npm("^7.0.0", fromRegistry), npm("^7.0.0", fromRegistry), ""},
		{"npm, a link", "package-lock.json", npm("^7.0.0", fromRegistry), npm("^7.0.0", linked), "number ^7.0.0 of  at 5: x"},
		{"npm, a folder", "package-lock.json", npm("^7.0.0", fromRegistry), npm("^7.0.0", `{"version": "7.0.0", "resolved": "file:x"}`), "number ^7.0.0 of  at 5: file:x"},
		{"npm, a link that is asked for", "package-lock.json", npm("^7.0.0", fromRegistry), npm("file:x", linked), ""},
		{"npm, a link that was there", "package-lock.json", npm("^7.0.0", linked), npm("^7.0.0", linked), ""},
		{"npm, a link goes away", "package-lock.json", npm("file:x", linked), npm("^7.0.0", fromRegistry), ""},
		{"pnpm, a link", "pnpm-lock.yaml", pnpm("7.0.0", "1.0.0"), pnpm("link:x", "1.0.0"), "number ^7.0.0 of  at 3: "},
		{"pnpm, a link for a package", "pnpm-lock.yaml", pnpm("7.0.0", "1.0.0"), pnpm("7.0.0", "link:x"), "odd link:x of even at 8: x"},
		{"pnpm, a link for a package, to a project that was there", "pnpm-lock.yaml", strings.Replace(pnpm("7.0.0", "1.0.0"), "importers:\n", "importers:\n  p: {}\n", 1),
			strings.Replace(pnpm("7.0.0", "link:p"), "importers:\n", "importers:\n  p: {}\n", 1), ""},
		{"yarn, a folder", "yarn.lock", classic("https://npm.example.com/number/-/number-7.0.0.tgz#aa"), classic("file:x"), "number ^7.0.0 of  at 1: file:x"},
		{"bun, a folder", "bun.lock", bun(`["number@7.0.0", "", {}, "sha512-AA=="]`), bun(`["number@file:x", {}]`), "number ^7.0.0 of  at 1: file:x"},
		{"bun, the repository's own folder", "bun.lock", bun(`["number@7.0.0", "", {}, "sha512-AA=="]`), bun(`["number@root:", {}]`), "number ^7.0.0 of  at 1: number"},
	} {
		t.Run(c.name, func(t *testing.T) {
			side := func(text string) []*lockfile.Inventory {
				return parse(c.file, map[string]string{c.file: text, "package.json": manifest})
			}
			var got []string
			for _, l := range Localized(side(c.base), side(c.head)) {
				got = append(got, fmt.Sprintf("%s %s of %s at %d: %s", l.Name, l.Spec, l.By, l.Line, l.Target))
			}
			if text := strings.Join(got, "; "); text != c.want {
				t.Errorf("got %q, want %q", text, c.want)
			}
		})
	}
}
