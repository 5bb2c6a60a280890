package github

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// together answers the query for texts, as GitHub does but for what edit
// changes, and counts the files of each.
func (f *fake) together(texts map[string]string, edit func(text string) any) *[]int {
	var sizes []int
	oid := regexp.MustCompile(`(b\d+):object\(oid:"([0-9a-f]{40})"\)`)
	f.answers["/api/graphql"] = undescribed(func(w http.ResponseWriter, r *http.Request) {
		var asked struct{ Query string }
		_ = json.NewDecoder(r.Body).Decode(&asked)
		found := map[string]any{}
		for _, m := range oid.FindAllStringSubmatch(asked.Query, -1) {
			found[m[1]] = map[string]any{"text": edit(texts[m[2]])}
		}
		sizes = append(sizes, len(found))
		_ = json.NewEncoder(w).Encode(map[string]any{"data": map[string]any{"repository": found}})
	})
	return &sizes
}

// many is a tree of n files, of which GitHub gives the texts together.
func many(t *testing.T, n int, edit func(text string) any) (f *fake, sizes *[]int, read func()) {
	f = newFake(t)
	texts := map[string]string{}
	var entries []entry
	for i := range n {
		content := fmt.Sprintf("file %d", i)
		if i == 9 {
			content = strings.Repeat("x", maxBatched+1)
		}
		entries = append(entries, file(fmt.Sprintf("f%03d", i), content))
		texts[blobName([]byte(content))] = content
		f.blob(blobName([]byte(content)), content)
	}
	f.listing(rootID, false, append(entries, link("link", "f000"))...)
	sizes = f.together(texts, edit)
	c := f.client(t)
	c.graphQL = f.URL + "/api/graphql"
	files, err := c.Commit(t.Context(), commitID)
	if err != nil {
		t.Fatal(err)
	}
	return f, sizes, func() {
		t.Helper()
		found, err := files.Files(t.Context(), everything)
		if err != nil {
			t.Fatal(err)
		}
		for i, file := range found[:n] {
			want := fmt.Sprintf("file %d", i)
			if i == 9 {
				want = strings.Repeat("x", maxBatched+1)
			}
			if data, err := files.Read(t.Context(), file.Path, maxBatched+1); err != nil || string(data) != want {
				t.Fatalf("%s: %.40q, %v", file.Path, data, err)
			}
		}
	}
}

func TestManyFilesAreAskedForTogether(t *testing.T) {
	f, sizes, read := many(t, 250, func(text string) any { return text })
	read()
	// Of 250 files four came singly before, and one is too large.
	if got := fmt.Sprint(*sizes); got != "[100 100 45]" {
		t.Errorf("asked for %s files together", got)
	}
	if want := 2 + singleReads + 3 + 1; len(f.asked) != want {
		t.Errorf("asked %d times, want %d", len(f.asked), want)
	}
}

// What comes together is checked against its name as well, and what doesn't is
// asked for by itself.
func TestWhatDoesNotComeTogether(t *testing.T) {
	for name, edit := range map[string]func(string) any{
		"binary":   func(string) any { return nil },
		"cut":      func(text string) any { return text[:3] },
		"tampered": func(text string) any { return text + " " },
	} {
		f, sizes, read := many(t, 20, edit)
		read()
		if want := 2 + 20 + 1; len(f.asked) != want || len(*sizes) != 1 {
			t.Errorf("%s: asked %d times, want %d; %v together", name, len(f.asked), want, *sizes)
		}
	}
}

// The token is for the API's host alone.
func TestTextsOfAnotherHost(t *testing.T) {
	for graphQL, want := range map[string]string{
		"https://ghes.example.com/api/graphql":      "https://ghes.example.com/api/graphql",
		"https://ghes.example.com.invalid/graphql":  "",
		"https://ghes.example.com:8443/api/graphql": "",
		"http://ghes.example.com/api/graphql":       "",
		"https://ghes.example.com@evil.invalid/":    "",
		"":                                          "",
	} {
		c, err := New(Config{API: "https://ghes.example.com/api/v3", GraphQL: graphQL, Repository: "octo/app", Transport: http.DefaultTransport})
		if err != nil || c.graphQL != want {
			t.Errorf("%s: %q, %v", graphQL, c.graphQL, err)
		}
	}
}

func TestFewFilesAreAskedForOneByOne(t *testing.T) {
	f, sizes, read := many(t, singleReads, func(text string) any { return text })
	read()
	if len(*sizes) != 0 || len(f.asked) != 2+singleReads {
		t.Errorf("asked for %d things, %v together", len(f.asked), *sizes)
	}
}
