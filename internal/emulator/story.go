package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing/fstest"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/gate/worldtest"
	"github.com/lockkeeper/lockkeeper/internal/github/githubtest"
	"github.com/lockkeeper/lockkeeper/internal/report"
)

const repository = "gate/web" // as emulate.yaml has it

// story is the repository, the registry beside it, and what has happened.
type story struct {
	dir, binary, url string // url is of GitHub, as the step is told
	verbose          bool
	gate, somebody   person
	world            *worldtest.World
	versions         map[string]string // of the package a, to the hash
	commits          map[string]string // by a name
	pull             int
	comment          written
	err              error // the first that went wrong: from then on nothing happens
}

// written is a comment or an issue.
type written struct {
	ID     int
	Number int
	Body   string
	State  string
	Pull   *struct{} `json:"pull_request"`
	User   struct{ Login string }
}

func newStory(program *githubtest.Program, binary, emulator string, verbose bool) *story {
	front := httptest.NewServer(githubtest.Checked(program.Errorf, "", truer(emulator)))
	program.Cleanup(front.Close)
	s := &story{
		dir: program.TempDir(), binary: binary, url: front.URL, verbose: verbose,
		gate: person{"lockkeeper", emulator}, somebody: person{"somebody", emulator},
		versions: map[string]string{}, commits: map[string]string{},
	}
	s.world = &worldtest.World{Files: s.registry(time.Now())}
	s.world.Start()
	program.Cleanup(s.world.Close)
	return s
}

// registry has three releases of a: the last one is too young.
func (s *story) registry(now time.Time) fstest.MapFS {
	files := fstest.MapFS{}
	released, times := map[string]any{}, map[string]any{"created": now.AddDate(-2, 0, 0)}
	who := map[string]any{"name": "alice", "email": "alice@example.com"}
	for version, published := range map[string]time.Time{"1.0.0": now.AddDate(-2, 0, 0), "1.0.1": now.AddDate(-1, 0, 0), "1.0.2": now.Add(-time.Hour)} {
		archive := worldtest.Pack(map[string][]byte{
			"package.json": fmt.Appendf(nil, `{"name": "a", "version": %q, "main": "index.js"}`, version),
			"index.js":     fmt.Appendf(nil, "module.exports = %q\n", version),
		})
		s.versions[version] = worldtest.Integrity(archive)
		files["archives/a@"+version+".tgz"] = &fstest.MapFile{Data: archive}
		released[version] = map[string]any{
			"name": "a", "version": version, "dist": map[string]any{"integrity": s.versions[version]},
			"_npmUser": who, "maintainers": []any{who}, "scripts": map[string]any{},
		}
		times[version] = published
	}
	document, err := json.Marshal(map[string]any{"name": "a", "versions": released, "time": times})
	if err != nil {
		panic(err) // there is nothing in it that JSON can't say
	}
	files["a.json"] = &fstest.MapFile{Data: document}
	return files
}

// project is the files of a commit that pins a.
func project(version, hash string) map[string]string {
	return map[string]string{
		"package.json":               `{"name": "web", "private": true, "dependencies": {"a": "^1.0.0"}}`,
		"package-lock.json":          fmt.Sprintf("{\"lockfileVersion\": 3, \"packages\": {\n\"\": {\"dependencies\": {\"a\": \"^1.0.0\"}},\n\"node_modules/a\": {\"version\": %q, \"integrity\": %q}}}\n", version, hash),
		"docs/guide/reading/note.md": "deep enough for a walk\n",
	}
}

// another is a hash of the right form that is no release's.
func another() string { return worldtest.Integrity([]byte("another")) }

// then has something happen if all went well so far.
func (s *story) then(happens func() error) {
	if s.err == nil {
		s.err = happens()
	}
}

// push writes a commit under a name of the story.
func (s *story) push(name string, files map[string]string, parents ...string) {
	s.then(func() (err error) {
		var ids []string
		for _, p := range parents {
			ids = append(ids, s.commits[p])
		}
		s.commits[name], err = s.gate.commit(name, files, ids...)
		return err
	})
}

// point makes a reference that of a commit of the story.
func (s *story) point(reference, commit string) {
	s.then(func() error { return s.gate.point(reference, s.commits[commit]) })
}

// write is what a person does.
func (s *story) write(who person, method, path string, what any) {
	s.then(func() error { return who.write(method, path, what, nil) })
}

// step runs the program on an event, in an empty workspace, and wants an exit
// code and something in the log.
func (s *story) step(event, commit, payload string, code int, said string) {
	s.then(func() error { return s.run(event, s.commits[commit], payload, code, said) })
}

func (s *story) run(event, sha, payload string, code int, said string) error {
	workspace, err := os.MkdirTemp(s.dir, "")
	if err != nil {
		return err
	}
	at := func(name string) string { return filepath.Join(workspace, name) }
	if err := os.WriteFile(at("event.json"), []byte(payload), 0o600); err != nil {
		return err
	}
	cmd := exec.Command(s.binary)
	cmd.Env = append(os.Environ(),
		"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME="+event, "GITHUB_SHA="+sha, "GITHUB_EVENT_PATH="+at("event.json"),
		"GITHUB_REPOSITORY="+repository, "GITHUB_API_URL="+s.url, "GITHUB_GRAPHQL_URL="+s.url+"/graphql", "GITHUB_SERVER_URL=https://github.example",
		"GITHUB_WORKSPACE="+workspace, "GITHUB_OUTPUT="+at("output"), "GITHUB_STEP_SUMMARY="+at("summary"), "INPUT_TOKEN="+s.gate.token,
		"NPM_CONFIG_REGISTRY="+s.world.NPM(), "LOCKKEEPER_OSV_URL="+s.world.OSV())
	log, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return err
	}
	if s.verbose {
		fmt.Printf("%s\n", log)
	}
	if got := cmd.ProcessState.ExitCode(); got != code || !strings.Contains(string(log), said) || strings.Contains(string(log), "was not written") {
		return fmt.Errorf("%s: exit code %d, want %d and %q\n%s", event, got, code, said, log)
	}
	return nil
}

// own gives the gate's comments on the pull request, or its issues.
func (s *story) own(path string) (own []written) {
	s.then(func() error {
		var all []written
		err := s.gate.write("GET", path, nil, &all)
		for _, w := range all {
			if w.User.Login == "gate" && w.Pull == nil {
				own = append(own, w)
			}
		}
		return err
	})
	return own
}

// remark wants one comment of the gate on the pull request, with that text.
func (s *story) remark(text string) (one written) {
	own := s.own(s.comments())
	s.then(func() error {
		if len(own) != 1 || !strings.HasPrefix(own[0].Body, report.CommentMarker) || !strings.Contains(own[0].Body, text) {
			return fmt.Errorf("pull request %d has the comments %v, want one with %q", s.pull, own, text)
		}
		one = own[0]
		return nil
	})
	return one
}

func (s *story) comments() string { return fmt.Sprintf("/issues/%d/comments", s.pull) }
