package report

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

func integrity(algorithm string, size int) string {
	return algorithm + "-" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{0xab}, size))
}

// stock is what two lockfiles pin, with every source and doubt.
func stock() []*lockfile.Inventory {
	return []*lockfile.Inventory{
		{
			Path: "package-lock.json", Ecosystem: "npm", Format: "npm-lock-v3",
			Doubts: []lockfile.Doubt{{Line: 30, Key: "node_modules/twin", Message: "the key stands twice", Packages: true}},
			Roots: []lockfile.Root{
				{Name: "web", Line: 5, Dependencies: []lockfile.Dependency{
					{Name: "@babel/core", Spec: "^7.0.0", Key: "node_modules/@babel/core"},
					{Name: "tool", Spec: "*", Key: "node_modules/tool"},
				}},
				{Name: "tool", Folder: "packages/tool", Line: 60},
			},
			Entries: []lockfile.Entry{
				{
					Line: 12, Key: "node_modules/@babel/core", Name: "@babel/core", Version: "7.29.0", Source: lockfile.Registry,
					Resolved: "https://npm.example.com/@babel/core/-/core-7.29.0.tgz", Integrity: []string{integrity("sha1", 20), integrity("sha512", 64)},
					Direct: true, Dev: true, InstallScript: lockfile.No,
					Dependencies: []lockfile.Dependency{
						{Name: "debug", Spec: "^4.1.0", Key: "node_modules/debug"},
						{Name: "fsevents", Spec: "^2.0.0", Kind: lockfile.OptionalKind},
					},
				},
				{Line: 20, Key: "node_modules/debug", Name: "debug", Version: "4.4.1", Source: lockfile.Registry, Deprecated: "old"},
				{
					Line: 28, Key: "node_modules/twin", Name: "left-pad", Alias: "twin", Version: "1.3.0", Source: lockfile.Git,
					Resolved: "git+ssh://git@git.example/left-pad.git#8c1f3a0", InstallScript: lockfile.Yes, Optional: true,
				},
				{Line: 40, Key: "node_modules/twin", Name: "left-pad", Version: "1.3.0", Source: lockfile.URL, Resolved: "https://files.example/left-pad.tgz"},
				{Line: 50, Key: "node_modules/tool", Name: "tool", Source: lockfile.Link, Resolved: "packages/tool"},
				{Line: 60, Key: "packages/tool", Name: "tool", Version: "0.0.1", Source: lockfile.Workspace, Dependencies: []lockfile.Dependency{{Name: "debug", Spec: "*", Key: "node_modules/debug"}}},
			},
		},
		{Path: "empty/npm-shrinkwrap.json", Ecosystem: "npm", Format: "npm-lock-v1"},
	}
}

func TestInventoryGolden(t *testing.T) {
	for format, extension := range map[string]string{"text": "txt", "json": "json", "cyclonedx": "cdx.json"} {
		got := inventory(t, format, stock(), Options{Version: "0.1.0"})
		golden(t, "inventory."+extension, got)
		if again := inventory(t, format, stock(), Options{Version: "0.1.0"}); !bytes.Equal(got, again) {
			t.Errorf("%s: a second run gives other bytes", format)
		}
		golden(t, "inventory.none."+extension, inventory(t, format, nil, Options{}))
	}
	golden(t, "inventory.color.txt", inventory(t, "text", stock(), Options{Color: true}))
}

func inventory(t testing.TB, format string, inventories []*lockfile.Inventory, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := RenderInventory(&b, format, inventories, o); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return b.Bytes()
}

