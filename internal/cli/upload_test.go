package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/cli/monorepotest"
	"github.com/lockkeeper/lockkeeper/internal/github/githubtest"
)

// relockedRepository has a pull request that pins other bytes of a version.
type relockedRepository struct {
	*githubtest.Repository
	base, head, merge string
	nowhere           string // a registry that knows nothing, the same in each step
}

func newRelocked(t *testing.T) relockedRepository {
	t.Helper()
	lock := func(hash string) map[string]string {
		return map[string]string{"package-lock.json": "{\"lockfileVersion\": 3, \"packages\": {\n\"\": {\"dependencies\": {\"a\": \"^1.0.0\"}},\n" +
			"\"node_modules/a\": {\n\"version\": \"1.0.0\",\n\"integrity\": \"" + monorepotest.Integrity(hash) + "\"\n}}}\n"}
	}
	nowhere := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(nowhere.Close)
	r := relockedRepository{Repository: githubtest.NewRepository(t), nowhere: nowhere.URL}
	r.base = r.Commit("base", lock("one"))
	r.head = r.Commit("topic", lock("two"), r.base)
	r.merge = r.Commit("merge", lock("two"), r.base, r.head)
	r.Point("refs/pull/7/merge", r.merge)
	return r
}

func (r relockedRepository) payload() string {
	pull := `{"number": 7, "head": {"sha": "` + r.head + `"}}`
	return `{"pull_request": ` + pull + `, "before": "` + r.base + `", "after": "` + r.merge + `",
"merge_group": {"base_sha": "` + r.base + `", "head_sha": "` + r.merge + `"},
"workflow_run": {"event": "pull_request", "head_sha": "` + r.head + `", "pull_requests": [` + pull + `]}}`
}

// uploading are the variables of a step that uploads what it finds.
func (r relockedRepository) uploading(ref string, more ...string) map[string]string {
	all := map[string]string{
		"GITHUB_SHA": r.merge, "GITHUB_REF": ref, "INPUT_SARIF-UPLOAD": "true", "INPUT_COMMENT": "never",
		"NPM_CONFIG_REGISTRY": r.nowhere + "/", "LOCKKEEPER_OSV_URL": r.nowhere,
	}
	for i := 0; i < len(more); i += 2 {
		all[more[i]] = more[i+1]
	}
	return all
}

// sarifLog is as much of a log as GitHub files alerts by.
type sarifLog struct {
	Version string
	Runs    []struct {
		AutomationDetails struct{ ID string }
		Results           []struct {
			RuleID    string
			Level     string
			Locations []struct {
				PhysicalLocation struct {
					ArtifactLocation struct{ URI string }
					Region           struct{ StartLine int }
				}
			}
			PartialFingerprints map[string]string
		}
	}
}

