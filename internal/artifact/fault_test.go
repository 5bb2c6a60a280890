package artifact

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

const manifest = `{"name":"x","version":"1.0.0"}`

// plain is an archive that nothing is wrong with.
func plain(more ...item) []item { return append(files("package.json", manifest), more...) }

func of(kind byte, name, link string) item {
	return item{name: name, header: tar.Header{Typeflag: kind, Linkname: link}}
}

func TestPlainArchivesHaveNoFaults(t *testing.T) {
	long := "package/" + strings.Repeat("folder/", 30) + "index.js"
	p := mustOpen(t, pack(t, plain(
		of(tar.TypeDir, "package/lib/", ""),
		item{name: "package/lib/a.js"},
		item{name: "package/lib/b.js", header: tar.Header{Format: tar.FormatPAX, PAXRecords: map[string]string{"comment": "made by a test"}}},
		item{name: long, body: "x"},
		item{name: long + "x", body: "x", header: tar.Header{Format: tar.FormatGNU}},
		item{name: "package/日本語.js"},
	)...))
	if p.Faults != nil {
		t.Errorf("faults: %v", p.Faults)
	}
	if len(p.Files) != 6 {
		t.Errorf("files: %q", paths(p))
	}
}

func TestFaults(t *testing.T) {
	pax := func(records map[string]string) tar.Header {
		return tar.Header{Format: tar.FormatPAX, PAXRecords: records}
	}
	for _, c := range []struct {
		fault FaultKind
		items []item
		paths string // what npm would unpack besides package.json
	}{
		{Link, []item{of(tar.TypeSymlink, "package/a.js", "/etc/passwd")}, ""},
		{Link, []item{of(tar.TypeLink, "package/a.js", "package/package.json")}, ""},
		{Device, []item{of(tar.TypeChar, "package/a.js", "")}, ""},
		{Device, []item{of(tar.TypeBlock, "package/a.js", "")}, ""},
		{Device, []item{of(tar.TypeFifo, "package/a.js", "")}, ""},
		{UnknownEntry, []item{of('V', "package/a.js", "")}, ""},
		{Traversal, []item{{name: "package/../../a.js"}}, ""},
		{Traversal, []item{{name: "package/lib/.."}}, ""},
		{Traversal, []item{{name: "../a.js"}}, "a.js"},
		{Absolute, []item{{name: "/package/a.js"}}, "package/a.js"},
		{Absolute, []item{{name: "package//etc/a.js"}}, "etc/a.js"},
		{Drive, []item{{name: "C:/a.js"}}, "a.js"},
		{Drive, []item{{name: "package/c:a.js"}}, "c:a.js"},
		{Backslash, []item{{name: `package/..\..\a.js`}}, `..\..\a.js`},
		{ControlCharacter, []item{{name: "package/a\n.js"}}, "a\n.js"},
		{ControlCharacter, []item{{name: "package/a\u202e.js"}}, "a\u202e.js"},
		{ControlCharacter, []item{{name: "package/\xff.js"}}, "\ufffd.js"},
		{Duplicate, []item{{name: "package/a.js", body: "1"}, {name: "package/a.js", body: "2"}}, "a.js"},
		{Duplicate, []item{{name: "package/a.js", body: "1"}, {name: "package/./a.js", body: "2"}}, "a.js"},
		{CaseCollision, []item{{name: "package/a.js"}, {name: "package/A.js"}}, "A.js a.js"},
		{UnicodeCollision, []item{{name: "package/é.js"}, {name: "package/e\u0301.js"}}, "e\u0301.js é.js"},
		{FileAndFolder, []item{{name: "package/a"}, {name: "package/a/b.js"}}, "a a/b.js"},
		{NoFolder, []item{{name: "a.js"}}, ""},
		{TopFolders, []item{{name: "other/a.js"}}, "a.js"},
		{LongPath, []item{{name: "package/" + strings.Repeat("a", maxPath)}}, ""},
		{DeepPath, []item{{name: "package/" + strings.Repeat("a/", maxDepth+1) + "b"}}, strings.Repeat("a/", maxDepth+1) + "b"},
		{Sparse, []item{{name: "package/a.js", header: pax(map[string]string{"SCHILY.realsize": "5"})}}, "a.js"},
		{HeaderConflict, []item{{name: "package/a.js", header: pax(map[string]string{"vendor.type": "5"})}}, "a.js"},
		{GlobalHeader, []item{{header: tar.Header{Typeflag: tar.TypeXGlobalHeader, PAXRecords: map[string]string{"path": "package/b.js"}}}, {name: "package/a.js"}}, "a.js"},
		{DuplicateMember, files("package.json", `{"scripts":{},"scripts":{"install":"node x"}}`), ""},
		{UnreadManifest, files("package.json", `{"name":`), ""},
	} {
		name := fmt.Sprintf("%s %.30q", c.fault, c.items[0].name)
		t.Run(name, func(t *testing.T) {
			items := plain(c.items...)
			if c.items[0].name == "package/package.json" {
				items = c.items
			}
			p := mustOpen(t, pack(t, items...))
			want := []FaultKind{c.fault}
			if top, _, _ := strings.Cut(items[len(items)-1].name, "/"); top != "package" && c.paths != "" && c.fault != TopFolders {
				want = append(want, TopFolders)
				slices.Sort(want)
			}
			if got := faultKinds(p); !slices.Equal(got, want) {
				t.Errorf("faults: %v, want %v", p.Faults, want)
			}
			got := slices.DeleteFunc(paths(p), func(p string) bool { return p == "package.json" })
			if strings.Join(got, " ") != c.paths {
				t.Errorf("files: %q, want %q", got, c.paths)
			}
		})
	}
}

