package artifact

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/lockkeeper/lockkeeper/internal/code"
)

func TestIntegrity(t *testing.T) {
	archive := zip(t, pack(t, plain()...))
	right := sri(archive)
	wrong := sri([]byte("other"))
	sum := sha1.Sum(archive)
	weak := "sha1-" + base64.StdEncoding.EncodeToString(sum[:])
	for _, c := range []struct {
		name      string
		integrity []string
		matched   string // "" for a mismatch
	}{
		{"right", []string{right}, right},
		{"right with options", []string{right + "?x"}, right},
		{"wrong", []string{wrong}, ""},
		{"one of two", []string{wrong + " " + right}, right},
		{"weak alone", []string{weak}, weak},
		{"weak beside a wrong strong one", []string{weak, wrong}, ""},
		{"weak beside a strong one that is no digest", []string{weak, "sha512-!"}, ""},
		{"a digest cut short", []string{right[:40]}, ""},
	} {
		p, err := readWith(context.Background(), bytes.NewReader(archive), c.integrity, Limits{}, fakeCode)
		if c.matched == "" {
			if m, ok := errors.AsType[*Mismatch](err); !ok || p != nil || m.Got != right {
				t.Errorf("%s: %v, %v", c.name, p, err)
			}
			continue
		}
		if err != nil || p.Integrity != c.matched {
			t.Errorf("%s: %v, %v", c.name, p, err)
		}
	}
	for _, none := range [][]string{nil, {""}, {"md5-AAAA"}, {"SHA512-AAAA"}} {
		if _, err := Read(context.Background(), bytes.NewReader(archive), none, Limits{}); !errors.Is(err, ErrUnverified) {
			t.Errorf("%q: %v", none, err)
		}
	}
}

// Not even a decompressor sees bytes that have another hash.
func TestNothingIsLookedAtBeforeTheHashIsRight(t *testing.T) {
	archive := zip(t, pack(t, plain(files("a.js", "eval(")...)...))
	seen := func(string, []byte) *code.Profile { t.Error("code was read"); return &code.Profile{} }
	for _, data := range [][]byte{archive, []byte("no gzip at all")} {
		_, err := readWith(context.Background(), bytes.NewReader(data), []string{sri(nil)}, Limits{}, seen)
		if _, ok := errors.AsType[*Mismatch](err); !ok {
			t.Errorf("%v", err)
		}
	}
}

func TestCaps(t *testing.T) {
	many := plain()
	for i := range 50 {
		many = append(many, item{name: fmt.Sprintf("package/%d.txt", i)})
	}
	paths := plain()
	for i := range maxPathTexts/4000 + 1 {
		paths = append(paths, item{name: fmt.Sprintf("package/%s/%d", strings.Repeat("x", 4000), i)})
	}
	long := zip(t, pack(t, plain(files("a.txt", strings.Repeat("x", 1<<20))...)...))
	for _, c := range []struct {
		name    string
		archive []byte
		limits  Limits
		what    string
		cap     int64
	}{
		{"packed", long, Limits{Packed: 100}, "bytes packed", 100},
		{"unpacked", long, Limits{Unpacked: 1 << 19}, "bytes unpacked", 1 << 19},
		{"entries", zip(t, pack(t, many...)), Limits{Entries: 50}, "entries", 50},
		{"paths", zip(t, pack(t, paths...)), Limits{}, "bytes of paths", maxPathTexts},
	} {
		p, err := open(c.archive, c.limits)
		e, ok := errors.AsType[*Exceeded](err)
		if !ok || p != nil || e.What != c.what || e.Cap != c.cap || !strings.Contains(err.Error(), fmt.Sprint(c.cap)) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := open(long, Limits{Packed: int64(len(long)), Unpacked: 1<<20 + 8192, Entries: 2}); err != nil {
		t.Errorf("right at the caps: %v", err)
	}
}

// Code that no cap lets through is said to be unread, and never clean.
func TestCodeBeyondACapIsUnread(t *testing.T) {
	archive := zip(t, pack(t, plain(files("a.js", strings.Repeat("fetch(1)\n", 200), "b.js", "fetch(1)")...)...))
	for name, limits := range map[string]Limits{"1000 of one file": {Script: 1000}, "1500": {Code: 1500}, "900": {Facts: 900}} {
		p, err := open(archive, limits)
		if err != nil {
			t.Fatal(err)
		}
		a := p.Files[0]
		if a.Path != "a.js" || a.Hash == "" || a.Code == nil || !strings.Contains(a.Code.Unreadable, name) || a.Code.Uses != nil || a.Code.Size != 1800 {
			t.Errorf("%s: %+v", name, a.Code)
		}
	}
}

func TestReadersThatFail(t *testing.T) {
	archive := zip(t, pack(t, plain()...))
	cause := errors.New("the line was cut")
	_, err := Read(context.Background(), io.MultiReader(bytes.NewReader(archive[:20]), iotest.ErrReader(cause)), []string{sri(archive)}, Limits{})
	if !errors.Is(err, cause) {
		t.Errorf("reading: %v", err)
	}
	withdrawn, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Read(withdrawn, bytes.NewReader(archive), []string{sri(archive)}, Limits{}); !errors.Is(err, context.Canceled) {
		t.Errorf("withdrawn: %v", err)
	}
}

// However the bytes arrive, the profile is the same.
func TestTheSameBytesGiveTheSameProfile(t *testing.T) {
	archive := zip(t, pack(t, plain(files("a.js", "require('./b.js'); fetch('https://a.invalid')", "b.js", "exec('x')", "bin.dat", "x\x00")...)...))
	want, err := open(archive, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := readWith(context.Background(), iotest.OneByteReader(bytes.NewReader(archive)), []string{sri(archive)}, Limits{}, fakeCode)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
}

// A connection that broke says nothing of the archive: what came of it has
// another hash, and must not be taken for another archive.
func TestAnArchiveThatIsCutIsNoMismatch(t *testing.T) {
	archive := zip(t, pack(t, plain()...))
	broken := io.MultiReader(bytes.NewReader(archive[:len(archive)/2]), iotest.ErrReader(io.ErrUnexpectedEOF))
	_, err := Read(context.Background(), broken, []string{sri(archive)}, Limits{})
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error %v, want that of the connection", err)
	}
}
