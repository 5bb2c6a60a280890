package github

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/tree"
)

func id(n int) string { return fmt.Sprintf("%040x", n) }

// A tree that GitHub gives only a part of is walked folder by folder, as deep
// as it must be.
func TestTruncated(t *testing.T) {
	f := newFake(t)
	f.listing(rootID, true, dir("big", id(1)))
	f.level(rootID, false, file("a", "a"), dir("big", id(1)), dir("small", id(2)), dir("node_modules", id(9)), link("l", "a"))
	f.listing(id(1), true)
	f.level(id(1), false, dir("in", id(3)), file("b", "b"))
	f.listing(id(2), false, file("c", "c"), dir("deep", id(4)), file("deep/d", "d"))
	f.listing(id(3), false, file("package-lock.json", "{}"))
	files := f.tree(t)
	found, err := files.Files(context.Background(), everything)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, file := range found {
		got = append(got, file.Path)
	}
	want := []string{"a", "big", "big/b", "big/in", "big/in/package-lock.json", "l", "node_modules", "small", "small/c", "small/deep", "small/deep/d"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	f.blob(blobName([]byte("{}")), "{}")
	if data, err := files.Read(context.Background(), "big/in/package-lock.json", 9); string(data) != "{}" || err != nil {
		t.Errorf("%q, %v", data, err)
	}

	f.level(id(1), true, file("b", "b"))
	_, err = f.tree(t).Files(context.Background(), everything)
	wantError(t, err, `repository octo/app: asking GitHub: "big": listing: more than 1 entries in one folder`, "let actions/checkout bring the commits")
}

// Any of these in a listing makes it unusable: nothing else of it is given.
func TestHostileListings(t *testing.T) {
	size := -1
	ok := func(path string) entry { return file(path, "") }
	for name, entries := range map[string][]entry{
		"empty":            {ok("")},
		"absolute":         {ok("/etc/passwd")},
		"step up":          {dir("..", id(1)), ok("../x")},
		"step up inside":   {dir("a", id(1)), ok("a/../../x")},
		"step":             {dir(".", id(1)), ok("./x")},
		"empty inside":     {dir("a", id(1)), ok("a//x")},
		"slash at the end": {dir("a", id(1)), ok("a/")},
		"NUL":              {ok("package-lock.json\x00.txt")},
		"git's folder":     {dir(".git", id(1))},
		"git's in case":    {dir("a", id(1)), ok("a/.GIT/config")},
		"twice":            {ok("a"), link("a", "b")},
		"in a link":        {link("a", "b"), ok("a/package-lock.json")},
		"in a file":        {ok("a"), ok("a/package-lock.json")},
		"in nothing":       {ok("a/package-lock.json")},
		"no hash":          {{Path: "a", Mode: "100644"}},
		"path for a hash":  {{Path: "a", Mode: "100644", SHA: "../../../user"}},
		"negative size":    {{Path: "a", Mode: "100644", SHA: id(1), Size: &size}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.listing(rootID, false, append(entries, ok("good"))...)
			got, err := f.tree(t).Files(context.Background(), everything)
			if got != nil {
				t.Errorf("gave %v", got)
			}
			wantError(t, err, "tree "+rootID+": asking GitHub: has ", "between this job and GitHub")
			if data, err := f.tree(t).Read(context.Background(), "good", 9); err == nil {
				t.Errorf("read %q of it", data)
			}
		})
	}
	f := newFake(t)
	f.lie("trees/"+rootID+"?recursive=1", map[string]any{"sha": rootID, "tree": []any{nil}})
	_, err := f.tree(t).Files(context.Background(), everything)
	wantError(t, err, `has an entry ""`, "")
	f.say("trees/"+rootID+"?recursive=1", map[string]any{"sha": otherID})
	_, err = f.tree(t).Files(context.Background(), everything)
	wantError(t, err, "the answer is about tree", "")
}

func TestBounds(t *testing.T) {
	deep := func(folders int) []entry {
		entries := make([]entry, folders)
		for i := range entries {
			entries[i] = dir(strings.Repeat("d/", i)+"d", id(1))
		}
		return entries
	}
	for _, c := range []struct {
		name    string
		entries []entry
		want    string
	}{
		{"depth", deep(maxDepth), ""},
		{"too deep", deep(maxDepth + 1), "more than 256 folders deep"},
		{"long", []entry{file(strings.Repeat("n", maxPath), "")}, ""},
		{"too long", []entry{file(strings.Repeat("n", maxPath+1), "")}, "more than 4096 bytes of path"},
	} {
		f := newFake(t)
		f.listing(rootID, false, c.entries...)
		_, err := f.tree(t).Files(context.Background(), everything)
		var over *tree.OverLimit
		if c.want == "" && err != nil || c.want != "" && (!errors.As(err, &over) || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v; want %q", c.name, err, c.want)
		}
	}
	w := walker{files: make([]tree.File, maxEntries-1)}
	if err := w.admit(tree.File{Path: "a"}); err != nil {
		t.Error(err)
	}
	wantError(t, w.admit(tree.File{Path: "b"}), "more than 1000000 files and folders", "")
	w = walker{bytes: maxPathBytes}
	wantError(t, w.admit(tree.File{Path: "a"}), "bytes of paths", "")
}

// A tree that holds itself, each time only in part.
func TestRequestsAreBounded(t *testing.T) {
	f := newFake(t)
	f.listing(rootID, true)
	f.level(rootID, false, dir("a", rootID), dir("b", rootID))
	_, err := f.tree(t).Files(context.Background(), everything)
	wantError(t, err, "more than 200 requests", "fetch-depth")
	if len(f.asked) != 1+maxRequests {
		t.Errorf("asked %d times", len(f.asked))
	}
}

type endless struct{}

func (endless) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: endless{}}, nil
}
func (endless) Read(p []byte) (int, error) { return len(p), nil }
func (endless) Close() error               { return nil }

func TestAnswersAreBounded(t *testing.T) {
	for _, c := range []struct {
		ctx  context.Context
		want int64
	}{
		{context.Background(), maxAnswer},
		{atMost(context.Background(), 9), 9},
	} {
		r, err := http.NewRequestWithContext(c.ctx, http.MethodGet, "https://ghes.example.com/", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := (&transport{base: endless{}, wait: time.Second}).RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, resp.Body)
		var long *http.MaxBytesError
		if n != c.want || !errors.As(err, &long) {
			t.Errorf("read %d bytes, then %v; want %d", n, err, c.want)
		}
	}
	f := newFake(t)
	_, err := f.client(t).Commit(atMost(context.Background(), 9), commitID)
	wantError(t, err, "an answer of more than 9 bytes", "")
}
