package github

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/tree"
)

// script is a base transport that answers with one status after another, the
// last for ever.
type script struct {
	statuses []int
	header   http.Header
	asked    int
}

func (s *script) RoundTrip(*http.Request) (*http.Response, error) {
	status := s.statuses[min(s.asked, len(s.statuses)-1)]
	s.asked++
	return &http.Response{StatusCode: status, Header: s.header, Body: io.NopCloser(strings.NewReader(""))}, nil
}

func TestWhatMayPassIsAskedAgain(t *testing.T) {
	const most = 2 * time.Second
	after := func(seconds string) http.Header { return http.Header{"Retry-After": {seconds}} }
	for _, c := range []struct {
		name     string
		method   string
		statuses []int
		header   http.Header
		status   int
		asked    int
	}{
		{"a good answer", "GET", []int{200}, nil, 200, 1},
		{"once down", "GET", []int{503, 200}, nil, 200, 2},
		{"down", "GET", []int{500}, nil, 500, maxTries},
		{"not there", "GET", []int{404, 200}, nil, 404, 1},
		{"not made", "GET", []int{501, 200}, nil, 501, 1},
		{"no right", "GET", []int{403, 200}, nil, 403, 1},
		{"a limit that passes", "GET", []int{429, 200}, after("0"), 200, 2},
		{"a secondary limit that passes", "GET", []int{403, 200}, after("1"), 200, 2},
		{"a limit without an end", "GET", []int{429, 200}, nil, 429, 1},
		{"a limit that passes too late", "GET", []int{429, 200}, after("3"), 429, 1},
		{"a limit that never passes", "GET", []int{429}, after("1"), 429, maxTries},
		{"a limit until a date", "GET", []int{429, 200}, after("Fri, 31 Dec 2100 23:59:59 GMT"), 429, 1},
		{"a limit from the past", "GET", []int{429, 200}, after("-1"), 429, 1},
		{"a limit beyond numbers", "GET", []int{429, 200}, after("99999999999999999999"), 429, 1},
		{"what is written", "POST", []int{503, 200}, nil, 503, 1},
		{"what is changed", "PATCH", []int{429, 200}, after("0"), 429, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			base := &script{statuses: c.statuses, header: c.header}
			r, err := http.NewRequest(c.method, "https://ghes.example.com/", nil)
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			resp, err := (&transport{base: base, wait: most}).RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if resp.StatusCode != c.status || base.asked != c.asked {
				t.Errorf("HTTP %d after %d questions, want %d after %d", resp.StatusCode, base.asked, c.status, c.asked)
			}
			if took := time.Since(began); took > most+time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

// The time for pauses is that of all questions together.
func TestPausesAreBounded(t *testing.T) {
	limited := &transport{base: &script{statuses: []int{429}, header: http.Header{"Retry-After": {"1"}}}, wait: 2 * time.Second}
	began := time.Now()
	for range 5 {
		r, err := http.NewRequest(http.MethodGet, "https://ghes.example.com/", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := limited.RoundTrip(r); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("took %s", took)
	}
}

// A server that never answers, and one that never ends its answer, are left.
func TestASlowAPI(t *testing.T) {
	f := newFake(t)
	f.answers["commits/"+commitID] = undescribed(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	door, err := fetch.New(fetch.Config{Allowed: []fetch.Address{{URL: f.URL, Insecure: true}}, Timeout: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer door.Close()
	c, err := New(Config{API: f.URL + "/api/v3", Repository: "octo/app", Transport: door.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Commit(t.Context(), commitID)
	wantError(t, err, "commit "+commitID+": asking GitHub: no answer within 50ms", "try again")

	dripping := &transport{base: drip{}, wait: 50*time.Millisecond - patience}
	r, err := http.NewRequest(http.MethodGet, "https://ghes.example.com/", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := dripping.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	wantError(t, err, "no whole answer within 50ms", "")
}

// drip is an answer of a byte every few milliseconds.
type drip struct{}

func (drip) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: dripBody{r}}, nil
}

type dripBody struct{ r *http.Request }

func (d dripBody) Read(p []byte) (int, error) {
	select {
	case <-d.r.Context().Done():
		return 0, d.r.Context().Err()
	case <-time.After(5 * time.Millisecond):
		return copy(p, "x"), nil
	}
}

func (dripBody) Close() error { return nil }

// An object is what its name says, so that it is asked for once.
func TestNothingIsAskedTwice(t *testing.T) {
	f := newFake(t)
	one := blobName([]byte("one"))
	f.listing(rootID, false, file("a", "one"), file("b", "one"))
	f.listing(otherID, false, file("a", "one"))
	f.blob(one, "one")
	c := f.client(t)
	if _, err := c.Parents(t.Context(), commitID); err != nil {
		t.Fatal(err)
	}
	head, err := c.Commit(t.Context(), commitID)
	if err != nil {
		t.Fatal(err)
	}
	base, err := c.Named(otherID)
	if err != nil {
		t.Fatal(err)
	}
	for _, read := range []struct {
		from tree.Tree
		path string
	}{{head, "a"}, {head, "a"}, {head, "b"}, {base, "a"}} {
		got, err := read.from.Read(t.Context(), read.path, 3)
		if err != nil || string(got) != "one" {
			t.Errorf("%s: %q, %v", read.path, got, err)
		}
		clear(got) // what one reader does to it is nothing to the next
	}
	want := []string{"commits/" + commitID, "trees/" + rootID + "?recursive=1", "blobs/" + one, "trees/" + otherID + "?recursive=1"}
	if !slices.Equal(f.asked, want) {
		t.Errorf("asked for %q, want %q", f.asked, want)
	}
	if _, err := head.Read(t.Context(), "a", 2); err == nil {
		t.Error("read beyond the limit")
	}

	// Of a commit that is not taken for its tree, the tree is asked for.
	commit, err := c.Named(commitID)
	if err != nil {
		t.Fatal(err)
	}
	if found, err := commit.Files(t.Context(), everything); err != nil || len(found) != 2 {
		t.Errorf("%v, %v", found, err)
	}
	gone, err := c.Named(firstID)
	if err != nil {
		t.Fatal(err)
	}
	_, err = gone.Files(t.Context(), everything)
	wantError(t, err, "commit "+firstID+": asking GitHub: not found", "contents: read")
	_, err = c.Named("main")
	wantError(t, err, "is not a full hash", "git rev-parse")
}