func logOf(t *testing.T, u githubtest.Upload) []byte {
	t.Helper()
	log, err := u.Log()
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// What is found is filed for the commit that was judged, under the ref that leads
// to it, whatever the event.
func TestEachEventIsUploaded(t *testing.T) {
	r := newRelocked(t)
	for _, c := range []struct {
		event, ref, want, commit, category string
	}{
		{"pull_request", "refs/pull/7/merge", "refs/pull/7/merge", r.merge, "lockkeeper/check/"},
		{"pull_request_target", "refs/heads/main", "refs/pull/7/merge", r.merge, "lockkeeper/check/"},
		{"workflow_run", "refs/heads/main", "refs/pull/7/merge", r.merge, "lockkeeper/check/"},
		{"push", "refs/heads/topic", "refs/heads/topic", r.merge, "lockkeeper/check/"},
		{"schedule", "refs/heads/main", "refs/heads/main", r.merge, "lockkeeper/scan/"},
		{"workflow_dispatch", "refs/heads/main", "refs/heads/main", r.merge, "lockkeeper/scan/"},
		{"merge_group", "refs/heads/gh-readonly-queue/main/pr-7", "", "", ""},
	} {
		t.Run(c.event, func(t *testing.T) {
			github := githubtest.Serve(t, r.Repository)
			s := runStep(t, github, c.event, r.payload(), r.uploading(c.ref))
			uploads := github.Uploads()
			if c.want == "" {
				if len(uploads) > 0 || !strings.Contains(s.log, "not uploaded to code scanning: a merge queue's branch is not kept") || strings.Contains(s.log, "::notice title=Lockkeeper::The findings") {
					t.Errorf("uploaded %+v\n%s", uploads, s.log)
				}
				return
			}
			if len(uploads) != 1 || uploads[0].Ref != c.want || uploads[0].Commit != c.commit {
				t.Fatalf("uploaded %+v\n%s%s", uploads, s.log, s.errs)
			}
			if !strings.Contains(s.log, "uploaded to code scanning, for "+c.want+" at "+c.commit+"; GitHub works on them as 47177e22") {
				t.Errorf("not said:\n%s", s.log)
			}
			var log sarifLog
			if err := json.Unmarshal(logOf(t, uploads[0]), &log); err != nil || len(log.Runs) != 1 || log.Version != "2.1.0" {
				t.Fatalf("log %+v, %v", log, err)
			}
			run := log.Runs[0]
			if run.AutomationDetails.ID != c.category {
				t.Errorf("filed as %q, want %q", run.AutomationDetails.ID, c.category)
			}
			if c.category == "lockkeeper/scan/" {
				return
			}
			if s.code != codeBlocked || len(run.Results) == 0 || run.Results[0].RuleID != "relocked" || run.Results[0].Level != "error" {
				t.Fatalf("exit code %d, results %+v", s.code, run.Results)
			}
			at := run.Results[0].Locations[0].PhysicalLocation
			if at.ArtifactLocation.URI != "package-lock.json" || at.Region.StartLine != 5 {
				t.Errorf("filed at %+v, want the line that the change touches", at)
			}
			if s.file(t, "lockkeeper.sarif") != "" {
				t.Error("wrote a file that nobody asked for")
			}
		})
	}
}

// The head is filed as such where there is no merge of it.
func TestAPullRequestWithConflictsIsUploaded(t *testing.T) {
	r := newRelocked(t)
	r.Point("refs/pull/7/merge", r.base) // of an older push
	github := githubtest.Serve(t, r.Repository)
	github.Instead = func(w http.ResponseWriter, q *http.Request) bool {
		switch {
		case strings.HasSuffix(q.URL.Path, "/pulls/7"):
			fmt.Fprintf(w, `{"number": 7, "head": {"sha": %q}, "base": {"ref": "main"}}`, r.head)
		case strings.Contains(q.URL.Path, "/compare/"):
			fmt.Fprintf(w, `{"merge_base_commit": {"sha": %q}}`, r.base)
		case strings.HasSuffix(q.URL.Path, "/commits/"+r.head+"/pulls"): // a fork's run names no pull request
			fmt.Fprintf(w, `[{"number": 7, "state": "open", "head": {"sha": %q}, "base": {"repo": {"full_name": "acme/web"}}}]`, r.head)
		default:
			return false
		}
		return true
	}
	for event, payload := range map[string]string{
		"pull_request_target": r.payload(),
		"workflow_run":        `{"workflow_run": {"event": "pull_request", "head_sha": "` + r.head + `", "pull_requests": []}}`,
	} {
		before := len(github.Uploads())
		s := runStep(t, github, event, payload, r.uploading("refs/heads/main"))
		uploads := github.Uploads()[before:]
		if len(uploads) != 1 || uploads[0].Ref != "refs/pull/7/head" || uploads[0].Commit != r.head {
			t.Errorf("%s: uploaded %+v\n%s%s", event, uploads, s.log, s.errs)
		}
	}
}

// Whatever code scanning says, the verdict, the summary and the outputs are what
// they were, and a notice says what to do.
func TestAnUploadThatIsRefused(t *testing.T) {
	r := newRelocked(t)
	asked := githubtest.Serve(t, r.Repository)
	without := runStep(t, asked, "pull_request", r.payload(), with(r.uploading("refs/pull/7/merge"), "INPUT_SARIF-UPLOAD", "false"))
	if len(asked.Uploads()) != 0 || strings.Contains(without.log, "code scanning") {
		t.Errorf("uploaded what nobody asked to upload\n%s", without.log)
	}
	for _, c := range []struct {
		name   string
		answer func(http.ResponseWriter)
		said   string
	}{
		{"a fork's token", refusal(403, "Resource not accessible by integration"), `HTTP 403: "Resource not accessible by integration"%0AAllow it by permissions: security-events: write.`},
		{"no Code Security", refusal(403, "Code Security must be enabled for this repository to use code scanning."), "a private repository needs GitHub Code Security"},
		{"nothing there", refusal(404, "Not Found"), "HTTP 404: code scanning is not on here"},
		{"too large", refusal(413, "Payload too large"), "HTTP 413"},
		{"not understood", refusal(422, "commit not found\n::error::forged"), "HTTP 422"},
		{"limited", refusal(429, "slow down"), "the rate limit is exceeded%0AWait until the limit is reset"},
		{"out of service", refusal(503, "no"), "HTTP 503"},
		{"a connection that breaks", func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, "EOF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			github := githubtest.Serve(t, r.Repository)
			github.Instead = func(w http.ResponseWriter, q *http.Request) bool {
				if !strings.HasSuffix(q.URL.Path, "/code-scanning/sarifs") {
					return false
				}
				c.answer(w)
				return true
			}
			s := runStep(t, github, "pull_request", r.payload(), r.uploading("refs/pull/7/merge"))
			if !strings.Contains(s.log, "::notice title=Lockkeeper::The findings were not uploaded to code scanning: SARIF log of refs/pull/7/merge: uploading: ") || !strings.Contains(s.log, c.said) {
				t.Errorf("want a notice with %q:\n%s", c.said, s.log)
			}
			if strings.Contains(s.log, "\n::error::forged") {
				t.Errorf("obeyed:\n%s", s.log)
			}
			if s.code != without.code || s.code != codeBlocked || s.file(t, "summary") != without.file(t, "summary") || !strings.Contains(s.file(t, "output"), "block") {
				t.Errorf("exit code %d, want %d\n%s", s.code, without.code, s.file(t, "output"))
			}
		})
	}
}

