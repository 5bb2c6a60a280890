package signal

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

const (
	project   = "https://github.com/acme/left-pad"
	oldCommit = "8c1f3a0de5b24c7f9a6d1e2b3c4d5e6f70819203"
)

// sourced gives both releases a commit of the project's repository.
func sourced(d *evidence.Dossier) {
	d.Baseline.Repository, d.Baseline.GitHead = project, oldCommit
	d.Release.Repository, d.Release.GitHead = project, gitCommit
}

func TestLinks(t *testing.T) {
	site := registry.Sites["npm"]
	page, archives := site.Package+"left-pad/v/1.3.1", site.Diff+"left-pad/1.3.0/1.3.1"
	for _, c := range []struct {
		name string
		edit func(*evidence.Dossier)
		want []string
	}{
		{"an update", sourced, []string{page, archives, project + "/compare/" + oldCommit + "..." + gitCommit}},
		{"without commits", func(*evidence.Dossier) {}, []string{page, archives}},
		{"the version before names no commit", func(d *evidence.Dossier) { sourced(d); d.Baseline.GitHead = "" },
			[]string{page, archives, project + "/commit/" + gitCommit}},
		{"another repository than before", func(d *evidence.Dossier) { sourced(d); d.Baseline.Repository = "https://github.com/alice/left-pad" },
			[]string{page, archives, project + "/commit/" + gitCommit}},
		{"nothing before it", func(d *evidence.Dossier) { d.Baseline = nil }, []string{page}},
		{"the version before is gone", func(d *evidence.Dossier) { d.Baseline.Removed = true }, []string{page}},
		{"the version is gone", func(d *evidence.Dossier) { d.Release.Removed, d.Unlisted = true, true }, []string{site.Package + "left-pad" + site.History}},
		{"a scope", func(d *evidence.Dossier) { d.Change.Name = "@types/left-pad" },
			[]string{site.Package + "@types/left-pad/v/1.3.1", site.Diff + "@types%2Fleft-pad/1.3.0/1.3.1"}},
		{"a version with build metadata", func(d *evidence.Dossier) { d.Change.To, d.Release = "1.3.1+a.b", nil }, []string{site.Package + "left-pad/v/1.3.1+a.b"}},
		{"another ecosystem", func(d *evidence.Dossier) { d.Change.Ecosystem, d.Change.Name = "jsr", "@std/path" },
			[]string{registry.Sites["jsr"].Package + "@std/path@1.3.1"}},
		{"an ecosystem without a page", func(d *evidence.Dossier) { d.Change.Ecosystem = "deno" }, nil},
	} {
		d := ordinary()
		c.edit(d)
		if diff := cmp.Diff(c.want, addresses(pages(d))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func addresses(links []Link) []string {
	var all []string
	for _, l := range links {
		all = append(all, l.URL)
	}
	return all
}

// A private package's name is told to nobody.
func TestLinksStayWithThePublicRegistry(t *testing.T) {
	scoped := registry.Addresses{URL: public, Scopes: map[string]string{"@acme": private}, Public: []string{public}}
	home := func(address string) func(string) string { return func(string) string { return address } }
	for _, c := range []struct {
		name   string
		linked bool
		edit   func(*evidence.Dossier)
	}{
		{"the public registry", true, func(*evidence.Dossier) {}},
		{"over http, as npm 4 wrote", true, func(d *evidence.Dossier) { head(d).Resolved = strings.Replace(head(d).Resolved, "https:", "http:", 1) }},
		{"no address, and the public registry is asked", true, func(d *evidence.Dossier) { head(d).Resolved, d.Registries.Home = "", home(public) }},
		{"another scope", true, func(d *evidence.Dossier) { d.Change.Name, d.Registries.Home = "@types/a", scoped.For }},

		{"a private registry", false, func(d *evidence.Dossier) {
			head(d).Resolved = private + "left-pad/-/left-pad-1.3.1.tgz"
			d.Registries.Configured = func(string, string) bool { return true }
		}},
		{"no address, and a private registry is asked", false, func(d *evidence.Dossier) { head(d).Resolved, d.Registries.Home = "", home(private) }},
		{"a private scope, whatever the lockfile says", false, func(d *evidence.Dossier) { d.Change.Name, d.Registries.Home = "@acme/a", scoped.For }},
		{"git", false, func(d *evidence.Dossier) { fromGit(head(d), "github.com/acme/left-pad") }},
		{"nobody knows what is public", false, func(d *evidence.Dossier) { d.Registries.Public = nil }},
	} {
		d := ordinary()
		c.edit(d)
		d.Release.HasScript = true
		for _, f := range Run(d, judged()) {
			if linked := len(f.Links) > 0; linked != c.linked {
				t.Errorf("%s: %s links to %v", c.name, f.Signal, f.Links)
			}
		}
	}
}

// Whatever a lockfile and a registry say, a link leads to a page of the table
// and holds nothing that ends an address, in text or in Markdown.
func TestHostileTextMakesNoLink(t *testing.T) {
	hostile := []string{
		"", "left-pad", "@a/b", `@a/b"?x=#/../c`, "../../evil", "@../x", "a/b/c", "javascript:alert(1)", "//evil.invalid", `\\evil.invalid\x`, "x@evil.invalid",
		"a)\n[b](https://evil.invalid", "a%2e%2e", "a b", "é", "1.3.1", "1.3.1/../../evil", "1.3.1?tab=x", "1.3.1-a.b+c",
		"https://evil.invalid/acme/x", "https://github.com@evil.invalid/a/b", "https://token@github.com/a/b", "https://github.com/a/b\n](x)",
		"javascript:alert(1)//github.com/a/b", project, gitCommit, oldCommit, oldCommit + "...main", "main", "-" + gitCommit[1:],
	}
	hosts := map[string]bool{"github.com": true}
	for _, address := range []string{registry.Sites["npm"].Package, registry.Sites["npm"].Diff, registry.Sites["jsr"].Package} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		hosts[u.Host] = true
	}
	rapid.Check(t, func(t *rapid.T) {
		d := ordinary()
		for _, field := range []*string{
			&d.Change.Name, &d.Change.To, &d.Release.Version, &d.Baseline.Version,
			&d.Release.Repository, &d.Baseline.Repository, &d.Release.GitHead, &d.Baseline.GitHead,
		} {
			if rapid.Bool().Draw(t, "hostile") {
				*field = rapid.SampledFrom(hostile).Draw(t, "text")
			}
		}
		d.Change.Ecosystem = rapid.SampledFrom([]string{"npm", "jsr", ""}).Draw(t, "ecosystem")
		d.Unlisted = rapid.Bool().Draw(t, "unlisted")
		for _, l := range pages(d) {
			u, err := url.Parse(l.URL)
			if err != nil || u.Scheme != "https" || u.User != nil || !hosts[u.Host] || strings.Contains(u.EscapedPath(), "/..") {
				t.Fatalf("%q is no page of the table: %v", l.URL, err)
			}
			if strings.ContainsAny(l.URL, " \n\r\t\"'<>[]`|\\") || strings.Contains(l.URL, "evil.invalid") {
				t.Fatalf("%q holds what ends an address", l.URL)
			}
		}
	})
}
