package cli

import (
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/gate/worldtest"
	"github.com/lockkeeper/lockkeeper/internal/github/githubtest"
)

// mostRequests is what a pull request that changes two lockfiles may ask of
// GitHub before the registry is asked: a job's token has 1,000 in an hour.
const mostRequests = 12

// monorepo is a pull request that changes two of forty lockfiles, as its merge
// with the base.
type monorepo struct {
	*githubtest.Repository
	base, head, merge string
	world             map[string]string
}

// lockOf is a lockfile that pins a of that version.
func lockOf(version string) string {
	return fmt.Sprintf(`{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "^1.0.0"}},
"node_modules/a": {"version": %q, "integrity": %q}}}`, version, integrityOf(version))
}

func integrityOf(version string) string {
	hash := sha512.Sum512([]byte(version))
	return "sha512-" + base64.StdEncoding.EncodeToString(hash[:])
}

// newWorld is a registry that has those versions of a, released long ago, and
// what tells a step of it.
func newWorld(t *testing.T, versions ...string) map[string]string {
	t.Helper()
	document := map[string]any{"name": "a"}
	released, times := map[string]any{}, map[string]any{}
	for i, version := range versions {
		released[version] = map[string]any{
			"name": "a", "version": version, "dist": map[string]any{"integrity": integrityOf(version)},
			"_npmUser": map[string]any{"name": "alice"}, "maintainers": []any{map[string]any{"name": "alice"}}, "scripts": map[string]any{},
		}
		times[version] = time.Date(2025, 1, 1+i, 0, 0, 0, 0, time.UTC)
	}
	document["versions"], document["time"] = released, times
	data, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	w := &worldtest.World{Files: fstest.MapFS{"a.json": {Data: data}}}
	w.Start()
	t.Cleanup(w.Close)
	return map[string]string{"NPM_CONFIG_REGISTRY": w.NPM(), "LOCKKEEPER_OSV_URL": w.OSV()}
}

func newMonorepo(t *testing.T) monorepo {
	t.Helper()
	files := map[string]string{
		"package.json":                     `{"private": true}`,
		".npmrc":                           "ignore-scripts=true\n",
		".github/lockkeeper.yml":           "version: 1\n",
		".github/workflows/ci.yml":         "on: push\n",
		".github/workflows/release.yml":    "on: workflow_dispatch\n",
		".github/workflows/lockkeeper.yml": "on: pull_request # runs lockkeeper\n",
	}
	var versions []string
	for i := range 40 {
		versions = append(versions, fmt.Sprintf("1.0.%d", i))
		folder := fmt.Sprintf("packages/p%02d/", i)
		files[folder+"package.json"] = fmt.Sprintf(`{"name": "p%02d", "dependencies": {"a": "^1.0.0"}}`, i)
		files[folder+"package-lock.json"] = lockOf(versions[i])
	}
	m := monorepo{Repository: githubtest.NewRepository(t), world: newWorld(t, append(versions, "1.1.7", "1.1.21")...)}
	m.base = m.Commit("base", files)
	changed := maps.Clone(files)
	changed["packages/p07/package-lock.json"] = lockOf("1.1.7")
	changed["packages/p21/package-lock.json"] = lockOf("1.1.21")
	m.head = m.Commit("topic", changed, m.base)
	m.merge = m.Commit("merge", changed, m.base, m.head)
	m.Point("refs/pull/7/merge", m.merge)
	return m
}

// asking are the variables of a step that judges it.
func (m monorepo) asking() map[string]string {
	all := map[string]string{"GITHUB_SHA": m.merge, "INPUT_REPORT": "report.json", "INPUT_COMMENT": "never"}
	maps.Copy(all, m.world)
	return all
}

func (m monorepo) payload() string {
	return `{"pull_request": {"number": 7, "head": {"sha": "` + m.head + `"}}, "before": "` + m.base + `", "after": "` + m.merge +
		`", "merge_group": {"base_sha": "` + m.base + `", "head_sha": "` + m.merge + `"}}`
}

// references are how a report names its two sides.
var references = regexp.MustCompile(`(?s)"(base|head)": \{[^}]*\}`)

// Without a checkout a comparison is the same as with one, and costs few
// requests, on each event that compares.
func TestThroughTheAPIAsInACheckout(t *testing.T) {
	m := newMonorepo(t)
	asking := m.asking()
	silent := githubtest.Serve(t, m.Repository)
	checkout := runStep(t, silent, "pull_request", m.payload(), with(asking, "GITHUB_WORKSPACE", m.Dir))
	checkout.dir = m.Dir
	if asked := silent.Asked(); len(asked) != 0 {
		t.Errorf("asked GitHub for what the checkout has: %q", asked)
	}
	want := checkout.file(t, "report.json")
	if checkout.code != codePass || !strings.Contains(want, `"changed": 2`) {
		t.Fatalf("judged the checkout otherwise (exit code %d):\n%s%s", checkout.code, checkout.log, want)
	}
	for _, event := range []string{"pull_request", "pull_request_target", "merge_group", "push"} {
		t.Run(event, func(t *testing.T) {
			github := githubtest.Serve(t, m.Repository)
			remote := runStep(t, github, event, m.payload(), asking)
			asked := github.Asked()
			t.Logf("%d requests", len(asked))
			if len(asked) == 0 || len(asked) > mostRequests {
				t.Errorf("asked GitHub %d times, want at most %d:\n%s", len(asked), mostRequests, strings.Join(asked, "\n"))
			}
			got := remote.file(t, "report.json")
			if diff := cmp.Diff(references.ReplaceAllString(want, ""), references.ReplaceAllString(got, "")); diff != "" || remote.code != checkout.code {
				t.Errorf("exit code %d, in a checkout %d; the report (-checkout +API):\n%s\n%s", remote.code, checkout.code, diff, remote.log)
			}
		})
	}
}

// A GitHub that gives no texts together, as an old Enterprise Server or a proxy
// may not, is asked for each file.
func TestFilesAreAskedForOneByOneWhereTheyMustBe(t *testing.T) {
	m := newMonorepo(t)
	asking := m.asking()
	together := runStep(t, githubtest.Serve(t, m.Repository), "pull_request", m.payload(), asking)
	for name, refuse := range map[string]func(w http.ResponseWriter){
		"refused": func(w http.ResponseWriter) { w.WriteHeader(http.StatusForbidden) },
		"nothing": func(w http.ResponseWriter) { fmt.Fprint(w, `{"data": {"repository": null}}`) },
		"lies": func(w http.ResponseWriter) {
			fmt.Fprint(w, `{"data": {"repository": {"b0": {"text": "{}"}, "b1": {"text": null}, "b2": null, "b3": {"text": "{}"}}}}`)
		},
	} {
		github := githubtest.Serve(t, m.Repository)
		github.Instead = func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path != "/graphql" {
				return false
			}
			w.Header().Set(githubtest.Undescribed, name)
			refuse(w)
			return true
		}
		single := runStep(t, github, "pull_request", m.payload(), asking)
		if n := len(github.Asked()); n < 40 || single.code != together.code {
			t.Errorf("%s: exit code %d, want %d, after %d requests\n%s", name, single.code, together.code, n, single.log)
		}
		if diff := cmp.Diff(together.file(t, "report.json"), single.file(t, "report.json")); diff != "" {
			t.Errorf("%s: another report:\n%s", name, diff)
		}
	}
}

func with(variables map[string]string, name, value string) map[string]string {
	all := maps.Clone(variables)
	all[name] = value
	return all
}
