package npmtest

import (
	"encoding/json"
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// exact is one version, under the package's name or another one.
var exact = regexp.MustCompile(`^(npm:.+@)?\d+\.\d+\.\d+$`)

// Pinned fails a test unless all that [Install] would install is pinned by
// version and hash, and the lockfile names no registry.
func Pinned(t *testing.T, files fs.FS) {
	t.Helper()
	var manifest struct{ Dependencies map[string]string }
	var locked struct {
		Packages map[string]struct{ Version, Resolved, Integrity string }
	}
	for file, into := range map[string]any{"package.json": &manifest, "package-lock.json": &locked} {
		data, err := fs.ReadFile(files, file)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, into); err != nil {
			t.Fatal(err)
		}
	}
	if len(manifest.Dependencies) == 0 {
		t.Error("package.json asks for nothing")
	}
	for name, spec := range manifest.Dependencies {
		if !exact.MatchString(spec) {
			t.Errorf("package.json asks for %s of %s, and not for one version", spec, name)
		}
		if p := locked.Packages["node_modules/"+name]; p.Version == "" || !strings.HasSuffix(spec, p.Version) {
			t.Errorf("package.json asks for %s of %s, and package-lock.json has %q", spec, name, p.Version)
		}
	}
	for key, p := range locked.Packages {
		if key != "" && (!strings.HasPrefix(p.Integrity, "sha512-") || p.Resolved != "") {
			t.Errorf("package-lock.json: %s has the hash %q and the address %q", key, p.Integrity, p.Resolved)
		}
	}
}
