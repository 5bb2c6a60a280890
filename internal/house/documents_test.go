package house

import (
	"bytes"
	"go/ast"
	"io/fs"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/registry"
)

// publicTable is the one file in which public registries' addresses stand.
const publicTable = "internal/registry/defaults.go"

// The hosts come from the table at run time, so that this test does not write
// down what it forbids. Documents may name the services that are no registry.
func TestPublicHostsStandInOneTable(t *testing.T) {
	var registries []string
	for _, public := range registry.Public {
		registries = append(registries, public.Public...)
		if !slices.Contains(public.Public, public.URL) {
			t.Errorf("%s is not among the ecosystem's public addresses", public.URL)
		}
	}
	services := []string{registry.PublicOSV, registry.PublicGitHub, registry.PublicTUF}
	table := document(t, publicTable)
	err := files(func(path string, data []byte) error {
		forbidden := registries
		if strings.HasSuffix(path, ".go") {
			forbidden = slices.Concat(registries, services)
		}
		for _, address := range forbidden {
			host := host(t, address)
			if !strings.Contains(table, host) {
				t.Fatalf("%s does not hold %s", publicTable, host)
			}
			if path != publicTable && bytes.Contains(data, []byte(host)) {
				t.Errorf("%s writes down %s; take it from %s", path, host, publicTable)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func host(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		t.Fatalf("%q in the table is no address: %v", address, err)
	}
	return u.Host
}

// Whoever adds a dependency says why it is worth its place.
func TestEachDirectDependencyIsExplained(t *testing.T) {
	explained := document(t, "docs/dependencies.md")
	direct := directDependencies(document(t, "go.mod"))
	if len(direct) == 0 {
		t.Fatal("go.mod has no direct dependency")
	}
	for _, path := range direct {
		if !strings.Contains(explained, "`"+path+"`") {
			t.Errorf("docs/dependencies.md does not name `%s`", path)
		}
	}
}

// directDependencies reads the required modules of a go.mod that are not
// marked as another's.
func directDependencies(mod string) []string {
	var direct []string
	required := false
	for line := range strings.Lines(mod) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0:
		case fields[0] == "require" && len(fields) > 1 && fields[1] == "(":
			required = true
		case fields[0] == ")":
			required = false
		case fields[0] == "require" && !strings.HasSuffix(strings.TrimSpace(line), "// indirect"):
			direct = append(direct, fields[1])
		case required && fields[0] != "//" && !strings.HasSuffix(strings.TrimSpace(line), "// indirect"):
			direct = append(direct, fields[0])
		}
	}
	return direct
}

func TestDirectDependencies(t *testing.T) {
	got := directDependencies("module m\n\ngo 1.26.0\n\nrequire a.example/x v1.0.0\n\nrequire (\n\tb.example/y v1.0.0\n\tc.example/z v1.0.0 // indirect\n)\n")
	if !slices.Equal(got, []string{"a.example/x", "b.example/y"}) {
		t.Errorf("read %q", got)
	}
}

// What the documents name in backquotes: a test with its room, and test data.
var (
	namedTest = regexp.MustCompile(`(?:\b([a-z]+)\.)?\b((?:Test|Fuzz)[A-Z]\w*)`)
	namedData = regexp.MustCompile("`(testdata/[^`]+)`")
)

// A defence that the threat model claims is tried by a test that exists.
func TestTheThreatModelNamesTestsThatExist(t *testing.T) {
	written := map[string]bool{}
	for _, s := range sources(t) {
		for _, d := range s.syntax.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && strings.HasSuffix(s.path, "_test.go") {
				written[s.room()+"."+f.Name.Name] = true
			}
		}
	}
	model := document(t, "docs/threat-model.md")
	named := namedTest.FindAllStringSubmatch(model, -1)
	if len(named) == 0 {
		t.Error("docs/threat-model.md names no test")
	}
	for _, test := range named {
		if !written[test[0]] {
			t.Errorf("docs/threat-model.md names %s, which does not exist; write it as room.TestName", test[0])
		}
	}
	for _, data := range namedData.FindAllStringSubmatch(model, -1) {
		if _, err := fs.Stat(root, data[1]); err != nil {
			t.Errorf("docs/threat-model.md: %v", err)
		}
	}
}