// A second manifest in another top folder is unpacked over the first.
func TestTheLaterManifestWins(t *testing.T) {
	p := mustOpen(t, pack(t, plain(item{name: "other/package.json", body: `{"name":"y","scripts":{"install":"node x"}}`})...))
	if got := faultKinds(p); !slices.Equal(got, []FaultKind{Duplicate, TopFolders}) {
		t.Errorf("faults: %v", got)
	}
	if p.Manifest.Name != "y" || len(p.Commands) != 1 || p.Manifest.Version != "" {
		t.Errorf("read %+v, %+v", p.Manifest, p.Commands)
	}
}

// npm itself packs some main files twice.
func TestTwiceTheSameBytesIsNoFault(t *testing.T) {
	p := mustOpen(t, pack(t, plain(files("a.js", "1", "a.js", "1")...)...))
	if p.Faults != nil || p.Unpacked != int64(len(manifest)+1) {
		t.Errorf("faults %v, %d bytes", p.Faults, p.Unpacked)
	}
}

// edit changes the header of the entry at a block, and mends its checksum.
func edit(tarball []byte, block int, offset int, text string) []byte {
	tarball = bytes.Clone(tarball)
	h := (*[blockSize]byte)(tarball[block*blockSize:])
	copy(h[offset:], text)
	copy(h[148:], fmt.Sprintf("%06o\x00 ", checksum(h)))
	return tarball
}

func TestHeaderTricks(t *testing.T) {
	three := pack(t, files("package.json", manifest, "a.js", "1", "b.js", "2")...)
	hidden := pack(t, files("c.js", "3")...)[:2*blockSize]
	smuggling := pack(t, files("package.json", manifest, "a.bin", string(hidden))...)
	for _, c := range []struct {
		name    string
		tarball []byte
		faults  []FaultKind
		paths   string
	}{
		{"a wrong checksum", replace(three, 2*blockSize, "q"), []FaultKind{BadHeader}, "b.js package.json"},
		{"a file that names a link's target", edit(smuggling, 2, 157, "x"), []FaultKind{BadHeader}, "c.js package.json"},
		{"a link that names none", edit(three, 2, 156, "2"), []FaultKind{BadHeader}, "b.js package.json"},
		{"a size that is no number", edit(three, 2, 124, "zzzzzzzzzzz"), []FaultKind{BadHeader, HeaderConflict}, "a.js b.js package.json"},
		{"a folder with a body", edit(three, 2, 156, "5"), []FaultKind{BadHeader, SizeOverride}, "b.js package.json"},
		{"a zero block in between", slices.Concat(three[:2*blockSize], make([]byte, blockSize), three[2*blockSize:]), []FaultKind{LoneZeroBlock}, "a.js b.js package.json"},
		{"more behind the end", slices.Concat(three, hidden), []FaultKind{TrailingData}, "a.js b.js package.json"},
		{"half a block behind the end", slices.Concat(three[:6*blockSize], []byte("x")), []FaultKind{TrailingData}, "a.js b.js package.json"},
		{"a size of its own in a header before", oversize(t), []FaultKind{SizeOverride}, "a.js package.json"},
		{"two names for one file", slices.Concat(longName("package/first.js"), longName("package/second.js"), three), []FaultKind{HeaderConflict}, "a.js b.js second.js"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := mustOpen(t, c.tarball)
			if got := faultKinds(p); !slices.Equal(got, c.faults) {
				t.Errorf("faults: %v, want %v", p.Faults, c.faults)
			}
			if got := strings.Join(paths(p), " "); got != c.paths {
				t.Errorf("files: %s, want %s", got, c.paths)
			}
		})
	}
}

