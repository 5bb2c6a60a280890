package gate

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lockkeeper/lockkeeper/internal/gate/worldtest"
	"github.com/lockkeeper/lockkeeper/internal/policy"
	"github.com/lockkeeper/lockkeeper/internal/report"
)

const unread = "a gap: its archive could not be read: "

// archiveFaults is what may be wrong with the archives of an update from 1.0.0 to
// 1.0.1, what the presets say, and what the report has for it. An archive that
// can't be had, or is more than is read, is a gap, never a finding; one with
// other bytes than are pinned is a finding, whatever the bytes are.
var archiveFaults = []struct {
	name            string
	version, fault  string // of which archive, and the fault that is served instead
	archive, served []byte // of 1.0.1: what all pin, and what is served if that is something else

	audit, recommended, strict string
	want                       string
}{
	{name: "is there", audit: "pass", recommended: "pass", strict: "pass", want: "nothing"},
	{name: "is not there", version: "1.0.1", fault: "404",
		audit: "pass", recommended: "pass", strict: "unjudged", want: unread},
	{name: "is refused", version: "1.0.1", fault: "403",
		audit: "pass", recommended: "pass", strict: "unjudged", want: unread},
	{name: "breaks off on its way", version: "1.0.1", fault: "half",
		audit: "pass", recommended: "pass", strict: "unjudged", want: unread},
	{name: "is larger than what is read", version: "1.0.1", fault: "large",
		audit: "pass", recommended: "pass", strict: "unjudged", want: unread + "archive: reading: more than the 67108864 bytes packed that are read"},
	{name: "is a bomb", archive: squeezed(64 << 20),
		audit: "pass", recommended: "pass", strict: "unjudged", want: unread + "archive: reading: more than the 250 bytes unpacked from one packed that are read"},
	{name: "is no archive, and pinned so", archive: []byte("not an archive"),
		audit: "pass", recommended: "pass", strict: "unjudged", want: unread + "archive: unpacking"},
	{name: "of the version before is not there", version: "1.0.0", fault: "404",
		audit: "pass", recommended: "pass", strict: "unjudged", want: "a gap: the archive of 1.0.0, which it is compared with, could not be read: "},
	{name: "is a page to log in", version: "1.0.1", fault: "html",
		audit: "block", recommended: "block", strict: "block", want: "integrity-mismatch"},
	{name: "has other bytes than are pinned", served: library("lib", "1.0.1", "exports.b = 1;\n"),
		audit: "block", recommended: "block", strict: "block", want: "integrity-mismatch"},
	{name: "is another package's", archive: library("other", "1.0.1", "exports.a = 1;\n"),
		audit: "block", recommended: "block", strict: "block", want: "manifest-confusion"},
	{name: "is another version's", archive: library("lib", "0.9.0", "exports.a = 1;\n"),
		audit: "block", recommended: "block", strict: "block", want: "manifest-confusion"},
}

func TestArchivesThatCantBeRead(t *testing.T) {
	for _, test := range archiveFaults {
		t.Run(test.name, func(t *testing.T) {
			for preset, want := range map[string]string{"audit": test.audit, "recommended": test.recommended, "strict": test.strict} {
				latest := edition{Version: "1.0.1", Published: "2026-10-01", Archive: test.archive, Served: test.served}
				if latest.Archive == nil {
					latest.Archive = library("lib", "1.0.1", "exports.a = 1;\n")
				}
				r := libraryUpdate(t, preset, latest, test.version, test.fault)
				if r.Verdict != want {
					t.Errorf("%s: verdict %s, want %s", preset, r.Verdict, want)
				}
				if got := matters(r); !strings.HasPrefix(got, test.want) {
					t.Errorf("%s: %s, want %s", preset, got, test.want)
				}
			}
		})
	}
}

// libraryUpdate judges an update from 1.0.0 over a real connection, with a fault
// in the place of one of the archives if there is one.
func libraryUpdate(t *testing.T, preset string, latest edition, version, fault string) *report.Report {
	t.Helper()
	s := stage{Packages: map[string]history{"lib": {Publisher: "ann", Releases: []edition{
		{Version: "1.0.0", Published: "2026-09-01", Archive: library("lib", "1.0.0", "exports.a = 0;\n")}, latest,
	}}}}
	files := s.files(t, replayDay, false)
	if fault != "" {
		files["archives/lib@"+version+".fault"] = &fstest.MapFile{Data: []byte(fault)}
	}
	w := &worldtest.World{Files: files}
	w.Start()
	defer w.Close()
	b := bump{Package: "lib", From: "1.0.0", To: "1.0.1"}
	side := func(version string) string {
		lock := s.lockfile(t, b, map[string]string{"lib": version})
		return folder(t, map[string]string{"package.json": manifestOf("lib", version),
			"package-lock.json": strings.ReplaceAll(lock, "https://npm.example.com/", w.NPM())})
	}
	environment := map[string]string{"NPM_CONFIG_REGISTRY": w.NPM(), "LOCKKEEPER_OSV_URL": w.OSV()}
	return check(t, side("1.0.0"), side("1.0.1"), Options{
		Now:       replayDay,
		Content:   true,
		Overrides: policy.Overrides{Preset: preset},
		Getenv:    func(name string) string { return environment[name] },
	})
}

func library(name, version, code string) []byte {
	return worldtest.Pack(map[string][]byte{
		"package.json": fmt.Appendf(nil, "{\"name\": %q, \"version\": %q, \"main\": \"index.js\"}\n", name, version),
		"index.js":     []byte(code),
	})
}

// squeezed is an archive of one file with so many zeros.
func squeezed(size int64) []byte {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	archive := tar.NewWriter(zip)
	_ = archive.WriteHeader(&tar.Header{Name: "package/index.js", Mode: 0o644, Size: size})
	_, _ = archive.Write(make([]byte, size))
	_ = archive.Close()
	_ = zip.Close()
	return packed.Bytes()
}

// matters says what was found, and what is missing of content.
func matters(r *report.Report) string {
	var parts []string
	for _, c := range r.Changes {
		for _, f := range c.Findings {
			parts = append(parts, f.Signal)
		}
		for _, g := range c.Gaps {
			if g.Check == "content" {
				parts = append(parts, "a gap: "+g.Reason)
			}
		}
	}
	if parts == nil {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}
