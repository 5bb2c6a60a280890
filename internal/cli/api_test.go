package cli

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/cli/monorepotest"
	"github.com/lockkeeper/lockkeeper/internal/gate/worldtest"
	"github.com/lockkeeper/lockkeeper/internal/github/githubtest"
)

// mostRequests is what a pull request that changes two lockfiles may ask of
// GitHub before the registry is asked: a job's token has 1,000 in an hour.
const mostRequests = 12

// monorepo is a pull request that changes two of forty lockfiles, with the
// variables that tell a step of its registry.
type monorepo struct {
	monorepotest.Monorepo
	world map[string]string
}

func newMonorepo(t *testing.T) monorepo {
	t.Helper()
	m := monorepo{Monorepo: monorepotest.New(t)}
	w := &worldtest.World{Files: m.Registry}
	w.Start()
	t.Cleanup(w.Close)
	m.world = map[string]string{"NPM_CONFIG_REGISTRY": w.NPM(), "LOCKKEEPER_OSV_URL": w.OSV()}
	return m
}

// asking are the variables of a step that judges it.
func (m monorepo) asking() map[string]string {
	all := map[string]string{"GITHUB_SHA": m.Merge, "INPUT_REPORT": "report.json", "INPUT_COMMENT": "never"}
	maps.Copy(all, m.world)
	return all
}

// references are how a report names its two sides.
var references = regexp.MustCompile(`(?s)"(base|head)": \{[^}]*\}`)

// Without a checkout a comparison is the same as with one, and costs few
// requests, on each event that compares.
func TestThroughTheAPIAsInACheckout(t *testing.T) {
	m := newMonorepo(t)
	asking := m.asking()
	silent := githubtest.Serve(t, m.Repository)
	checkout := runStep(t, silent, "pull_request", m.Payload(), with(asking, "GITHUB_WORKSPACE", m.Dir))
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
			remote := runStep(t, github, event, m.Payload(), asking)
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
	together := runStep(t, githubtest.Serve(t, m.Repository), "pull_request", m.Payload(), asking)
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
		single := runStep(t, github, "pull_request", m.Payload(), asking)
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
