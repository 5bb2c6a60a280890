package artifact

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
)

func cached(t testing.TB) (*Profile, []byte) {
	t.Helper()
	archive := zip(t, pack(t, plain(
		files("a.js", "require('./b'); fetch('https://a.invalid/\xff'); exec('x')", "b.js", "token()", "\xff.js", "", "node_modules/x/package.json", `{"name":"x","scripts":{"install":"node y"}}`)...,
	)...))
	p, err := open(archive, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	p.Files[0].Code.Shingles = []uint64{1, 1 << 63, 1<<64 - 1}
	data, err := Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	return p, data
}

func TestAKeptProfileIsTheSame(t *testing.T) {
	p, data := cached(t)
	got, err := Decode(data, []string{p.Integrity})
	if err != nil || !reflect.DeepEqual(got, p) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, p)
	}
	again, err := Encode(got)
	if err != nil || !bytes.Equal(again, data) {
		t.Errorf("written again: %s, %v\nwant %s", again, err, data)
	}
}

func TestAForgedProfileIsRefused(t *testing.T) {
	p, data := cached(t)
	edit := func(from, to string) string {
		if !strings.Contains(string(data), from) {
			t.Fatalf("nothing to edit: %s in %s", from, data)
		}
		return strings.Replace(string(data), from, to, 1)
	}
	for name, forged := range map[string]string{
		"another version's":     edit(Schema, "lockkeeper.profile/v0"),
		"another archive's":     edit(p.Integrity, sri(nil)),
		"no profile":            `{"schema":"` + Schema + `"}`,
		"cut":                   string(data[:len(data)-3]),
		"more behind":           string(data) + "{}",
		"an unknown member":     edit(`"Packed":`, `"Pucked":`),
		"a member twice":        edit(`"Packed":`, `"Packed":1,"Packed":`),
		"a negative size":       edit(`"Size":`, `"Size":-`),
		"a path that climbs":    edit(`"Path":"a.js"`, `"Path":"../a.js"`),
		"an absolute path":      edit(`"Path":"a.js"`, `"Path":"/a.js"`),
		"paths out of order":    edit(`"Path":"a.js"`, `"Path":"zzz.js"`),
		"an unknown kind":       edit(`"Kind":"script"`, `"Kind":"harmless"`),
		"an unknown way":        edit(`"Hash"`, `"Reach":"never","Hash"`),
		"no hash":               edit(`"Hash":"`, `"Hash":"x`),
		"a line below zero":     edit(`"Line":1`, `"Line":-1`),
		"shingles out of order": edit(`"Shingles":"AAAA`, `"Shingles":"//AA`),
		"odd shingles":          edit(`"Shingles":"`, `"Shingles":"AAAA`),
		"a command with none":   edit(`"Text":"node y","Code"`, `"Text":"node y","Cude"`),
		"too many values":       `{"schema":"` + Schema + `","profile":{"Files":[` + strings.Repeat(`{},`, maxValues) + `{}]}}`,
		"too long":              `{"schema":"` + strings.Repeat("x", maxEncoded) + `"}`,
		"deep":                  strings.Repeat(`[`, 1<<20),
	} {
		if p, err := Decode([]byte(forged), []string{p.Integrity}); err == nil {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestKey(t *testing.T) {
	a, b := sri([]byte("a")), sri([]byte("b"))
	key := func(integrity ...string) string {
		k, err := Key(integrity)
		if err != nil || len(k) != 64 {
			t.Errorf("%q: %q, %v", integrity, k, err)
		}
		return k
	}
	if key(a) == key(b) {
		t.Error("two archives have one key")
	}
	if key(a) != key("sha1-x "+a) || key(a, b) != key(b+" "+a, a) {
		t.Error("one archive has two keys")
	}
	if _, err := Key(nil); !errors.Is(err, ErrUnverified) {
		t.Errorf("without a hash: %v", err)
	}
}
