package lockfile

import (
	"testing"
)

func TestPlaceOf(t *testing.T) {
	for _, c := range []struct{ key, within, name string }{
		{"", "", ""},
		{"node_modules/a", "", "a"},
		{"node_modules/@s/a", "", "@s/a"},
		{"node_modules/a/node_modules/b", "node_modules/a", "b"},
		{"packages/x", "packages/x", ""},
		{"packages/x/node_modules/b", "packages/x", "b"},
		{"../x/node_modules/b", "../x", "b"},
		{"/node_modules/b", "/", "b"},

		{"my_node_modules/a", "my_node_modules/a", ""},
		{"node_modules/my_node_modules", "", "my_node_modules"},
		{"node_modules/a/my_node_modules/b", "", "a/my_node_modules/b"},
		{"node_modules/node_modules/a", "node_modules", "a"},
		{"node_modules", "node_modules", ""},
	} {
		if got := placeOf(c.key); got.within != c.within || got.name != c.name {
			t.Errorf("placeOf(%q) = %+v, want %q in %q", c.key, got, c.name, c.within)
		}
	}
}

// The folders that Node looks into, one after another.
func TestAbove(t *testing.T) {
	for _, c := range []struct {
		folder string
		want   []string
	}{
		{"", nil},
		{"packages/x", []string{"packages", ""}},
		{"packages/x/node_modules/a/node_modules/@s/b", []string{"packages/x/node_modules/a", "packages/x", "packages", ""}},
		{"../deps/x", []string{"../deps", ".."}},
		{"../../x", []string{"../.."}},
		{"..", nil},
		{"/srv/x", []string{"/srv"}},
	} {
		var got []string
		folder, ok := above(c.folder)
		for ; ok; folder, ok = above(folder) {
			got = append(got, folder)
		}
		if len(got) != len(c.want) {
			t.Errorf("above %q: %q, want %q", c.folder, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("above %q: %q, want %q", c.folder, got, c.want)
			}
		}
	}
}

func TestFolderName(t *testing.T) {
	for folder, want := range map[string]string{
		"x": "x", "packages/x": "x", "packages/@s/x": "@s/x", "@s/x": "@s/x", "../@s/x": "@s/x", "@s": "@s",
	} {
		if got := folderName(folder); got != want {
			t.Errorf("folderName(%q) = %q, want %q", folder, got, want)
		}
	}
}

func TestIsGraphic(t *testing.T) {
	for _, fine := range []string{"", "!", "~", "https://npm.example.com/a/-/a-1.0.0.tgz"} {
		if !isGraphic(fine) {
			t.Errorf("%q is not graphic", fine)
		}
	}
	for c := range 256 {
		for length := range 18 {
			text := []byte("abcdefghijklmnopqr")[:length+1]
			text[length/2] = byte(c)
			if got, want := isGraphic(string(text)), '!' <= c && c <= '~'; got != want {
				t.Errorf("isGraphic(%q) = %v", text, got)
			}
		}
	}
}
