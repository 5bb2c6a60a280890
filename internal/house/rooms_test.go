package house

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// rooms are the rooms of the house and the rooms that each may import: those
// before it in the picture that it needs, and no other.
var rooms = map[string][]string{
	"version":     {},
	"fetch":       {},
	"tree":        {},
	"manifest":    {},
	"target":      {"tree"},
	"lockfile":    {"manifest"},
	"change":      {"lockfile", "version"},
	"registry":    {"fetch", "version"},
	"code":        {},
	"artifact":    {"code", "fetch", "manifest"},
	"attestation": {"fetch"},
	"advisory":    {"fetch", "version"},
	"evidence":    {"advisory", "artifact", "attestation", "change", "code", "fetch", "lockfile", "manifest", "registry", "version"},
	"signal":      {"advisory", "artifact", "attestation", "change", "code", "evidence", "lockfile", "manifest", "registry", "version"},
	"policy":      {"advisory", "change", "evidence", "signal"},
	"report":      {"advisory", "artifact", "change", "evidence", "lockfile", "policy", "signal", "target"},
	"gate": {
		"advisory", "artifact", "attestation", "change", "evidence", "fetch", "lockfile", "manifest", "policy", "registry", "report", "signal",
		"target", "tree", "version",
	},
	"github": {"advisory", "fetch", "report", "tree"},
	"action": {"report"},
	"cli":    {"action", "attestation", "fetch", "gate", "github", "lockfile", "policy", "report", "signal", "target", "tree"},
	"main":   {"cli"},

	"house":        {},
	"corpustest":   {},
	"benchmark":    {},
	"differential": {"lockfile"},
	"browser":      {},
	"emulator":     {},
	"npmtest":      {},
	"standin":      {},
}

// doors are packages that only the named rooms may import, outside of tests.
var doors = map[string][]string{
	"github.com/sethvargo/go-githubactions": {"action"},
	"github.com/google/go-github/":          {"github"},
	"github.com/go-git/":                    {"tree"},
	"github.com/pelletier/go-toml/":         {"manifest"},
	"github.com/sigstore/":                  {"attestation"},
	"github.com/theupdateframework/":        {"attestation"},
	"github.com/tdewolff/":                  {"code"},
	"net/http":                              {"advisory", "cli", "fetch", "gate", "github", "main"}, // names of its types; see calls
	"net":                                   {"fetch"},
	"crypto/tls":                            {"fetch"},
	"os/exec":                               {},
	"unsafe":                                {"lockfile"}, // in Input.text alone
	"plugin":                                {},
}

// calls are functions that only the named rooms may mention, outside of tests.
var calls = map[string][]string{
	"os.Getenv":          {"main"},
	"os.LookupEnv":       {"main"},
	"os.Environ":         {"main"},
	"os.Exit":            {"main"},
	"time.Now":           {"fetch", "main"}, // fetch measures how long it waits; a verdict's time is handed in
	"time.Since":         {"fetch"},
	"time.Until":         {"fetch"},
	"http.Client":        {"fetch", "github"},
	"http.Transport":     {"fetch"},
	"http.DefaultClient": {},
	"http.Get":           {},
	"http.Post":          {},
	"http.Head":          {},
}

func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	for _, s := range sources(t) {
		allowed, known := rooms[s.room()]
		if !known {
			t.Errorf("%s: the room %s has no row in the table", s.path, s.room())
		}
		for _, path := range s.imports() {
			inside, ours := strings.CutPrefix(path, module+"internal/")
			if !ours || s.inTest() {
				continue
			}
			room, _, _ := strings.Cut(inside, "/")
			if isTestPackage(inside) {
				t.Errorf("%s imports %s, which is for tests", s.path, inside)
			}
			if room != s.room() && !slices.Contains(allowed, room) {
				t.Errorf("%s imports %s; %s may import %v", s.path, inside, s.room(), allowed)
			}
		}
	}
}

// The table itself must lead one way.
func TestNoRoomLeadsBackToItself(t *testing.T) {
	var visit func(room string, via []string)
	visit = func(room string, via []string) {
		if slices.Contains(via, room) {
			t.Fatalf("%s leads back to itself: %s", room, strings.Join(append(via, room), " imports "))
		}
		for _, next := range rooms[room] {
			visit(next, append(slices.Clone(via), room))
		}
	}
	for _, room := range slices.Sorted(maps.Keys(rooms)) {
		visit(room, nil)
	}
}

func TestOnlyOneRoomOpensEachDoor(t *testing.T) {
	for _, s := range sources(t) {
		if s.inTest() {
			continue
		}
		for _, path := range s.imports() {
			for door, keepers := range doors {
				through := path == door || strings.HasSuffix(door, "/") && strings.HasPrefix(path, door)
				if through && !slices.Contains(keepers, s.room()) {
					t.Errorf("%s imports %s, which is for %v", s.path, path, keepers)
				}
			}
		}
	}
}

func TestClockAndEnvironmentAreHandedIn(t *testing.T) {
	for _, s := range sources(t) {
		if s.inTest() {
			continue
		}
		for _, mention := range mentions(s.syntax) {
			if keepers, ruled := calls[mention]; ruled && !slices.Contains(keepers, s.room()) {
				t.Errorf("%s mentions %s, which is for %v", s.path, mention, keepers)
			}
		}
	}
}
