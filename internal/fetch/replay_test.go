package fetch

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// part is a file of a bundle made by hand.
type part struct {
	name, text string
	method     uint16
}

func zipped(t testing.TB, parts ...part) []byte {
	t.Helper()
	var b bytes.Buffer
	zw := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := zw.CreateRaw(&zip.FileHeader{
			Name: p.name, Method: p.method, CRC32: crc32.ChecksumIEEE([]byte(p.text)),
			CompressedSize64: uint64(len(p.text)), UncompressedSize64: uint64(len(p.text)),
		})
		if err == nil {
			_, err = io.WriteString(w, p.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func indexOf(answers string) part {
	return part{name: indexName, text: `{"schema": "lockkeeper.evidence/v1", "recorded_at": "2026-03-31T00:21:00Z", "answers": [` + answers + `]}`}
}

func TestBrokenBundles(t *testing.T) {
	digest := strings.Repeat("ab", 32)
	body := part{name: answersDir + digest}
	answer := func(more string) string {
		return `{"method": "GET", "url": "https://npm.example.com/x", ` + more + `}`
	}
	ok := answer(`"file": "` + digest + `"`)
	for name, test := range map[string]struct {
		bundle []byte
		want   string
	}{
		"whole":            {zipped(t, indexOf(ok), body), ""},
		"no answers":       {zipped(t, indexOf("")), ""},
		"unknown fields":   {zipped(t, indexOf(answer(`"status": 404, "failure": "not found", "later": [1]`))), ""},
		"empty":            {nil, "not a bundle: zip: not a valid zip file"},
		"HTML":             {[]byte("<html>"), "not a bundle: zip: not a valid zip file"},
		"truncated":        {zipped(t, indexOf(ok), body)[:300], "not a bundle: zip: not a valid zip file"},
		"no index":         {zipped(t, body), "not a bundle: it has no index.json"},
		"not JSON":         {zipped(t, part{name: indexName, text: "<html>"}), "index.json: jsontext: invalid character"},
		"two values":       {zipped(t, part{name: indexName, text: indexOf("").text + "{}"}), "index.json: jsontext: invalid character"},
		"deep":             {zipped(t, indexOf(answer(`"later": `+strings.Repeat("[", 20_000)))), "index.json: jsontext: "},
		"a key twice":      {zipped(t, indexOf(answer(`"file": "`+digest+`", "file": ""`)), body), "index.json: jsontext: duplicate"},
		"other schema":     {zipped(t, part{name: indexName, text: `{"schema": "lockkeeper.evidence/v2"}`}), `index.json: its schema is "lockkeeper.evidence/v2"; this program reads "lockkeeper.evidence/v1"`},
		"no schema":        {zipped(t, part{name: indexName, text: `{}`}), `index.json: its schema is ""`},
		"no time":          {zipped(t, part{name: indexName, text: `{"schema": "lockkeeper.evidence/v1", "answers": []}`}), "index.json: it has no recorded_at"},
		"large index":      {zipped(t, part{name: indexName, text: strings.Repeat(" ", maxIndex+1)}), "index.json: larger than 33554432 bytes"},
		"missing body":     {zipped(t, indexOf(ok)), "index.json: answer 1: its body is not in the bundle"},
		"question twice":   {zipped(t, indexOf(ok+","+ok), body), "index.json: answer 2: the question is there twice"},
		"file twice":       {zipped(t, indexOf(ok), body, body), answersDir + digest + ": there twice"},
		"index twice":      {zipped(t, indexOf(ok), indexOf(""), body), "index.json: there twice"},
		"dots":             {zipped(t, indexOf(""), part{name: "../evil"}), `"../evil": not a file that a bundle has`},
		"dots in answers":  {zipped(t, indexOf(""), part{name: answersDir + "../../evil"}), `"answers/../../evil": not a file that a bundle has`},
		"rooted":           {zipped(t, indexOf(""), part{name: "/etc/passwd"}), `"/etc/passwd": not a file that a bundle has`},
		"a folder":         {zipped(t, indexOf(""), part{name: answersDir}), `"answers/": not a file that a bundle has`},
		"unknown packing":  {zipped(t, indexOf(ok), part{name: body.name, method: 12}), answersDir + digest + ": packed by method 12, which is not known"},
		"file is a path":   {zipped(t, indexOf(answer(`"file": "../index.json"`))), "index.json: answer 1: its file is no SHA-256"},
		"file and failure": {zipped(t, indexOf(answer(`"file": "`+digest+`", "failure": "not found"`)), body), "index.json: answer 1: it must have either a file or a failure"},
		"neither":          {zipped(t, indexOf(answer(`"status": 200`))), "index.json: answer 1: it must have either a file or a failure"},
		"odd failure":      {zipped(t, indexOf(answer(`"failure": "bored"`))), `index.json: answer 1: its failure is "bored", which is not one`},
		"not recorded":     {zipped(t, indexOf(answer(`"failure": "not in the bundle"`))), `index.json: answer 1: its failure is "not in the bundle", which is not one`},
		"odd status":       {zipped(t, indexOf(answer(`"failure": "not found", "status": -1`))), "index.json: answer 1: its status or detail is out of bounds"},
		"long detail":      {zipped(t, indexOf(answer(`"failure": "not found", "detail": "`+strings.Repeat("x", 2000)+`"`))), "index.json: answer 1: its status or detail is out of bounds"},
		"user in URL":      {zipped(t, indexOf(`{"method": "GET", "url": "https://u:p@npm.example.com/", "failure": "not found"}`)), "index.json: answer 1: " + errUserinfo.Error()},
		"other spelling":   {zipped(t, indexOf(`{"method": "GET", "url": "https://NPM.example.com/", "failure": "not found"}`)), "index.json: answer 1: its url is not spelled as a bundle spells it"},
		"odd method":       {zipped(t, indexOf(`{"method": "PUT", "url": "https://npm.example.com/", "failure": "not found"}`)), "index.json: answer 1: its method is neither GET nor POST"},
		"odd body digest":  {zipped(t, indexOf(answer(`"failure": "not found", "body_sha256": "x"`))), "index.json: answer 1: its body_sha256 is no SHA-256"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "b.zip")
			if err := os.WriteFile(path, test.bundle, 0o600); err != nil {
				t.Fatal(err)
			}
			d, err := New(Config{Replay: path})
			if err == nil {
				_ = d.Close()
			}
			switch want := path + ": reading the bundle: " + test.want; {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (err == nil || !strings.HasPrefix(err.Error(), want)):
				t.Errorf("%v\nwant %s", err, want)
			}
		})
	}
	for _, path := range []string{filepath.Join(t.TempDir(), "none.zip"), t.TempDir()} {
		if _, err := New(Config{Replay: path}); err == nil {
			t.Errorf("%s: is no error", path)
		}
	}
}

// A directory of a million entries is a few dozen megabytes of file and many
// times that in memory.
func TestBundleDirectoryIsBounded(t *testing.T) {
	var parts []part
	for i := range 2000 {
		parts = append(parts, part{name: fmt.Sprintf("%09000d", i)})
	}
	b := zipped(t, parts...)
	_, err := readBundle(bytes.NewReader(b), int64(len(b)))
	if err == nil || !strings.Contains(err.Error(), "its directory takes more than 16777216 bytes") {
		t.Errorf("%v", err)
	}
}

// Bodies that are not what the index says are found out when they are read.
func TestDamagedBodies(t *testing.T) {
	text := "the answer"
	sum := sha256.Sum256([]byte(text))
	digest := hex.EncodeToString(sum[:])
	idx := indexOf(`{"method": "GET", "url": "https://npm.example.com/x", "file": "` + digest + `"}`)
	whole := zipped(t, idx, part{name: answersDir + digest, text: text})
	for name, test := range map[string]struct {
		bundle []byte
		want   string
	}{
		"whole":        {whole, text},
		"other bytes":  {zipped(t, idx, part{name: answersDir + digest, text: "an answer!"}), "unexpected answer (damaged in the bundle)"},
		"other CRC":    {bytes.Replace(whole, []byte(text), []byte("the answxr"), 1), "unexpected answer (damaged in the bundle)"},
		"not deflated": {zipped(t, idx, part{name: answersDir + digest, text: text, method: zip.Deflate}), "unexpected answer (damaged in the bundle)"},
		"a bomb":       {bombBundle(t), "too large (more than 1000 bytes)"},
	} {
		b, err := readBundle(bytes.NewReader(test.bundle), int64(len(test.bundle)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		b.file = io.NopCloser(nil)
		d := open(t, Config{})
		d.bundle = b
		got := hear(d, Request{URL: "https://npm.example.com/x", Limit: 1000})
		if _, words, ok := strings.Cut(got, ": asking: "); ok {
			got = words
		}
		if got != test.want {
			t.Errorf("%s: %.100q, want %q", name, got, test.want)
		}
	}
}

// bombBundle holds a body of 8 MB in 8 kB.
func bombBundle(t *testing.T) []byte {
	var b bytes.Buffer
	zw := zip.NewWriter(&b)
	digest := strings.Repeat("ab", 32)
	w, err := zw.Create(indexName)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(w, indexOf(`{"method": "GET", "url": "https://npm.example.com/x", "file": "`+digest+`"}`).text)
	if w, err = zw.Create(answersDir + digest); err == nil {
		_, err = io.CopyN(w, zeros{}, 8<<20)
	}
	if err != nil {
		t.Fatal(err)
	}
	_ = zw.Close()
	return b.Bytes()
}

// FuzzIndex reads any index beside one body: whatever is accepted answers each
// of its questions, and is the same when written and read again.
func FuzzIndex(f *testing.F) {
	digest := strings.Repeat("ab", 32)
	for _, answers := range []string{
		"",
		`{"method":"GET","url":"https://npm.example.com/x","file":"` + digest + `","status":200}`,
		`{"method":"POST","url":"https://npm.example.com/x?y","accept":"a","body_sha256":"` + digest + `","failure":"timed out","detail":"d"}`,
		`{"method":"GET","url":"https://[::1]:8/","failure":"not found","status":404},{"method":"GET","url":"http://h/","failure":"offline"}`,
	} {
		f.Add([]byte(indexOf(answers).text))
	}
	whole := zipped(f, indexOf(""), part{name: answersDir + digest, text: "x"})
	zr, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		f.Fatal(err)
	}
	files, err := listFiles(zr.File)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := readIndex(bytes.NewReader(text), files)
		if err != nil {
			return
		}
		for q, rec := range b.answers {
			rc, fail := b.open(q)
			if (rc == nil) == (fail == nil) || fail != nil && fail.Reason == NotRecorded || rec.question() != q {
				t.Fatalf("%+v: %v, %v", q, rc, fail)
			}
		}
	})
}

// FuzzBundle opens any file as a bundle, and reads what it says it holds.
func FuzzBundle(f *testing.F) {
	digest := strings.Repeat("ab", 32)
	f.Add(zipped(f, indexOf(`{"method":"GET","url":"https://npm.example.com/x","file":"`+digest+`"}`), part{name: answersDir + digest, text: "x"}))
	f.Add(zipped(f, indexOf("")))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, file []byte) {
		b, err := readBundle(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			return
		}
		for q := range b.answers {
			rc, fail := b.open(q)
			if fail != nil {
				continue
			}
			_, _ = io.CopyN(io.Discard, rc, 1001)
			_ = rc.Close()
		}
	})
}
