package artifact

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"hash/fnv"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"github.com/lockkeeper/lockkeeper/internal/code"
)

// item is one entry of an archive that a test makes.
type item struct {
	name, body string
	header     tar.Header // what else there is to say
}

// pack makes a tar archive.
func pack(t testing.TB, items ...item) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, i := range items {
		h := i.header
		h.Name = i.name
		if h.Mode == 0 && h.Typeflag != tar.TypeXGlobalHeader {
			h.Mode = 0o644
		}
		if h.Typeflag == 0 || h.Typeflag == tar.TypeReg {
			h.Size = int64(len(i.body))
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(i.body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// files makes items of pairs of a path below package/ and a body.
func files(pairs ...string) (items []item) {
	for i := 0; i < len(pairs); i += 2 {
		items = append(items, item{name: "package/" + pairs[i], body: pairs[i+1]})
	}
	return items
}

func zip(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sri(data []byte) string {
	sum := sha512.Sum512(data)
	return "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
}

// open reads an archive with its right hash and a small reader of code.
func open(archive []byte, limits Limits) (*Profile, error) {
	return readWith(context.Background(), bytes.NewReader(archive), []string{sri(archive)}, limits, fakeCode)
}

func mustOpen(t testing.TB, tarball []byte) *Profile {
	t.Helper()
	p, err := open(zip(t, tarball), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func paths(p *Profile) (list []string) {
	for _, f := range p.Files {
		list = append(list, f.Path)
	}
	return list
}

func faultKinds(p *Profile) (list []FaultKind) {
	for _, f := range p.Faults {
		list = append(list, f.Kind)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Patterns of the small reader of code that these tests use in place of the
// room's own: what that finds is its own tests' matter.
var (
	fakeModule = regexp.MustCompile(`(?:require\(|from |import |import\()['"]([^'"]+)`)
	fakeHost   = regexp.MustCompile(`https?://([a-z0-9.-]+)[^'" ]*`)
	fakeUse    = regexp.MustCompile(`\b(fetch|exec|eval|token)\(`)
)

var fakeCapabilities = map[string]code.Capability{
	"fetch": code.Network, "exec": code.Process, "eval": code.Evaluate, "token": code.Secret,
}

// context is a digest of the line around an offset.
func context64(text string, offset int) uint64 {
	start := strings.LastIndexByte(text[:offset], '\n') + 1
	line, _, _ := strings.Cut(text[start:], "\n")
	h := fnv.New64a()
	_, _ = h.Write([]byte(line))
	return h.Sum64()
}

func fakeCode(name string, data []byte) *code.Profile {
	text := string(data)
	line := func(offset int) int { return 1 + strings.Count(text[:offset], "\n") }
	p := &code.Profile{Size: len(data), Lines: line(len(text))}
	for _, m := range fakeModule.FindAllStringSubmatchIndex(text, -1) {
		p.Modules = append(p.Modules, code.Module{Name: text[m[2]:m[3]], Line: line(m[0]), Offset: m[0]})
	}
	for _, m := range fakeHost.FindAllStringSubmatchIndex(text, -1) {
		p.Mentions = append(p.Mentions, code.Mention{Host: text[m[2]:m[3]], Text: text[m[0]:m[1]], Line: line(m[0]), Offset: m[0]})
	}
	for _, m := range fakeUse.FindAllStringSubmatchIndex(text, -1) {
		what := text[m[2]:m[3]]
		p.Uses = append(p.Uses, code.Use{Capability: fakeCapabilities[what], What: what, Line: line(m[0]), Offset: m[0], Context: context64(text, m[0])})
	}
	if strings.Contains(text, "\x00") || strings.Contains(text, "%%%") {
		p.Unreadable = "a letter that belongs to no language"
	}
	p.Language = name[strings.LastIndexByte(name, '.')+1:]
	return p
}
