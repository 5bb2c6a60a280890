package version

import (
	"math/rand"
	"slices"
	"testing"

	"github.com/Masterminds/semver/v3"
	"pgregory.net/rapid"
)

// ascending lists versions in npm's order: what does not parse first, by bytes.
var ascending = []string{
	"", "01.2.3", "1", "1.2", "1.2.3-", "1.2.3-01", "9007199254740992.0.0", "=1.2.3", "latest", "v1.2.3",
	"0.0.0-0", "0.0.0", "0.0.1", "0.1.0",
	"1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta",
	"1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.0+a", "1.0.0+b", "1.0.1",
	"1.2.0", "1.10.0", "2.0.0", "10.0.0", "9007199254740991.0.0",
}

func TestCompare(t *testing.T) {
	shuffled := slices.Clone(ascending)
	rand.New(rand.NewSource(1)).Shuffle(len(shuffled), func(i, j int) {
		shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
	})
	slices.SortFunc(shuffled, func(a, b string) int { return Compare("npm", a, b) })
	if !slices.Equal(shuffled, ascending) {
		t.Errorf("sorted: %q\nwant:   %q", shuffled, ascending)
	}
}

func TestUnknownEcosystem(t *testing.T) {
	if Known("nowhere") || Valid("nowhere", "1.0.0") || ValidBound("nowhere", "1.0.0") || Line("nowhere", "1.0.0") != "" {
		t.Error("an ecosystem without rules must not understand a version")
	}
	if Compare("nowhere", "10", "9") >= 0 {
		t.Error("without rules the order is by bytes")
	}
	if _, known := Satisfies("nowhere", "1.0.0", "*"); known {
		t.Error("without rules no range is known")
	}
	if _, ok := Precedence("nowhere", "1.0.0", "1.0.0"); ok {
		t.Error("without rules there is no precedence")
	}
}

func TestLine(t *testing.T) {
	for v, want := range map[string]string{
		"1.2.3": "1", "12.0.0-rc.1": "12", "0.3.1": "0.3", "0.0.5": "0.0.5", "0.0.0": "0.0.0",
		"v1.2.3": "", "1.2": "", "": "",
	} {
		if got := Line("npm", v); got != want {
			t.Errorf("Line(%q) = %q, want %q", v, got, want)
		}
	}
}

func TestPrerelease(t *testing.T) {
	for v, want := range map[string]bool{"1.0.0-rc.1": true, "1.0.0-0+b": true, "1.0.0": false, "1.0.0+a-b": false, "x-1": false} {
		if got := Prerelease("npm", v); got != want {
			t.Errorf("Prerelease(%q) = %v, want %v", v, got, want)
		}
	}
}

func TestPrecedence(t *testing.T) {
	tests := []struct {
		a, b  string
		order int
		ok    bool
	}{
		{"1.0.0+build", "1.0.0", 0, true},
		{"1.0.0", "1.0.0-rc.1", 1, true},
		{"2.0.9", "2.1", -1, true},
		{"2.0.0", "2", 0, true},
		{"0.0.1", "0", 1, true},
		{"1.0.0", "v1.0.0", 0, true},
		{"1.0.0", "last", 0, false},
		{"1.0", "1.0.0", 0, true},
		{"latest", "1.0.0", 0, false},
		{"1.0.0", "", 0, false},
		{"1.0.0", "1-rc", 0, false},
	}
	for _, tt := range tests {
		order, ok := Precedence("npm", tt.a, tt.b)
		if order != tt.order || ok != tt.ok {
			t.Errorf("Precedence(%q, %q) = %d, %v, want %d, %v", tt.a, tt.b, order, ok, tt.order, tt.ok)
		}
	}
}

// anyVersion draws versions that are often equal, alike or broken.
func anyVersion() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom(ascending),
		rapid.StringMatching(`[0-2]\.[0-2]\.[0-2](-[0-2ab](\.[0-2ab]{1,2}){0,2})?(\+[ab])?`),
		rapid.StringMatching(`[0-9]{18,22}\.0\.0(-[0-9]{18,22})?`),
		rapid.String(),
	)
}

func TestCompareIsATotalOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ecosystem := rapid.SampledFrom([]string{"npm", "jsr", "deno", "nowhere"}).Draw(t, "ecosystem")
		compare := func(a, b string) int { return Compare(ecosystem, a, b) }
		a, b, c := anyVersion().Draw(t, "a"), anyVersion().Draw(t, "b"), anyVersion().Draw(t, "c")
		if compare(a, b) != -compare(b, a) {
			t.Fatalf("not antisymmetric: %q %q", a, b)
		}
		if (compare(a, b) == 0) != (a == b) {
			t.Fatalf("equal without being the same text: %q %q", a, b)
		}
		three := []string{a, b, c}
		slices.SortFunc(three, compare)
		if compare(three[0], three[1]) > 0 || compare(three[1], three[2]) > 0 || compare(three[0], three[2]) > 0 {
			t.Fatalf("not transitive: %q", three)
		}
		if !Valid(ecosystem, a) && Valid(ecosystem, b) && compare(a, b) >= 0 {
			t.Fatalf("%q does not parse and must come before %q", a, b)
		}
	})
}

// JSR's versions are npm's; tags of modules may have a "v" before them.
// A release that was read once says what the functions say of its text.
func TestReleaseOf(t *testing.T) {
	for _, a := range ascending {
		x, ok := ReleaseOf("npm", a)
		if want := Valid("npm", a) && !Prerelease("npm", a); ok != want || x.Line != "" != want || ok && x.Line != Line("npm", a) {
			t.Errorf("%q: %v, %+v", a, ok, x)
		}
		for _, b := range ascending {
			if y, both := ReleaseOf("npm", b); ok && both && x.Compare(y) != Compare("npm", a, b) {
				t.Errorf("%q and %q: %d", a, b, x.Compare(y))
			}
		}
	}
	if _, ok := ReleaseOf("nowhere", "1.0.0"); ok {
		t.Error("an ecosystem without rules must not understand a version")
	}
}

// The quick way of reading a version is the library's.
func TestPlainIsTheLibrarys(t *testing.T) {
	check := func(v string) bool {
		quick, ok := plain(v)
		strict, err := semver.StrictNewVersion(v)
		return !ok || err == nil && quick == [3]uint64{strict.Major(), strict.Minor(), strict.Patch()} && strict.String() == v
	}
	for _, v := range append(ascending, "1.2.3.4", "1..3", ".1.2", "1.2.", "00.0.0", "999999999999999.0.0", "18446744073709551617.0.0", "1.2.３") {
		if !check(v) {
			t.Errorf("%q is read otherwise", v)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		if v := rapid.StringMatching(`[0-9.+v-]{0,20}`).Draw(t, "version"); !check(v) {
			t.Errorf("%q is read otherwise", v)
		}
	})
	if _, ok := plain("999999999999999.20.3"); !ok {
		t.Error("the usual form is not read quickly")
	}
}

func TestOtherEcosystems(t *testing.T) {
	for _, c := range []struct {
		ecosystem, a, b string
		order           int
	}{
		{"jsr", "1.9.0", "1.10.0", -1},
		{"jsr", "1.0.0", "1.0.0-rc.1", 1},
		{"deno", "v1.9.0", "v1.10.0", -1},
		{"deno", "v1.10.0", "1.9.0", 1},
		{"deno", "", "v1.0.0", -1},
	} {
		if got := Compare(c.ecosystem, c.a, c.b); got != c.order {
			t.Errorf("%s: %q and %q: %d, want %d", c.ecosystem, c.a, c.b, got, c.order)
		}
	}
	if Valid("jsr", "v1.0.0") || !Valid("deno", "v1.0.0") || Valid("deno", "vv1.0.0") {
		t.Error("a v is of no version of JSR's, and one is of a tag")
	}
	if Line("deno", "v1.2.3") != "1" {
		t.Errorf("line %q", Line("deno", "v1.2.3"))
	}
}
