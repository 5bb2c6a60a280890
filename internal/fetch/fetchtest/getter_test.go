package fetchtest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/fetch/fetchtest"
)

// witness stands in for the test that a Getter belongs to.
type witness struct {
	testing.TB
	errors   []string
	cleanups []func()
}

func (w *witness) Helper()          {}
func (w *witness) Cleanup(f func()) { w.cleanups = append(w.cleanups, f) }
func (w *witness) Errorf(format string, args ...any) {
	w.errors = append(w.errors, fmt.Sprintf(format, args...))
}

func (w *witness) end() {
	for _, f := range w.cleanups {
		f()
	}
}

const site = "https://npm.example.com"

func TestAnswers(t *testing.T) {
	g := fetchtest.New(t, map[string]fetchtest.Answer{
		site + "/a":          fetchtest.Body("hello"),
		"POST " + site + "/": fetchtest.Body("posted"),
		site + "/gone":       fetchtest.Fail(fetch.NotFound),
		site + "/half":       fetchtest.CutAfter("hal"),
	})
	for _, test := range []struct {
		request fetch.Request
		want    string
		reason  fetch.Reason
	}{
		{fetch.Request{URL: site + "/a"}, "hello", ""},
		{fetch.Request{URL: site + "/a", Limit: 5}, "hello", ""},
		{fetch.Request{URL: site + "/a", Limit: 4}, "hell", fetch.TooLarge},
		{fetch.Request{URL: site + "/", Method: http.MethodPost}, "posted", ""},
		{fetch.Request{URL: site + "/gone"}, "", fetch.NotFound},
		{fetch.Request{URL: site + "/half"}, "hal", fetch.Cut},
	} {
		got, err := read(g, test.request)
		var f *fetch.Failure
		if errors.As(err, &f); (f == nil) != (test.reason == "") || f != nil && f.Reason != test.reason {
			t.Errorf("%s: %v, want reason %q", test.request.URL, err, test.reason)
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.request.URL, got, test.want)
		}
	}
	if n := g.Count(site + "/a"); n != 3 {
		t.Errorf("counted %d, want 3", n)
	}
}

func read(g fetch.Getter, r fetch.Request) (string, error) {
	rc, err := g.Fetch(context.Background(), r)
	if err != nil {
		return "", err
	}
	defer rc.Close()
	b, err := io.ReadAll(rc)
	return string(b), err
}

func TestComplains(t *testing.T) {
	for name, test := range map[string]struct {
		do   func(g fetch.Getter)
		want string
	}{
		"unforeseen": {func(g fetch.Getter) {
			_, _ = read(g, fetch.Request{URL: site + "/a"})
			_, _ = read(g, fetch.Request{URL: site + "/b"})
		}, site + "/b: was asked for"},
		"unused": {func(fetch.Getter) {}, site + "/a: was never asked for"},
		"left open": {func(g fetch.Getter) {
			_, _ = g.Fetch(context.Background(), fetch.Request{URL: site + "/a"})
		}, "1 bodies were not closed"},
	} {
		t.Run(name, func(t *testing.T) {
			w := &witness{TB: t}
			g := fetchtest.New(w, map[string]fetchtest.Answer{site + "/a": fetchtest.Body("x")})
			test.do(g)
			w.end()
			if got := strings.Join(w.errors, "\n"); !strings.HasPrefix(got, test.want) || len(w.errors) != 1 {
				t.Errorf("complained %q, want %q", got, test.want)
			}
		})
	}
}
