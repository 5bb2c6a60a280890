package registry

import (
	"errors"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/fetch/fetchtest"
)

func TestNPMAttestations(t *testing.T) {
	const plain = "https://npm.example.com/-/npm/v1/attestations/wren@1.0.0-rc.1+b"
	const scoped = "https://npm.acme.example/team/-/npm/v1/attestations/@acme%2Fwren@1.0.0"
	getter := fetchtest.New(t, map[string]fetchtest.Answer{plain: fetchtest.Body("a"), scoped: fetchtest.Body("b")})
	for _, test := range []struct{ name, version, want string }{{"wren", "1.0.0-rc.1+b", "a"}, {"@acme/wren", "1.0.0", "b"}} {
		got, err := npmAt(getter).Attestations(t.Context(), test.name, test.version)
		if err != nil || string(got) != test.want {
			t.Errorf("%s@%s: got %q and the error %v", test.name, test.version, got, err)
		}
	}
	for _, r := range getter.Requests() {
		if r.Limit != maxAttestations || !r.Immutable {
			t.Errorf("asked with %+v", r)
		}
	}
}

func TestNPMAttestationsFail(t *testing.T) {
	const url = "https://npm.example.com/-/npm/v1/attestations/wren@1.0.0"
	for name, test := range map[string]struct {
		answer fetchtest.Answer
		reason fetch.Reason
	}{
		"not found": {fetchtest.Fail(fetch.NotFound), fetch.NotFound},
		"cut":       {fetchtest.CutAfter("{"), fetch.Cut},
		"too large": {fetchtest.Body(strings.Repeat(" ", maxAttestations+1)), fetch.TooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			getter := fetchtest.New(t, map[string]fetchtest.Answer{url: test.answer})
			got, err := npmAt(getter).Attestations(t.Context(), "wren", "1.0.0")
			var failure *fetch.Failure
			if got != nil || !errors.As(err, &failure) || failure.Reason != test.reason {
				t.Errorf("got %q and the error %v, want %s", got, err, test.reason)
			}
		})
	}
}

// No name or version out of a lockfile reaches another path.
func TestNPMAttestationsOfNoRelease(t *testing.T) {
	npm := npmAt(fetchtest.New(t, nil))
	for _, test := range [][2]string{
		{"../keys", "1.0.0"}, {"wren", ""}, {"wren", "../wren@1.0.0"}, {"wren", "1.0.0/../../keys"}, {"wren", ".."}, {"wren", "1.0.0?x"}, {"wren", "1.0.0%2f"}, {"wren", "1.0.0 "},
	} {
		if _, err := npm.Attestations(t.Context(), test[0], test[1]); err == nil {
			t.Errorf("asked for %s@%s", test[0], test[1])
		}
	}
}
