package lockfile

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/manifest/yamlline"
)

// costlyPNPM are files that cost much for their size where a defence is
// missing: each has its own.
var costlyPNPM = []struct {
	name string
	data func() string
}{
	{"a section repeated", func() string { return strings.Repeat("packages: {a@1.0.0: {}}\n", 20_000) }},
	{"an entry repeated", func() string { return "packages:\n" + strings.Repeat("  a@1.0.0: {version: 1, version: 2}\n", 20_000) }},
	{"a field repeated", func() string {
		return "packages:\n  a@1.0.0:\n" + strings.Repeat("    version: 1.0.0\n    resolution: {integrity: x, integrity: y}\n", 12_000)
	}},
	{"an importer repeated", func() string {
		return "importers:\n" + strings.Repeat("  .: {dependencies: {a: 1, a: 2}, dependencies: {}}\n", 12_000)
	}},
	{"snapshots of one package", func() string {
		return "lockfileVersion: '9.0'\npackages: {a@1.0.0: {}}\nsnapshots:\n" +
			repeat(12_000, "  a@1.0.0(b@%d): {dependencies: {b: 1.0.0, c: link:c}}\n")
	}},
	{"snapshots of one package that differ", func() string {
		return "lockfileVersion: '9.0'\npackages: {a@1.0.0: {}}\nsnapshots:\n" +
			repeat(12_000, "  a@1.0.0(b@%[1]d): {dependencies: {b%[1]d: link:c}}\n")
	}},
	{"snapshots without packages", func() string {
		return "lockfileVersion: '9.0'\nsnapshots:\n" + repeat(12_000, "  a%[1]d@1.0.0(b@%[1]d): {dependencies: {a0: 1.0.0}}\n")
	}},
	{"references that are all brackets", func() string {
		ref := strings.Repeat("(", 20_000) + strings.Repeat(")", 20_000)
		return "lockfileVersion: '9.0'\npackages: {a@1.0.0: {}}\nsnapshots:\n  a@1.0.0:\n    dependencies:\n" +
			repeat(30, "      a%d: 1.0.0"+ref+"\n")
	}},
	{"keys that are all brackets", func() string {
		return "lockfileVersion: '9.0'\nsnapshots:\n" + repeat(60, "  a@file:%d"+strings.Repeat("()", 15_000)+": {}\n")
	}},
	{"nothing but keys", func() string { return "{packages: {" + repeat(40_000, "%d,") + "}}" }},
	{"nothing but edges", func() string {
		return "{packages: {a@1.0.0: {dependencies: {" + repeat(40_000, "%d,") + "}}}}"
	}},
	{"nothing but requests", func() string {
		return "importers:\n  .:\n    dependencies:\n" + repeat(100_000, "      %d: {}\n")
	}},
	{"nothing but variants", func() string {
		return "packages:\n  a@runtime:1.0.0:\n    resolution:\n      type: variations\n      variants:\n" + strings.Repeat("        - resolution: {}\n", 50_000)
	}},
	{"variants in variants", func() string {
		return "{packages: {a@runtime:1.0.0: {" + strings.Repeat("resolution: {variants: [{", 20) + strings.Repeat("}]}", 20) + "}}}"
	}},
	{"half a conflict", func() string { return strings.Repeat("# <<<<<<<\n#=======\n", 100_000) }},
	{"a git address of many parts", func() string {
		return "packages:\n  a@https://gitlab.com/x: {resolution: {tarball: https://gitlab.com" + strings.Repeat("/x", 100_000) + "}}\n"
	}},
}

