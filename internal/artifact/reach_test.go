package artifact

import (
	"fmt"
	"strings"
	"testing"
)

// reachOf gives how one file of an archive comes to run.
func reachOf(t *testing.T, manifest, path string, more ...string) Reach {
	t.Helper()
	p := mustOpen(t, pack(t, files(append([]string{"package.json", manifest}, more...)...)...))
	for _, f := range p.Files {
		if f.Path == path {
			return f.Reach
		}
	}
	t.Fatalf("no %s in %q", path, paths(p))
	return ""
}

func TestWhatAnInstallRuns(t *testing.T) {
	for command, want := range map[string]Reach{
		`node a.js`:                   AtInstall,
		`node ./a`:                    AtInstall,
		`node "a.js" --flag`:          AtInstall,
		`node --no-warnings a.js`:     AtInstall,
		`node -r ./a.js -e "1"`:       AtInstall,
		`node --import=./a.js b.js`:   AtInstall,
		`true && (node a.js || true)`: AtInstall,
		`A=1 B='2 3' node a.js`:       AtInstall,
		`npx cross-env A=1 node a.js`: AtInstall,
		`/usr/bin/node a.js`:          AtInstall,
		`node.exe .\a.js`:             AtInstall,
		`./a.js`:                      AtInstall,
		`sh -c "node 'a.js'"`:         AtInstall,
		`npm run other`:               AtInstall,
		`yarn other`:                  AtInstall,
		`cd sub && node ../a.js`:      AtInstall,
		"echo `node a.js`":            AtInstall,
		`echo $(node a.js)`:           AtInstall,
		`node -e "require('./a')"`:    AtInstall,
		`echo a.js`:                   Unknown,
		`node ../../a.js`:             Unknown,
		`npm run nothing`:             Unknown,
		``:                            Unknown,
		strings.Repeat(`npm run loop;`, 100) + `x`:  Unknown,
		strings.Repeat("(", 100_000) + "node a.js":  AtInstall,
		strings.Repeat("true;", 1000) + "node a.js": AtInstall,
	} {
		manifest := fmt.Sprintf(`{"main":"x","scripts":{"postinstall":%q,"other":"node a.js","loop":"npm run loop"}}`, command)
		if got := reachOf(t, manifest, "a.js", "a.js", ""); got != want {
			t.Errorf("%.60s: %q, want %q", command, got, want)
		}
	}
}

func TestPrepareDoesNotRunFromAnArchive(t *testing.T) {
	if got := reachOf(t, `{"scripts":{"prepare":"node a.js"}}`, "a.js", "a.js", ""); got != Unknown {
		t.Errorf("%q", got)
	}
}

func TestTheWidestReachIsNamed(t *testing.T) {
	all := `{"main":"a.js","bin":"a.js","scripts":{"install":"node a.js"}}`
	if got := reachOf(t, all, "a.js", "a.js", ""); got != AtInstall {
		t.Errorf("%q", got)
	}
	if got := reachOf(t, `{"main":"test/a.js"}`, "test/a.js", "test/a.js", ""); got != AtImport {
		t.Errorf("in a folder of tests: %q", got)
	}
}

func TestModulesThatLoadEachOther(t *testing.T) {
	if got := reachOf(t, `{}`, "b.js", "index.js", "require('./b')", "b.js", "require('./index'); require('./b'); require('../../x')"); got != AtImport {
		t.Errorf("%q", got)
	}
}

// A chain of files that don't look like code is followed so far, and what lies
// beyond is never taken for clean.
func TestDisguisedCodeIsFollowed(t *testing.T) {
	pairs := []string{"package.json", `{"main":"0.dat"}`}
	for i := range maxRounds + 2 {
		pairs = append(pairs, fmt.Sprintf("%d.dat", i), fmt.Sprintf("require('./%d.dat'); exec('x')", i+1))
	}
	p := mustOpen(t, pack(t, files(pairs...)...))
	for i := range maxRounds {
		if f := p.Files[i]; f.Kind != Script || f.Code == nil || f.Code.Uses == nil || f.Code.Language != "js" {
			t.Errorf("%s: %s, %+v", f.Path, f.Kind, f.Code)
		}
	}
	if f := p.Files[maxRounds]; f.Code == nil || f.Code.Unreadable == "" {
		t.Errorf("%s: %+v", f.Path, f.Code)
	}
}

// Of two files at one path the later is read again.
func TestDisguisedDuplicates(t *testing.T) {
	p := mustOpen(t, pack(t, files("package.json", `{"main":"a.dat"}`, "a.dat", "1234567890", "a.dat", "exec('yy')", "a.dat", "eval('zz')")...))
	if f := p.Files[0]; f.Code == nil || len(f.Code.Uses) != 1 || f.Code.Uses[0].What != "eval" {
		t.Errorf("%+v", f.Code)
	}
}

// Nested conditions as deep as a document may be, and patterns without end.
func TestExportsOfAnyShape(t *testing.T) {
	deep := `{"exports":` + strings.Repeat(`{"a":[`, 60) + `"./a.js"` + strings.Repeat(`]}`, 60) + `}`
	if got := reachOf(t, deep, "a.js", "a.js", ""); got != AtImport {
		t.Errorf("deep: %q", got)
	}
	flood := `{"exports":[` + strings.Repeat(`"./*",`, maxTargets) + `"./*"]}`
	if got := reachOf(t, flood, "a.js", "a.js", ""); got != AtImport {
		t.Errorf("flood: %q", got)
	}
	tooDeep := `{"exports":` + strings.Repeat(`[`, 100_000) + strings.Repeat(`]`, 100_000) + `}`
	if p := mustOpen(t, pack(t, files("package.json", tooDeep)...)); len(p.Faults) != 1 || p.Faults[0].Kind != UnreadManifest {
		t.Errorf("too deep: %v", p.Faults)
	}
}

// A program that an install runs is no script for that.
func TestWhatIsCompiledStaysSo(t *testing.T) {
	p := mustOpen(t, pack(t, files("package.json", `{"scripts": {"preinstall": "./tools/setup"}}`, "tools/setup", "\x7fELF\x02\x01\x00")...))
	if f := p.Files[1]; f.Kind != Binary || f.Reach != AtInstall {
		t.Errorf("%s is of kind %q, reached at %q", f.Path, f.Kind, f.Reach)
	}
}
