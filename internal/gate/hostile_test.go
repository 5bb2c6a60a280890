package gate

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/report"
	"github.com/lockkeeper/lockkeeper/internal/target"
)

// folder writes files and gives their folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// check judges base against head, or scans head where base is "".
func check(t *testing.T, base, head string, o Options) *report.Report {
	t.Helper()
	if o.Getenv == nil {
		o.Getenv = func(string) string { return "" }
	}
	if o.Clock == nil {
		o.Clock = func() time.Time { return demoTime }
	}
	resolved, err := target.Resolve(t.Context(), target.Request{Repo: head, Base: base, Head: head, Scan: base == ""})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(t.Context(), resolved, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What can't be read is a gap that names the file and the number exceeded, and
// the run is not judged.
func TestUnreadableLockfiles(t *testing.T) {
	tests := []struct {
		name    string
		content string
		size    int64 // of a sparse file instead
		want    string
	}{
		{"200 MB", "", 200 << 20, "209715200 bytes, and at most 67108864 are read"},
		{"nested 10,000 deep", `{"packages":` + strings.Repeat(`{"a":`, 10_000), 0, "deep"},
		{"invalid UTF-8", "{\"packages\": {\"node_modules/\xff\": {}}}", 0, "UTF-8"},
		{"truncated", `{"lockfileVersion": 3, "packages": {"node_modules/a": {"version": "1.0`, 0, "end"},
		{"HTML", "<html></html>", 0, "'<'"},
		{"empty", "", 0, "empty"},
	}
	base := folder(t, map[string]string{"package.json": "{}"})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			head := folder(t, map[string]string{"package.json": "{}", "package-lock.json": test.content})
			if test.size > 0 {
				if err := os.Truncate(filepath.Join(head, "package-lock.json"), test.size); err != nil {
					t.Fatal(err)
				}
			}
			r := check(t, base, head, Options{Offline: true})
			if r.Verdict != "unjudged" || len(r.Gaps) != 1 {
				t.Fatalf("verdict %s, gaps %+v", r.Verdict, r.Gaps)
			}
			gap := r.Gaps[0]
			if gap.Check != "lockfile" || gap.Location == nil || gap.Location.Path != "package-lock.json" || !strings.Contains(gap.Reason, test.want) {
				t.Errorf("gap %+v (at %+v), want a reason with %q", gap, gap.Location, test.want)
			}
		})
	}
}

// listener is a registry that notes who came with which token.
type listener struct {
	mu     sync.Mutex
	tokens []string
	server *httptest.Server
}

func listen(t *testing.T, answer http.HandlerFunc) *listener {
	l := &listener{}
	l.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.mu.Lock()
		l.tokens = append(l.tokens, r.Header.Get("Authorization"))
		l.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(l.server.Close)
	return l
}

func lockOf(resolved string) string {
	return `{"lockfileVersion": 3, "packages": {"": {}, "node_modules/a": {"version": "1.0.0", "resolved": "` + resolved + `", "integrity": "sha512-AAAA"}}}`
}

// The base's token goes to the base's registry. Neither the head's .npmrc, nor
// an address of the lockfile, nor a redirect takes it elsewhere.
func TestTokensStayWithTheBasesRegistry(t *testing.T) {
	attacker := listen(t, http.NotFound)
	registry := listen(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, attacker.server.URL+"/stolen", http.StatusFound)
	})
	host := strings.TrimPrefix(registry.server.URL, "http:")
	base := folder(t, map[string]string{".npmrc": "registry=" + registry.server.URL + "/\n" + host + "/:_authToken=${TEAM_TOKEN}\n"})
	head := folder(t, map[string]string{
		".npmrc":            "registry=" + attacker.server.URL + "/\n" + strings.TrimPrefix(attacker.server.URL, "http:") + "/:_authToken=${TEAM_TOKEN}\n",
		"package-lock.json": lockOf(registry.server.URL + "/a/-/a-1.0.0.tgz"),
	})
	getenv := func(name string) string { return map[string]string{"TEAM_TOKEN": "secret"}[name] }
	r := check(t, base, head, Options{Getenv: getenv})
	if len(registry.tokens) != 1 || registry.tokens[0] != "Bearer secret" {
		t.Errorf("the base's registry was asked with %q", registry.tokens)
	}
	if len(attacker.tokens) > 0 {
		t.Errorf("the attacker was asked, with %q", attacker.tokens)
	}
	if r.Verdict != "unjudged" {
		t.Errorf("verdict %s", r.Verdict)
	}
}

// A scan has no base, so that the head's own .npmrc leads the way; it gets at
// no variable but those that are meant for npm.
func TestAScanExpandsOnlyNPMsVariables(t *testing.T) {
	registry := listen(t, http.NotFound)
	host := strings.TrimPrefix(registry.server.URL, "http:")
	for variable, want := range map[string]string{"AWS_SECRET_ACCESS_KEY": "", "NPM_TOKEN": "Bearer secret"} {
		registry.tokens = nil
		head := folder(t, map[string]string{
			".npmrc":            "registry=" + registry.server.URL + "/\n" + host + "/:_authToken=${" + variable + "}\n",
			"package-lock.json": lockOf(registry.server.URL + "/a/-/a-1.0.0.tgz"),
		})
		check(t, "", head, Options{Getenv: func(name string) string { return map[string]string{variable: "secret"}[name] }})
		if len(registry.tokens) != 1 || registry.tokens[0] != want {
			t.Errorf("with %s the registry was asked with %q, want %q", variable, registry.tokens, want)
		}
	}
}

// Settings that are a link are not read, and not taken for absent either: the
// names of private packages would go to the public registry then.
func TestSettingsThatAreALink(t *testing.T) {
	for _, name := range []string{".github/lockkeeper.yml", ".npmrc"} {
		base := folder(t, map[string]string{"elsewhere": "", ".github/keep": ""})
		if err := os.Symlink(filepath.Join(base, "elsewhere"), filepath.Join(base, name)); err != nil {
			t.Skip("this system makes no symbolic links: ", err)
		}
		resolved, err := target.Resolve(t.Context(), target.Request{Base: base, Head: base})
		if err != nil {
			t.Fatal(err)
		}
		_, err = Run(t.Context(), resolved, Options{Offline: true, Getenv: func(string) string { return "" }, Clock: time.Now})
		if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "symbolic link") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// A policy that is kept elsewhere is read from the base as well, and the head's
// edit of it is shown.
func TestAPolicyElsewhereIsTheBasesToo(t *testing.T) {
	base := folder(t, map[string]string{"ci/gate.yml": "version: 1\ncooldown: 5d\n", "package-lock.json": lockOf("")})
	head := folder(t, map[string]string{"ci/gate.yml": "version: 1\npreset: audit\n", "package-lock.json": lockOf("")})
	r := check(t, base, head, Options{PolicyPath: "ci/gate.yml", Offline: true})
	if r.Policy.Source != "base:ci/gate.yml" || r.Policy.Cooldown != "120h" || r.Policy.Preset != "recommended" {
		t.Errorf("policy %+v", r.Policy)
	}
	if len(r.Findings) != 1 || r.Findings[0].Signal != "policy-changed" {
		t.Errorf("findings %+v", r.Findings)
	}
	resolved, err := target.Resolve(t.Context(), target.Request{Base: base, Head: head})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Run(t.Context(), resolved, Options{PolicyPath: "absent.yml", Offline: true, Getenv: func(string) string { return "" }, Clock: time.Now})
	if err == nil || !strings.Contains(err.Error(), "absent.yml") {
		t.Errorf("a policy that is not there: %v", err)
	}
}
