package fetch

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestKeptBetweenRuns(t *testing.T) {
	dir := t.TempDir()
	d := open(t, Config{CacheDir: dir})
	if _, ok := d.Kept("profile"); ok {
		t.Error("something was kept before anything was")
	}
	d.Keep("profile", []byte("one"))
	d.Keep("empty", nil)
	d.Keep("large", make([]byte, maxKept+1))
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}

	d = open(t, Config{CacheDir: dir, Offline: true})
	for name, want := range map[string]string{"profile": "one", "empty": ""} {
		if got, ok := d.Kept(name); string(got) != want || !ok {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
	}
	for _, name := range []string{"large", "other", "", "../profile"} {
		if _, ok := d.Kept(name); ok {
			t.Errorf("%q was kept", name)
		}
	}
	d.Keep("profile", []byte("two"))
	if got, _ := d.Kept("profile"); string(got) != "two" {
		t.Errorf("the earlier one stayed: %q", got)
	}
}

// What was made of answers and the answers themselves have names of their own,
// so that neither can be taken for the other.
func TestKeptIsNoAnswer(t *testing.T) {
	s := &tagged{}
	s.body.Store("answer")
	a := serve(t, s)
	d := open(t, quick(Config{Allowed: []Address{a}, CacheDir: t.TempDir()}))
	question, _, err := pose(Request{URL: a.URL + "/x"})
	if err != nil {
		t.Fatal(err)
	}
	d.Keep(question.key(""), []byte("forged"))
	if got, err := read(d, Request{URL: a.URL + "/x", Immutable: true}); got != "answer" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if got, _ := d.Kept(question.key("")); string(got) != "forged" {
		t.Errorf("%q", got)
	}
}

func TestKeptIsCheckedAndEvicted(t *testing.T) {
	dir := t.TempDir()
	d := open(t, Config{CacheDir: dir, CacheLimit: 1000})
	d.Keep("a", []byte(strings.Repeat("a", 600)))
	file := filepath.Join(dir, "answers", madeKey("a"))
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)-1]++
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, ok := d.Kept("a"); ok {
		t.Error("what was damaged is given")
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("what was damaged stays")
	}
	d.Keep("b", []byte(strings.Repeat("b", 600)))
	d.Keep("c", []byte(strings.Repeat("c", 600)))
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(filepath.Join(dir, "answers"))
	if len(left) != 1 || err != nil {
		t.Errorf("%d files are left of 1000 bytes, %v", len(left), err)
	}
}

// A bundle must be whole: while one is made, or answers, nothing comes from an
// earlier run.
func TestNothingIsKeptBesideABundle(t *testing.T) {
	dir := t.TempDir()
	before := open(t, Config{CacheDir: dir})
	before.Keep("profile", []byte("one"))
	bundle := filepath.Join(t.TempDir(), "bundle.zip")
	recording := open(t, Config{CacheDir: dir, Record: bundle})
	recording.Keep("profile", []byte("two"))
	if _, ok := recording.Kept("profile"); ok {
		t.Error("given while recording")
	}
	if err := recording.Close(); err != nil {
		t.Fatal(err)
	}
	replaying := open(t, Config{CacheDir: dir, Replay: bundle})
	replaying.Keep("profile", []byte("three"))
	if _, ok := replaying.Kept("profile"); ok {
		t.Error("given while replaying")
	}
	if got, _ := before.Kept("profile"); string(got) != "one" {
		t.Errorf("kept %q", got)
	}
	nowhere := open(t, Config{})
	nowhere.Keep("profile", []byte("four"))
	if _, ok := nowhere.Kept("profile"); ok {
		t.Error("given without a folder")
	}
}