func replace(data []byte, at int, text string) []byte {
	data = bytes.Clone(data)
	copy(data[at:], text)
	return data
}

// oversize makes an archive in which a header before a file says that it has
// 1536 bytes, and its own says none: to node-tar the next file lies in it.
func oversize(t *testing.T) []byte {
	rest := pack(t, files("a.js", "", "b.js", "x")...)
	record := []byte("13 size=1536\n")
	x := make([]byte, 2*blockSize)
	copy(x, pack(t, item{name: "package/x", body: string(record)})[:2*blockSize])
	x = edit(x, 0, 156, "x")
	return slices.Concat(pack(t, files("package.json", manifest)...)[:2*blockSize], x, rest[:blockSize], make([]byte, 0), rest[blockSize:])
}

// longName makes GNU tar's header for a name.
func longName(name string) []byte {
	h := make([]byte, 2*blockSize)
	copy(h[blockSize:], name)
	copy(h, "././@LongLink")
	copy(h[124:], fmt.Sprintf("%011o", len(name)+1))
	return edit(h, 0, 156, "L")
}

func TestGzipTricks(t *testing.T) {
	whole := pack(t, files("package.json", manifest, "a.js", "1")...)
	first, second := whole[:2*blockSize], whole[2*blockSize:]
	for _, c := range []struct {
		name    string
		archive []byte
		faults  []FaultKind
		files   int
	}{
		{"two members", slices.Concat(zip(t, first), zip(t, second)), []FaultKind{GzipMembers}, 2},
		{"bytes behind", slices.Concat(zip(t, whole), []byte("more")), []FaultKind{TrailingData}, 2},
		{"zeros behind", slices.Concat(zip(t, whole), make([]byte, 600)), nil, 2},
		{"an archive behind", slices.Concat(zip(t, whole), zip(t, pack(t, files("b.js", "2")...))), []FaultKind{GzipMembers, TrailingData}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := open(c.archive, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if got := faultKinds(p); !slices.Equal(got, c.faults) || len(p.Files) != c.files {
				t.Errorf("faults %v, files %q", got, paths(p))
			}
		})
	}
}

func TestWhatIsNoArchive(t *testing.T) {
	whole := pack(t, files("package.json", manifest, "a.js", strings.Repeat("1", 2000))...)
	damaged := zip(t, whole)
	damaged[len(damaged)-5] ^= 1
	for name, archive := range map[string][]byte{
		"empty": nil, "not gzip": whole, "damaged": damaged, "cut in the gzip": zip(t, whole)[:60], "cut in a file": zip(t, whole[:4*blockSize]),
	} {
		_, err := open(archive, Limits{})
		if _, ok := errors.AsType[*Malformed](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A flood of faults keeps its first, and no more than the cap of a kind.
func TestFaultsAreCapped(t *testing.T) {
	items := plain(item{name: `package/a\b`})
	for i := range 5 * maxFaults {
		items = append(items, of(tar.TypeSymlink, fmt.Sprintf("package/%d", i), "x"))
	}
	if p := mustOpen(t, pack(t, items...)); len(p.Faults) != maxFaults+1 {
		t.Errorf("%d faults", len(p.Faults))
	}
}
