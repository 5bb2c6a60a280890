package lockfile

import "testing"

func TestBunPlace(t *testing.T) {
	for _, c := range []struct{ key, within, name string }{
		{"a", "", "a"},
		{"@s/a", "", "@s/a"},
		{"a/b", "a", "b"},
		{"@s/a/b", "@s/a", "b"},
		{"a/@s/b", "a", "@s/b"},
		{"@s/a/@t/b", "@s/a", "@t/b"},
		{"a/b/c/@s/d", "a/b/c", "@s/d"},
		{"", "", ""},
		{"/", "", ""},
		{"a/", "a", ""},
		{"@s", "", "@s"},
		{"a/@s", "a", "@s"},
	} {
		if within, name := bunPlace(c.key); within != c.within || name != c.name {
			t.Errorf("%q: %q and %q, want %q and %q", c.key, within, name, c.within, c.name)
		}
	}
}

func TestOddBunKey(t *testing.T) {
	for key, want := range map[string]int{
		"a": 1, "@s/a": 1, "a/b": 2, "@s/a/@t/b": 2, "a/@s/b/c": 3, "JSONStream": 1, "__proto__": 1, "node.js": 1, "~old!": 1, "l\u043edash": 1,
	} {
		if names, odd := oddBunKey(key); names != want || odd != "" {
			t.Errorf("%q: %d names, %q; want %d", key, names, odd, want)
		}
	}
	for _, key := range []string{
		"", "/", "a/", "/a", "a//b", ".", "..", "a/../b", "./a", "@", "@/a", "@s", "a/@s", "@s/@t/a", "@s/..", `a\b`, "a\x00", "a\nb", "a\x7f",
	} {
		if _, odd := oddBunKey(key); odd == "" {
			t.Errorf("%q: nothing is odd", key)
		}
	}
}