func TestInventoryJSONSaysUnknown(t *testing.T) {
	var doc struct {
		Packages []map[string]any
	}
	if err := json.Unmarshal(inventory(t, "json", stock(), Options{}), &doc, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	for i, want := range []any{false, nil, true, nil, nil, nil} {
		got, ok := doc.Packages[i]["install_script"]
		if !ok || got != want {
			t.Errorf("entry %d: install_script is %v (present: %t), want %v", i, got, ok, want)
		}
		for _, list := range []string{"integrity", "dependencies"} {
			if _, ok := doc.Packages[i][list].([]any); !ok {
				t.Errorf("entry %d: %s is no list", i, list)
			}
		}
	}
}

// The library brings the standard's schemas in a folder beside its source.
func TestCycloneDXIsValid(t *testing.T) {
	library := runtime.FuncForPC(reflect.ValueOf(cdx.NewBOM).Pointer())
	name, _ := library.FileLine(library.Entry())
	c := jsonschema.NewCompiler()
	for _, file := range []string{"bom-1.6.schema.json", "spdx.schema.json", "jsf-0.82.schemax.json"} {
		data, err := os.Open(filepath.Join(filepath.Dir(name), "schema", file))
		if err != nil {
			t.Fatal(err)
		}
		defer data.Close()
		doc, err := jsonschema.UnmarshalJSON(data)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource("http://cyclonedx.org/schema/"+strings.Replace(file, "schemax", "schema", 1), doc); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := c.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, all := range map[string][]*lockfile.Inventory{"stock": stock(), "none": nil, "warehouse": warehouse(20)} {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(inventory(t, "cyclonedx", all, Options{Time: now})))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCycloneDXGraph(t *testing.T) {
	var bom cdx.BOM
	if err := cdx.NewBOMDecoder(bytes.NewReader(inventory(t, "cyclonedx", stock(), Options{Time: now})), cdx.BOMFileFormatJSON).Decode(&bom); err != nil {
		t.Fatal(err)
	}
	if bom.Metadata.Timestamp != "2026-03-31T08:00:00Z" {
		t.Errorf("time %q", bom.Metadata.Timestamp)
	}
	refs := map[string]bool{}
	for _, c := range *bom.Components {
		if refs[c.BOMRef] {
			t.Errorf("reference %s stands twice", c.BOMRef)
		}
		refs[c.BOMRef] = true
	}
	edges := map[string]string{}
	for _, d := range *bom.Dependencies {
		if !refs[d.Ref] {
			t.Errorf("edges of unknown %s", d.Ref)
		}
		if d.Dependencies == nil {
			continue
		}
		for _, on := range *d.Dependencies {
			if !refs[on] {
				t.Errorf("%s depends on unknown %s", d.Ref, on)
			}
		}
		edges[d.Ref] = strings.Join(*d.Dependencies, " ")
	}
	for ref, want := range map[string]string{
		"package-lock.json#root:":             "package-lock.json#node_modules/@babel/core package-lock.json#node_modules/tool",
		"package-lock.json#node_modules/tool": "package-lock.json#packages/tool",
		"package-lock.json#packages/tool":     "package-lock.json#node_modules/debug",
	} {
		if edges[ref] != want {
			t.Errorf("%s depends on %q, want %q", ref, edges[ref], want)
		}
	}
	if hashes := *(*bom.Components)[1].Hashes; len(hashes) != 2 || hashes[1].Value != strings.Repeat("ab", 64) {
		t.Errorf("hashes %v", hashes)
	}
}

func TestSerialFollowsTheContents(t *testing.T) {
	serial := func(edit func([]*lockfile.Inventory)) string {
		all := stock()
		edit(all)
		var doc struct {
			SerialNumber string `json:"serialNumber"`
		}
		if err := json.Unmarshal(inventory(t, "cyclonedx", all, Options{}), &doc); err != nil {
			t.Fatal(err)
		}
		return doc.SerialNumber
	}
	same := serial(func([]*lockfile.Inventory) {})
	for name, edit := range map[string]func([]*lockfile.Inventory){
		"version": func(all []*lockfile.Inventory) { all[0].Entries[0].Version = "7.29.1" },
		"hash":    func(all []*lockfile.Inventory) { all[0].Entries[0].Integrity = nil },
		"edge":    func(all []*lockfile.Inventory) { all[0].Entries[0].Dependencies = nil },
	} {
		if serial(edit) == same {
			t.Errorf("another %s, the same serial number", name)
		}
	}
}

// What a lockfile says is shown, never obeyed.
func TestInventoryOfHostileLockfile(t *testing.T) {
	for _, payload := range payloads {
		all := stock()
		for _, inv := range all {
			plant(reflect.ValueOf(inv), "", func(string, string) string { return payload })
		}
		for _, format := range InventoryFormats() {
			out := inventory(t, format, all, Options{Version: payload})
			if err := inertText(out); err != nil {
				t.Errorf("%s, %.60q: %v", format, payload, err)
			}
			var doc any
			if format != "text" {
				if err := json.Unmarshal(out, &doc); err != nil {
					t.Errorf("%s, %.60q: %v", format, payload, err)
				}
			}
		}
	}
}

func TestRenderInventoryOfUnknownFormat(t *testing.T) {
	if err := RenderInventory(io.Discard, "spdx", stock(), Options{}); err == nil {
		t.Error("no error")
	}
}

// warehouse pins n packages.
func warehouse(n int) []*lockfile.Inventory {
	inv := &lockfile.Inventory{Path: "package-lock.json", Ecosystem: "npm", Format: "npm-lock-v3"}
	for i := range n {
		e := lockfile.Entry{
			Line: 10 * i, Name: fmt.Sprintf("package-%d", i), Version: "1.2.3", Source: lockfile.Registry,
			Resolved:  fmt.Sprintf("https://npm.example.com/package-%d/-/package-%d-1.2.3.tgz", i, i),
			Integrity: []string{integrity("sha512", 64)},
		}
		e.Key = "node_modules/" + e.Name
		for j := range 3 {
			name := fmt.Sprintf("package-%d", (i*7+j)%n)
			e.Dependencies = append(e.Dependencies, lockfile.Dependency{Name: name, Spec: "^1.0.0", Key: "node_modules/" + name})
		}
		inv.Entries = append(inv.Entries, e)
	}
	return []*lockfile.Inventory{inv}
}

func BenchmarkInventory(b *testing.B) {
	for _, n := range []int{6_000, 100_000} {
		all := warehouse(n)
		for _, format := range InventoryFormats() {
			b.Run(fmt.Sprintf("%s/%d", format, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := RenderInventory(io.Discard, format, all, Options{}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkRender(b *testing.B) {
	r := large()
	for _, format := range Formats() {
		b.Run(format, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := Render(io.Discard, format, r, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A pnpm-lock.yaml with two documents has two roots in one folder, and berry's
// workspaces are entries as well as roots.
func TestCycloneDXRefsAreUnique(t *testing.T) {
	inv := &lockfile.Inventory{
		Path: "pnpm-lock.yaml", Ecosystem: "npm",
		Roots:   []lockfile.Root{{Name: "environment", Line: 2}, {Name: "project", Line: 9}, {Name: "web", Folder: "web", Line: 20}},
		Entries: []lockfile.Entry{{Key: "web@workspace:web", Name: "web", Line: 20, Source: lockfile.Workspace}},
	}
	var bom cdx.BOM
	text := inventory(t, "cyclonedx", []*lockfile.Inventory{inv}, Options{Time: now})
	if err := cdx.NewBOMDecoder(bytes.NewReader(text), cdx.BOMFileFormatJSON).Decode(&bom); err != nil {
		t.Fatal(err)
	}
	var refs []string
	for _, c := range *bom.Components {
		refs = append(refs, c.BOMRef)
	}
	want := []string{"pnpm-lock.yaml#root:", "pnpm-lock.yaml#root:@1", "pnpm-lock.yaml#web@workspace:web"}
	if diff := cmp.Diff(want, refs); diff != "" {
		t.Errorf("references (-want +got):\n%s", diff)
	}
}
