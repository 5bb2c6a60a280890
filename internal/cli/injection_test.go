package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lockkeeper/lockkeeper/internal/cli/monorepotest"
	"github.com/lockkeeper/lockkeeper/internal/gate/worldtest"
	"github.com/lockkeeper/lockkeeper/internal/github/githubtest"
)

// injections are what an attacker would call a branch, a package, a folder or
// himself. Each names evil.invalid, or FORGED, or the victim, where it is to be
// told from what we write.
var injections = []string{
	"x\n::error file=a,line=1::FORGED",
	"x\r\n::set-output name=verdict::pass",
	"x\n::add-mask::e",
	"::stop-commands::FORGED",
	"a ##[error]FORGED",
	"a ##[add-mask]e",
	"x\x1b[2J\x1b]8;;https://evil.invalid\x07\u009b31m",
	"x\u2028::error::FORGED\u2029\u0085FORGED",
	"x\nverdict=pass\nEOF\n_GitHubActionsFileCommandDelimeter_\nFORGED=1",
	"\n\n# FORGED\n\n- FORGED\n1. FORGED\n| FORGED |",
	"<img src=https://evil.invalid/a.png onerror=alert(1)>",
	"</details></summary></td></tr></table><script>alert(1)</script>",
	"\"><svg onload=alert(1)>'",
	"![a](https://evil.invalid/a.png) [click](https://evil.invalid)",
	"` @victim `` [x](https://evil.invalid) ```",
	"@victim see #1234, acme/web#7 and GH-99",
	"www.evil.invalid https://evil.invalid/a javascript:alert(1)",
	"<!-- lockkeeper:verdict --> <!-- lockkeeper:scan -->",
	"\"]; click A href \"https://evil.invalid\" %% FORGED\n```\nFORGED",
	"user\u202egnp.exe\u2066\u200b\ufeff\U000e0041",
	"%0A::error::FORGED%0D%3A",
	"&lt;img src=x&gt; &#60;u&#62; \\<u\\>",
	strings.Repeat("::error::FORGED ##[error]FORGED <u>@victim ", 400),
}

