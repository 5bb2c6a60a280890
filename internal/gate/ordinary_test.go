package gate

import (
	"cmp"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/registry"
	"github.com/lockkeeper/lockkeeper/internal/version"
)

// ordinary are packages of many kinds: large and small, of teams and of one
// person, with and without scripts, types, tools, native code, monorepos.
var ordinary = []string{
	"@babel/core", "@types/node", "@typescript-eslint/parser", "acorn", "autoprefixer", "commander", "core-js", "debug", "esbuild", "eslint",
	"express", "fastify", "glob", "husky", "lodash", "minimatch", "nanoid", "next", "prettier", "react",
	"rxjs", "semver", "sharp", "tailwindcss", "tslib", "typescript", "vite", "vue", "ws", "zod",
}

// TestOrdinaryUpdates takes each package from one release to the next, the
// newest pair first, and prints what the gate says. LOCKKEEPER_REGISTRY_TESTS is
// how many pairs of each. It asks the registry of NPM_CONFIG_REGISTRY, or the
// public one, and OSV, or the database of LOCKKEEPER_ADVISORIES.
func TestOrdinaryUpdates(t *testing.T) {
	pairs, _ := strconv.Atoi(os.Getenv("LOCKKEEPER_REGISTRY_TESTS"))
	if pairs == 0 {
		t.Skip("asks a real registry: set LOCKKEEPER_REGISTRY_TESTS=1")
	}
	base, head := make([][]string, pairs), make([][]string, pairs)
	for _, name := range ordinary {
		stable := stableReleases(published(t, name))
		for i := range min(pairs, len(stable)-1) {
			base[i] = append(base[i], entryOf(name, stable[i+1]))
			head[i] = append(head[i], entryOf(name, stable[i]))
		}
	}
	for i := range pairs {
		r := check(t,
			folder(t, map[string]string{"package-lock.json": lockOfEntries(base[i])}),
			folder(t, map[string]string{"package-lock.json": lockOfEntries(head[i])}),
			Options{
				Clock:      time.Now,
				Getenv:     os.Getenv,
				Advisories: os.Getenv("LOCKKEEPER_ADVISORIES"),
				Network:    Network{Proxy: http.ProxyFromEnvironment},
			})
		var b strings.Builder
		for _, c := range r.Changes {
			if c.Verdict == "block" {
				t.Errorf("%s is blocked", c.PURL)
			}
			fmt.Fprintf(&b, "| `%s` | %s to %s | %d %s | %s | %s |\n",
				c.Name, strings.Join(c.From, ", "), c.To, c.Score, c.Verdict, said(c.Findings), missing(c.Gaps))
		}
		t.Logf("%d updates as of %s\n%s", len(r.Changes), r.JudgedAt.Format(time.RFC3339), &b)
	}
}

func published(t *testing.T, name string) *registry.Package {
	t.Helper()
	address := cmp.Or(os.Getenv("NPM_CONFIG_REGISTRY"), registry.Public["npm"].URL)
	answer, err := http.Get(strings.TrimSuffix(address, "/") + "/" + strings.Replace(name, "/", "%2F", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	p, err := registry.ReadNPM(answer.Body, name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// stableReleases gives the releases up to the one that an unpinned install
// takes, the highest first.
func stableReleases(p *registry.Package) []*registry.Release {
	var stable []*registry.Release
	for i := range p.Releases {
		r := &p.Releases[i]
		if !r.Removed && !version.Prerelease("npm", r.Version) && version.Compare("npm", r.Version, p.Latest) <= 0 {
			stable = append(stable, r)
		}
	}
	slices.SortFunc(stable, func(a, b *registry.Release) int { return version.Compare("npm", b.Version, a.Version) })
	return stable
}

func entryOf(name string, r *registry.Release) string {
	flag := ""
	if r.Installs() {
		flag = `, "hasInstallScript": true`
	}
	return fmt.Sprintf(`%q: {"version": %q, "resolved": %q, "integrity": %q%s}`,
		"node_modules/"+name, r.Version, r.Archive, cmp.Or(r.Integrity...), flag)
}

func lockOfEntries(entries []string) string {
	return `{"lockfileVersion": 3, "packages": {"": {}, ` + strings.Join(entries, ",\n") + `}}`
}
