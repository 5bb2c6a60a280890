package worldtest

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
)

// Every way to write an archive is served at npm's address as the same bytes,
// which have the hash that Integrity gives and the profile of their files.
func TestArchives(t *testing.T) {
	manifest := "{\"name\": \"lib\", \"version\": \"1.0.0\"}\n"
	packed := Pack(map[string][]byte{"package.json": []byte(manifest), "lib/index.js": []byte("exports.a = 1;\n")})
	w := &World{Files: fstest.MapFS{
		"archives/lib@1.0.0.txtar":              {Data: []byte("-- package.json --\n" + manifest + "-- lib/index.js --\nexports.a = 1;\n")},
		"archives/@acme/lib@1.0.0/package.json": {Data: []byte(manifest)},
		"archives/@acme/lib@1.0.0/lib/index.js": {Data: []byte("exports.a = 1;\n")},
		"archives/lib@1.0.1.tgz":                {Data: packed},
		"archives/lib@1.0.2.fault":              {Data: []byte("503\n")},
	}}
	w.Start()
	defer w.Close()
	for address, status := range map[string]int{
		"lib/-/lib-1.0.0.tgz": 200, "@acme/lib/-/lib-1.0.0.tgz": 200, "lib/-/lib-1.0.1.tgz": 200,
		"lib/-/lib-1.0.2.tgz": 503, "lib/-/lib-9.9.9.tgz": 404,
	} {
		answer, err := http.Get(w.NPM() + address)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != status {
			t.Errorf("%s: status %d, want %d; error %v", address, answer.StatusCode, status, err)
		}
		if status == 200 && !bytes.Equal(body, packed) {
			t.Errorf("%s: %d other bytes than packed", address, len(body))
		}
	}
	p, err := artifact.Read(t.Context(), bytes.NewReader(packed), []string{Integrity(packed)}, artifact.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range p.Files {
		names = append(names, f.Path)
	}
	if got := strings.Join(names, " "); got != "lib/index.js package.json" || p.Manifest == nil || len(p.Faults) > 0 {
		t.Errorf("files %q, manifest %v, faults %v", got, p.Manifest, p.Faults)
	}
}