// hostile is a repository and a world in which everything that somebody else
// may name is called text: a folder, packages, versions, addresses, and what
// the registry and the advisories say of a package.
func hostile(t *testing.T, text string) (m monorepo, told map[string]string) {
	t.Helper()
	entry := func(key, name, version, resolved string) string {
		fields, err := json.Marshal(map[string]any{"name": name, "version": version, "resolved": resolved, "integrity": monorepotest.Integrity(version), "license": text})
		if err != nil {
			t.Fatal(err)
		}
		quoted, _ := json.Marshal(key)
		return string(quoted) + ": " + string(fields)
	}
	lock := func(version string, more ...string) string {
		good := fmt.Sprintf(`"": {}, "node_modules/a": {"version": %q, "integrity": %q}`, version, monorepotest.Integrity(version))
		return `{"lockfileVersion": 3, "packages": {` + strings.Join(append([]string{good}, more...), ",\n") + `}}`
	}
	folder := strings.NewReplacer("/", "\\").Replace(text)
	folder = folder[:min(len(folder), 200)] + "/"
	base := map[string]string{"package.json": "{}", "package-lock.json": lock("1.0.0"), folder + "package.json": "{}"}
	head := maps.Clone(base)
	head["package-lock.json"] = lock("1.1.0")
	head[folder+"package-lock.json"] = lock("1.1.0",
		entry("node_modules/"+text, "", "1.0.0", ""), entry("node_modules/b", "", text, ""), entry("node_modules/c", text, "1.0.0", text),
		entry("node_modules/d", "", "1.0.0", "https://evil.invalid/"+text))
	head["yarn.lock"] = text
	head[".npmrc"] = "registry=" + text
	head[".github/workflows/"+strings.TrimSuffix(folder, "/")+".yml"] = "lockkeeper " + text

	m = monorepo{Monorepo: monorepotest.Monorepo{Repository: githubtest.NewRepository(t)}}
	m.Base = m.Commit(text, base)
	m.Head = m.Commit(text, head, m.Base)
	m.Merge = m.Commit(text, head, m.Base, m.Head)
	m.Point("refs/pull/7/merge", m.Merge)

	who := map[string]any{"name": text, "email": text}
	release := func(version string, by any) map[string]any {
		return map[string]any{
			"name": "a", "version": version, "dist": map[string]any{"integrity": monorepotest.Integrity(version), "tarball": text}, "deprecated": text,
			"_npmUser": by, "maintainers": []any{by}, "scripts": map[string]any{"postinstall": text}, "dependencies": map[string]any{text: text},
			"repository": map[string]any{"url": text}, "homepage": text, "description": text,
		}
	}
	document := map[string]any{
		"name": "a", "dist-tags": map[string]any{text: "1.1.0"}, "maintainers": []any{who}, "readme": text,
		"versions": map[string]any{"1.0.0": release("1.0.0", map[string]any{"name": "alice"}), "1.1.0": release("1.1.0", who)},
		"time":     map[string]any{"1.0.0": "2025-01-01T00:00:00Z", "1.1.0": "2026-11-21T23:00:00Z"},
	}
	advisory := map[string]any{
		"id": "MAL-2026-1", "summary": text, "details": text, "modified": "2026-11-21T00:00:00Z", "references": []any{map[string]any{"type": "WEB", "url": text}},
		"affected": []any{map[string]any{"package": map[string]any{"ecosystem": "npm", "name": "a"}, "versions": []any{"1.1.0"}}},
	}
	files := fstest.MapFS{}
	for name, of := range map[string]any{"a.json": document, "osv/MAL-2026-1.json": advisory} {
		data, err := json.Marshal(of)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	w := &worldtest.World{Files: files}
	w.Start()
	t.Cleanup(w.Close)
	return m, map[string]string{
		"NPM_CONFIG_REGISTRY": w.NPM(), "LOCKKEEPER_OSV_URL": w.OSV(), "GITHUB_SHA": m.Merge, "INPUT_REPORT": "report.json", "INPUT_SARIF": "report.sarif",
		"GITHUB_HEAD_REF": text, "GITHUB_REF": "refs/heads/" + text, "GITHUB_REF_NAME": text, "GITHUB_ACTOR": text, "GITHUB_WORKFLOW": text, "GITHUB_JOB": text,
	}
}

// From the event to each place where people look: what somebody else named
// shows there, and is obeyed nowhere.
func TestNothingThatOthersNameIsObeyed(t *testing.T) {
	for _, text := range injections {
		t.Run(fmt.Sprintf("%.20q", text), func(t *testing.T) {
			m, told := hostile(t, text)
			ref := map[string]any{"ref": text, "label": text, "sha": m.Head, "repo": map[string]any{"full_name": text, "description": text}}
			payload, err := json.Marshal(map[string]any{
				"pull_request": map[string]any{"number": 7, "title": text, "body": text, "head": ref, "base": ref, "user": map[string]any{"login": text}, "labels": []any{map[string]any{"name": text}}},
				"repository":   map[string]any{"full_name": text}, "sender": map[string]any{"login": text}, "schedule": text,
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, event := range []string{"pull_request", "pull_request_target", "schedule"} {
				github := githubtest.Serve(t, m.Repository)
				s := runStep(t, github, event, string(payload), told)
				report := s.file(t, "report.json")
				if s.code != codeBlocked || s.errs != "" || !strings.Contains(report, "known-malware") {
					t.Fatalf("%s: exit code %d\n%s%s%.3000s", event, s.code, s.errs, s.log, report)
				}
				html := filepath.Join(s.dir, "report.html")
				if rendered := runRenderOf(t, filepath.Join(s.dir, "report.json"), html); rendered != "" {
					t.Errorf("%s: rendering: %s", event, rendered)
				}
				written := github.Written()
				if len(written) != 1 {
					t.Fatalf("%s: wrote %d comments and issues\n%s", event, len(written), s.log)
				}
				for place, err := range map[string]error{
					"log": obeyed(s.log), "outputs": published(s.file(t, "output")), "summary": live(s.file(t, "summary")), "comment": live(written[0]),
					"SARIF": linked(s.file(t, "report.sarif")), "HTML": scripted(s.file(t, "report.html")), "JSON": inert(report),
				} {
					if err != nil {
						t.Errorf("%s: %s: %v", event, place, err)
					}
				}
			}
		})
	}
}

// What the step says when it can't do its work is as harmless.
func TestNothingInAnErrorIsObeyed(t *testing.T) {
	m := newMonorepo(t)
	for _, text := range injections {
		broken := m.Commit(text, map[string]string{".github/lockkeeper.yml": text, "package-lock.json": monorepotest.Lock("1.0.0")})
		for name, more := range map[string]map[string]string{
			"repository": {"GITHUB_REPOSITORY": text}, "API": {"GITHUB_API_URL": text}, "base": {"INPUT_BASE": text}, "head": {"INPUT_HEAD": text},
			"policy": {"INPUT_POLICY": text}, "preset": {"INPUT_PRESET": text}, "cooldown": {"INPUT_COOLDOWN": text}, "mode": {"INPUT_MODE": text},
			"event": {"GITHUB_EVENT_NAME": text}, "broken policy": {"GITHUB_SHA": broken, "GITHUB_EVENT_NAME": "schedule"}, "report": {"INPUT_REPORT": "../" + text},
		} {
			told := m.asking()
			maps.Copy(told, more)
			s := runStep(t, githubtest.Serve(t, m.Repository), "pull_request", m.Payload(), told)
			if s.code != codeUsage && s.code != codeUnjudged || s.errs != "" || !strings.Contains(s.log, "::error title=Lockkeeper::") {
				t.Errorf("%s %.40q: exit code %d\n%s%s", name, text, s.code, s.errs, s.log)
			}
			if err := obeyed(s.log); err != nil {
				t.Errorf("%s %.40q: %v", name, text, err)
			}
		}
	}
}

// The checks would see each of these, if one came through.
func TestWhatIsObeyedIsSeen(t *testing.T) {
	for name, c := range map[string]struct {
		check func(string) error
		texts []string
	}{
		"log":     {obeyed, []string{"::error::FORGED", "  ::set-output name=a::b", "a ##[error]b", "::stop-commands::x", "::add-mask::e", "\x1b[2J", "a\rb", "a\u202eb"}},
		"outputs": {published, []string{"verdict=block", "verdict<<x\nblock\nx", ""}},
		"Markdown": {live, []string{"", "<img src=x>", "a <!-- lockkeeper:verdict -->", "[a](https://evil.invalid)", "see https://evil.invalid", "@victim", "#12", "GH-99", "</table>",
			"x\nFORGED", "x\n## FORGED", "```mermaid\nclick A\n```"}},
		"SARIF": {linked, []string{"{", `{"message": {"text": "[a](b)"}}`, `{"uri": "a b"}`, `{"helpUri": "https://evil.invalid"}`, "{}\nFORGED"}},
		"HTML": {scripted, []string{"", "<script></script><script></script>", "<script></script><img>", "<script></script><a href=\"javascript:x\">", "<script></script><p onclick=x>",
			"<script></script><a href=\"https://evil.invalid\">", "<script></script><u>"}},
	} {
		for _, text := range c.texts {
			if c.check(text) == nil {
				t.Errorf("%s: %q passes", name, text)
			}
		}
	}
}