func refusal(status int, message string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]string{"message": message})
	}
}

// File and upload are independent, and are the same log.
func TestAFileBesideTheUpload(t *testing.T) {
	r := newRelocked(t)
	github := githubtest.Serve(t, r.Repository)
	s := runStep(t, github, "pull_request", r.payload(), r.uploading("refs/pull/7/merge", "INPUT_SARIF", "out/lockkeeper.sarif"))
	if uploads := github.Uploads(); len(uploads) != 1 || string(logOf(t, uploads[0])) != s.file(t, "out/lockkeeper.sarif") {
		t.Errorf("%d uploads, and the file is another one\n%s", len(uploads), s.log)
	}
}

// Without network, or a token, nothing is asked of anybody.
func TestAnUploadThatCannotBe(t *testing.T) {
	r := newRelocked(t)
	for said, more := range map[string][]string{
		"not uploaded to code scanning: the step is offline.\n":                                {"INPUT_OFFLINE", "true"},
		"::notice title=Lockkeeper::The findings were not uploaded to code scanning: there is": {"INPUT_TOKEN", ""},
	} {
		github := githubtest.Serve(t, r.Repository)
		variables := r.uploading("refs/pull/7/merge", "GITHUB_WORKSPACE", r.Dir)
		for i := 0; i < len(more); i += 2 {
			maps.Copy(variables, map[string]string{more[i]: more[i+1]})
		}
		s := runStep(t, github, "pull_request", r.payload(), variables)
		if s.code != codeBlocked || len(github.Asked()) != 0 || !strings.Contains(s.log, said) {
			t.Errorf("%v: exit code %d, asked %q\n%s%s", more, s.code, github.Asked(), s.log, s.errs)
		}
	}
}
