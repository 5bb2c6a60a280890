package advisory

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A range says the same in whatever order its events are written, and what a
// reading from one version to the next finds.
func TestCoversInAnyOrder(t *testing.T) {
	at := func(minor int) string { return fmt.Sprintf("1.%d.0", minor) }
	rapid.Check(t, func(t *rapid.T) {
		kinds := rapid.SliceOfN(rapid.IntRange(0, 3), 8, 8).Draw(t, "what happens at each version")
		var events []eventDocument
		inside, want := false, make([]bool, len(kinds))
		for minor, kind := range kinds {
			switch kind {
			case 1:
				events = append(events, eventDocument{Introduced: at(minor)})
				inside = true
			case 2:
				events = append(events, eventDocument{Fixed: at(minor)})
				inside = false
			}
			want[minor] = inside
			if kind == 3 {
				events = append(events, eventDocument{LastAffected: at(minor)})
				inside = false
			}
		}
		if !slices.ContainsFunc(events, func(e eventDocument) bool { return e.Introduced != "" }) {
			t.Skip("no range without a beginning")
		}
		s := newSpan("npm", rapid.Permutation(events).Draw(t, "events"))
		for minor := range kinds {
			if got := s.covers(at(minor)); got != want[minor] {
				t.Fatalf("%s: %v, want %v, by %+v", at(minor), got, want[minor], s.events)
			}
		}
		if s.covers("0.9.0") || s.covers("nonsense") {
			t.Fatal("covers what lies before it, or no version at all")
		}
	})
}

func TestIntegrities(t *testing.T) {
	got := integrities(map[string]string{
		"SHA1":       "da39a3ee5e6b4b0d3255bfef95601890afd80709",
		"sha256_sri": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
		"sha256":     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"sha512":     "da39a3ee5e6b4b0d3255bfef95601890afd80709",
		"sha384_sri": "sha512-AAAA",
		"sha512_sri": "",
		"md5":        "d41d8cd98f00b204e9800998ecf8427e",
	})
	want := []string{"sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
