package action

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

// metadata is action.yml.
type metadata struct {
	Inputs  yaml.Node
	Outputs yaml.Node
	Runs    struct{ Using, Image string }
}

// entry is an input or output of action.yml.
type entry struct {
	name        string
	Description string
	Default     string
	Required    bool
}

func actionFile(t *testing.T) metadata {
	t.Helper()
	data, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var m metadata
	if err := yaml.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// entries keeps the order of the file.
func entries(t *testing.T, mapping yaml.Node) []entry {
	t.Helper()
	var all []entry
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		e := entry{name: mapping.Content[i].Value}
		if err := mapping.Content[i+1].Decode(&e); err != nil {
			t.Fatal(err)
		}
		if e.Description == "" || e.Required {
			t.Errorf("%s: want a description, and nothing required", e.name)
		}
		all = append(all, e)
	}
	return all
}

func TestActionFileHasTheInputsOfTheCode(t *testing.T) {
	var names []string
	env := map[string]string{}
	for _, e := range entries(t, actionFile(t).Inputs) {
		names = append(names, e.name)
		env["INPUT_"+strings.ToUpper(e.name)] = e.Default
	}
	var want []string
	for _, input := range inputs {
		want = append(want, input.name)
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("names (-code +action.yml):\n%s", diff)
	}
	if env["INPUT_TOKEN"] != "${{ github.token }}" {
		t.Errorf("token defaults to %q", env["INPUT_TOKEN"])
	}
	env["INPUT_TOKEN"] = ""
	unset, err := newRunner(t, nil).Inputs()
	if err != nil {
		t.Fatal(err)
	}
	defaults, err := newRunner(t, env).Inputs()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(unset, defaults); diff != "" {
		t.Errorf("defaults (-code +action.yml):\n%s", diff)
	}
}

func TestActionFileHasTheOutputsOfTheCode(t *testing.T) {
	var names, want []string
	for _, e := range entries(t, actionFile(t).Outputs) {
		names = append(names, e.name)
	}
	for _, o := range (Outputs{}).list() {
		want = append(want, o.name)
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("names (-code +action.yml):\n%s", diff)
	}
}

func TestActionFileRunsTheImage(t *testing.T) {
	if runs := actionFile(t).Runs; runs.Using != "docker" || runs.Image != "Dockerfile" {
		t.Errorf("runs %+v", runs)
	}
}

func TestInputs(t *testing.T) {
	f := newRunner(t, map[string]string{
		"INPUT_POLICY": "ci/policy.yml", "INPUT_PRESET": "strict", "INPUT_FAIL-ON": "warn", "INPUT_COOLDOWN": "7d",
		"INPUT_TOKEN": "secret", "INPUT_MODE": "check", "INPUT_BASE": "origin/main", "INPUT_HEAD": "HEAD~1",
		"INPUT_COMMENT": "never", "INPUT_ANNOTATIONS": "false", "INPUT_SARIF": "./out/a.sarif", "INPUT_SARIF-UPLOAD": "true", "INPUT_REPORT": "out/a.json", "INPUT_HTML": "out/a.html",
		"INPUT_CACHE-DIR": ".cache", "INPUT_OFFLINE": "true",
	})
	got, err := f.Inputs()
	if err != nil {
		t.Fatal(err)
	}
	want := Inputs{
		Policy: "ci/policy.yml", Preset: "strict", FailOn: FailOnWarn, Cooldown: "7d", Token: "secret", Mode: Check,
		Base: "origin/main", Head: "HEAD~1", Comment: CommentNever, SARIF: "out/a.sarif", SARIFUpload: true, Report: "out/a.json", HTML: "out/a.html",
		CacheDir: ".cache", Offline: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWrongInputsAreNamed(t *testing.T) {
	wrong := map[string]string{
		"policy":       "../policy.yml",
		"fail-on":      "sometimes",
		"mode":         "watch",
		"base":         "main\n::error::forged",
		"head":         strings.Repeat("a", 256),
		"comment":      "yes",
		"annotations":  "True",
		"sarif":        "/etc/passwd",
		"sarif-upload": "yes",
		"report":       "a/../../b",
		"html":         "/etc/a.html",
		"offline":      "1",
	}
	env := map[string]string{}
	for name, value := range wrong {
		env["INPUT_"+strings.ToUpper(name)] = value
		_, err := newRunner(t, map[string]string{"INPUT_" + strings.ToUpper(name): value}).Inputs()
		if err == nil || !strings.HasPrefix(err.Error(), "input "+name+": ") || strings.ContainsRune(err.Error(), '\n') {
			t.Errorf("input %s: %q: error %v", name, value, err)
		}
	}
	_, err := newRunner(t, env).Inputs()
	for _, name := range slices.Sorted(maps.Keys(wrong)) {
		if err == nil || !strings.Contains(err.Error(), "input "+name+": ") {
			t.Errorf("all at once: %s is not named", name)
		}
	}
}
