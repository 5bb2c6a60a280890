package main

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/cli/monorepotest"
	"github.com/lockkeeper/lockkeeper/internal/gate/worldtest"
	"github.com/lockkeeper/lockkeeper/internal/github/githubtest"
)

// questions are what a run asked, in its order: "GitHub: trees".
type questions struct {
	mu  sync.Mutex
	all []string
}

func (q *questions) add(of, kind string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.all = append(q.all, of+": "+kind)
}

func (q *questions) take() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := q.all
	q.all = nil
	return all
}

// container judges a pull request that changes two of forty lockfiles, as a step
// of a job: in the image and without it, from a checkout and through the API
// alone. GitHub and the registry are on this machine and answer late.
func container(dir, binary string) error {
	const latency = 50 * time.Millisecond
	image := cmp.Or(os.Getenv("LOCKKEEPER_IMAGE"), "lockkeeper:ci")
	size, err := exec.Command("docker", "image", "inspect", "--format", "{{.Size}}", image).Output()
	if err != nil {
		fmt.Printf("The container: SKIPPED: no engine answers that has the image %s; .ci/image go run ./internal/benchmark container has one\n", image)
		return nil
	}
	var asked questions
	program := &githubtest.Program{Dir: dir}
	pull := monorepotest.New(program)
	github := githubtest.Serve(program, pull.Repository)
	github.Latency = latency
	github.Instead = func(_ http.ResponseWriter, r *http.Request) bool {
		asked.add("GitHub", kindOf(strings.TrimPrefix(r.URL.Path, "/repos/"+githubtest.Name+"/")))
		return false
	}
	world := &worldtest.World{Files: pull.Registry, Latency: latency}
	registry := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.add("the registry and OSV", kindOf(strings.TrimPrefix(r.URL.Path, "/")))
		world.ServeHTTP(w, r)
	}))
	defer registry.Close()

	empty := program.TempDir()
	for name, data := range map[string]string{"event.json": pull.Payload(), "output": "", "summary": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			return err
		}
	}
	rows := []stepRow{{where: "the image, to say its version", from: "nothing", command: []string{"docker", "run", "--rm", "--network", "host", image, "version"}}}
	for _, from := range []struct{ name, workspace string }{{"a checkout", pull.Dir}, {"the API alone", empty}} {
		env := []string{
			"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=pull_request", "GITHUB_SHA=" + pull.Merge, "GITHUB_REPOSITORY=" + githubtest.Name,
			"GITHUB_API_URL=" + github.URL, "GITHUB_GRAPHQL_URL=" + github.URL + "/graphql", "GITHUB_WORKSPACE=" + from.workspace,
			"GITHUB_EVENT_PATH=" + filepath.Join(dir, "event.json"), "GITHUB_OUTPUT=" + filepath.Join(dir, "output"),
			"GITHUB_STEP_SUMMARY=" + filepath.Join(dir, "summary"), "INPUT_TOKEN=t0ken",
			"NPM_CONFIG_REGISTRY=" + registry.URL + "/npm/", "LOCKKEEPER_OSV_URL=" + registry.URL + "/osv",
		}
		docker := []string{"docker", "run", "--rm", "--network", "host", "--volume", dir + ":" + dir}
		for _, variable := range env {
			docker = append(docker, "--env", variable)
		}
		rows = append(rows,
			stepRow{where: "the binary", from: from.name, command: []string{binary}, env: env},
			stepRow{where: "the image", from: from.name, command: append(docker, image)})
	}
	times, err := medians(measuresOf(rows, &asked)...)
	if err != nil {
		return err
	}
	fmt.Printf("A step on a pull request with 2 of 40 lockfiles changed, GitHub and registry answer after %s; the image has %s bytes\n\n", latency, strings.TrimSpace(string(size)))
	row("run by", "from", "median", "requests to GitHub before the registry is asked", "afterwards", "to the registry and OSV")
	row("---", "---", "---", "---", "---", "---")
	for i, r := range rows {
		before, after, others := split(r.asked)
		row(r.where, r.from, times[i], before, after, others)
	}
	return program.End()
}

// stepRow is a way to run a step, and what its last run asked.
type stepRow struct {
	where, from  string
	command, env []string
	asked        []string
}

func measuresOf(rows []stepRow, asked *questions) []func() (time.Duration, error) {
	var all []func() (time.Duration, error)
	for i := range rows {
		r := &rows[i]
		all = append(all, func() (time.Duration, error) {
			asked.take()
			cmd := exec.Command(r.command[0], r.command[1:]...)
			cmd.Env = append(os.Environ(), r.env...)
			cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
			start := time.Now()
			out, err := cmd.CombinedOutput()
			took := time.Since(start)
			if err != nil { // the pull request passes
				return 0, fmt.Errorf("%s, from %s: %w: %s", r.where, r.from, err, out)
			}
			r.asked = asked.take()
			return took, nil
		})
	}
	return all
}

// split tells what was asked of GitHub before anything else was asked, and after
// that, by kind, from what was asked of others.
func split(asked []string) (before, after, others string) {
	first := slices.IndexFunc(asked, func(q string) bool { return !strings.HasPrefix(q, "GitHub: ") })
	if first < 0 {
		first = len(asked)
	}
	var late, elsewhere []string
	for _, q := range asked[first:] {
		if strings.HasPrefix(q, "GitHub: ") {
			late = append(late, q)
		} else {
			elsewhere = append(elsewhere, q)
		}
	}
	return tally(asked[:first]), tally(late), tally(elsewhere)
}

// tally counts by kind: "3: 1 commits, 2 trees".
func tally(asked []string) string {
	count := map[string]int{}
	for _, q := range asked {
		_, kind, _ := strings.Cut(q, ": ")
		count[kind]++
	}
	var kinds []string
	for _, kind := range slices.Sorted(maps.Keys(count)) {
		kinds = append(kinds, fmt.Sprintf("%d %s", count[kind], kind))
	}
	if len(kinds) == 0 {
		return "none"
	}
	return fmt.Sprintf("%d: %s", len(asked), strings.Join(kinds, ", "))
}

// kinds are told by what is in an address; the first that fits counts.
var kinds = []struct{ in, kind string }{
	{"git/commits", "commits"}, {"git/trees", "trees"}, {"git/blobs", "blobs"}, {"git/ref", "references"}, {"comments", "comments"}, {"graphql", "graphql"},
	{"querybatch", "querybatch"}, {"attestations", "attestations"}, {"keys", "keys"}, {".tgz", "archives"}, {"npm/", "documents"},
}

// kindOf is an address without what tells one question of a kind from another.
func kindOf(path string) string {
	for _, k := range kinds {
		if strings.Contains(path, k.in) {
			return k.kind
		}
	}
	return path
}
