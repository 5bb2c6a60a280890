// Package monorepotest is a pull request for tests: it changes two of the forty
// lockfiles of a monorepo, and nothing is wrong with it.
//
// It gives the repository, as git has it, with the commits of both sides and
// their merge, and the registry's documents, as [worldtest.World] serves them.
package monorepotest

import (
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"testing/fstest"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/github/githubtest"
)

// Monorepo is the pull request, as its merge with the base.
type Monorepo struct {
	*githubtest.Repository
	Base, Head, Merge string // commits
	Registry          fstest.MapFS
}

// New writes it.
func New(t githubtest.T) Monorepo {
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
		files[folder+"package-lock.json"] = Lock(versions[i])
	}
	m := Monorepo{Repository: githubtest.NewRepository(t), Registry: Registry(append(versions, "1.1.7", "1.1.21")...)}
	m.Base = m.Commit("base", files)
	changed := maps.Clone(files)
	changed["packages/p07/package-lock.json"] = Lock("1.1.7")
	changed["packages/p21/package-lock.json"] = Lock("1.1.21")
	m.Head = m.Commit("topic", changed, m.Base)
	m.Merge = m.Commit("merge", changed, m.Base, m.Head)
	m.Point("refs/pull/7/merge", m.Merge)
	return m
}

// Payload is that of any event that compares.
func (m Monorepo) Payload() string {
	return Payload(m.Base, m.Head, m.Merge)
}

// Payload is that of any event that compares these commits.
func Payload(base, head, merge string) string {
	return `{"pull_request": {"number": 7, "head": {"sha": "` + head + `"}}, "before": "` + base + `", "after": "` + merge +
		`", "merge_group": {"base_sha": "` + base + `", "head_sha": "` + merge + `"}}`
}

// Lock is a lockfile that pins a of that version.
func Lock(version string) string {
	return fmt.Sprintf(`{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "^1.0.0"}},
"node_modules/a": {"version": %q, "integrity": %q}}}`, version, Integrity(version))
}

// Integrity stands for the hash of a release of a.
func Integrity(version string) string {
	hash := sha512.Sum512([]byte(version))
	return "sha512-" + base64.StdEncoding.EncodeToString(hash[:])
}

// Registry has those versions of a, released long ago.
func Registry(versions ...string) fstest.MapFS {
	released, times := map[string]any{}, map[string]any{}
	for i, version := range versions {
		released[version] = map[string]any{
			"name": "a", "version": version, "dist": map[string]any{"integrity": Integrity(version)},
			"_npmUser": map[string]any{"name": "alice"}, "maintainers": []any{map[string]any{"name": "alice"}}, "scripts": map[string]any{},
		}
		times[version] = time.Date(2025, 1, 1+i, 0, 0, 0, 0, time.UTC)
	}
	data, err := json.Marshal(map[string]any{"name": "a", "versions": released, "time": times})
	if err != nil {
		panic(err) // there is nothing in it that JSON can't say
	}
	return fstest.MapFS{"a.json": {Data: data}}
}