func TestPNPMIsBounded(t *testing.T) {
	for _, costly := range costlyPNPM {
		t.Run(costly.name, func(t *testing.T) {
			data := []byte(costly.data())
			walk, err := yamlline.Parse(data)
			if err != nil {
				t.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			inv, err := readPNPMDocuments(Input{Path: "pnpm-lock.yaml", Data: data}, walk)
			took := time.Since(start)
			runtime.ReadMemStats(&after)

			if limit := time.Second + time.Duration(len(data))*time.Microsecond; took > limit {
				t.Errorf("%d bytes took %s", len(data), took)
			}
			// Half of this and less is held at any time.
			if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 1<<20+100*uint64(len(data)) {
				t.Errorf("%d bytes made %d allocated", len(data), allocated)
			}
			if err == nil && len(inv.Doubts) > maxDoubts+1 {
				t.Errorf("%d doubts", len(inv.Doubts))
			}
		})
	}
}

// Each cap has a file that exceeds it, and a message with the number.
func TestPNPMCaps(t *testing.T) {
	for _, c := range []struct {
		name, data, want string
	}{
		{"size", strings.Repeat(" ", maxSize+1), "app/pnpm-lock.yaml: reading: 67108865 bytes are more than the 67108864 that are read"},
		{"entries", "{packages: {\n" + strings.Repeat("a,", 5000) + "}}", "app/pnpm-lock.yaml:2: reading: there are more than 1312 entries"},
		{"snapshots", "{snapshots: {\n" + strings.Repeat("a,", 5000) + "}}", "app/pnpm-lock.yaml:2: reading: there are more than 1313 entries"},
		{"edges", "{packages: {a@1.0.0: {dependencies: {\n" + strings.Repeat("a,", 5000) + "}}}}",
			"app/pnpm-lock.yaml:2: reading: there are more than 2255 requests of packages for packages"},
		{"requests", "{importers: {.: {dependencies: {\n" + strings.Repeat("a,", 5000) + "}}}}",
			"app/pnpm-lock.yaml:2: reading: there are more than 2254 requests of packages for packages"},
		{"importers", "{importers: {\n" + strings.Repeat("a,", 5000) + "}}",
			"app/pnpm-lock.yaml:2: reading: there are more than 2252 requests of packages for packages"},
		{"key", "packages:\n  " + strings.Repeat("k", maxPNPMKey+1) + ": {}\n", "app/pnpm-lock.yaml:2: reading: there are more than 65536 bytes in the key of an entry"},
		{"importer", "importers:\n  " + strings.Repeat("k", maxKey+1) + ": {}\n", "app/pnpm-lock.yaml:2: reading: there are more than 4096 bytes in the path of an importer"},
		{"edges of snapshots", "{snapshots: {a@1.0.0: {dependencies: {\n" + strings.Repeat("a,", 5000) + "}}}}",
			"app/pnpm-lock.yaml:2: reading: there are more than 2255 requests of packages for packages"},
		{"documents", strings.Repeat("---\na: 1\n", maxDocuments+1), "app/pnpm-lock.yaml:32: reading: there are more than 16 documents"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse(Input{Path: "app/pnpm-lock.yaml", Data: []byte(c.data)})
			if err == nil || err.Error() != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

// A message from a hostile file stays short.
func TestPNPMDoubtsAreShort(t *testing.T) {
	long := "'" + strings.Repeat("x", 100_000) + "'"
	data := strings.ReplaceAll(`{lockfileVersion: X, importers: {.: {dependencies: {a: X, a: {version: X, specifier: []}, a: {version: []}}}}, packages: {
a@1.0.0: {version: X, version: [X], name: X, Resolution: X, resolution: {integrity: X, tarball: X, type: X}, dev: X, dependencies: {a: X, a: Y}},
a@2.0.0: {resolution: {tarball: X}}, a@3.0.0: X, 'é': {}}, snapshots: {a@1.0.0: {resolution: {}}, b@1.0.0: {}}, dependencies: X}`, "X", long)
	inv, err := Parse(Input{Path: "pnpm-lock.yaml", Data: []byte(data)})
	if err != nil {
		t.Fatal(err)
	}
	if len(inv.Doubts) < 15 {
		t.Errorf("%d doubts", len(inv.Doubts))
	}
	for _, d := range inv.Doubts {
		if len(d.Message) > 400 {
			t.Errorf("a message of %d bytes: %.100s", len(d.Message), d.Message)
		}
	}
	if len(inv.Format) > 40 {
		t.Errorf("the format has %d bytes", len(inv.Format))
	}
}
