package lockfile

import (
	"strings"
	"testing"
)

const berryBody = "\"a@npm:^1.0.0\":\n  version: 1.0.0\n  resolution: \"a@npm:1.0.0\"\n  languageName: node\n  linkType: hard\n"

// Which grammar a file is read by decides what is seen in it: a key that YAML
// has and yarn 1 hasn't must not leave the choice to the wrong one.
func TestMetadataLine(t *testing.T) {
	for _, c := range []struct {
		name, data string
		want       int
	}{
		{"yarn 4's", "# comment\n\n__metadata:\n  version: 8\n", 3},
		{"at the start", "__metadata:\n", 1},
		{"behind a BOM", "\ufeff__metadata:\n", 1},
		{"at the end", "a:\n  b: c\n__metadata: {version: 8}", 3},
		{"CRLF", "# comment\r\n\r\n__metadata:\r\n", 3},
		{"space before the colon", "__metadata \t:\n", 1},
		{"in quotes", "\n\"__metadata\": 1\n", 2},
		{"in single quotes", "'__metadata': 1\n", 1},
		{"after a question mark", "a: b\n?  __metadata\n: 1\n", 2},
		{"in quotes after a question mark", "? \"__metadata\"\n: 1\n", 1},
		{"the second one", "a: __metadata\n__metadata:\n", 2},

		{"none", "a@1:\n  version \"1.0.0\"\n", 0},
		{"a field", "a:\n  __metadata:\n", 0},
		{"in a comment", "# __metadata:\n", 0},
		{"another name", "__metadatas:\n", 0},
		{"the end of a name", "x__metadata:\n", 0},
		{"without a colon", "__metadata\n", 0},
		{"half in quotes", "\"__metadata:\n", 1},
	} {
		if got := metadataLine([]byte(c.data)); got != c.want {
			t.Errorf("%s: line %d, want %d", c.name, got, c.want)
		}
	}
}

// A file of yarn 2 and later whose __metadata is spelled in another way is
// refused by yarn 1's grammar.
func TestOddMetadataIsNotClassic(t *testing.T) {
	for _, metadata := range []string{
		"\"\\u005f_metadata\":\n  version: 8\n",
		"\"\\u005f_metadata\", a@1:\n  version \"8\"\n",
		"!!str __metadata:\n  version: 8\n",
		"&a __metadata:\n  version: 8\n",
		"{__metadata: {version: 8}}\n",
		"? |-\n  __metadata\n: version: 8\n",
		"---\n- __metadata\n",
		"  __metadata:\n    version: 8\n",
		"\t__metadata:\n",
		"x: &a __metadata\n*a : {version: 8}\n",
		"",
	} {
		inv, err := Parse(Input{Path: "yarn.lock", Data: []byte(metadata + "\n" + berryBody)})
		if u, ok := err.(*Unread); !ok || u.Hint != hintClassicRestore {
			t.Errorf("%q: %s", metadata, dump(inv, err))
		}
	}
}

// A file that is said to be yarn 1's and has __metadata is read by neither
// grammar: yarn 2 and later go by the one, and yarn 1 by the other.
func TestClassicWithMetadata(t *testing.T) {
	for _, header := range []string{
		"# yarn lockfile v1\n", "\ufeff# yarn lockfile v1\n", "# other\n#\tYARN  lockfile V1\r\n", "# " + strings.Repeat(" ", 1000) + "yarn lockfile v1\n",
	} {
		_, err := Parse(Input{Path: "app/yarn.lock", Data: []byte(header + "\n__metadata:\n  version: 8\n\n" + berryBody)})
		if err == nil || !strings.Contains(err.Error(), "has the __metadata of yarn 2 and later") {
			t.Errorf("%q: %v", header, err)
		}
	}
	for _, header := range []string{"", "# yarn lockfile v1 indeed\n", "# lockfile\n\n# yarn lockfile v1\n", "# yarn lockfile\n"} {
		if saysYarn1([]byte(header + "__metadata:\n")) {
			t.Errorf("%q says that it is yarn 1's", header)
		}
	}
}

// Many half keys in one line cost no more than their length.
func TestMetadataLineIsLinear(t *testing.T) {
	for _, unit := range []string{"__metadata", "\"__metadata", "__metadata:", "? __metadata\n", " __metadata", "__metadata" + strings.Repeat(" ", 50)} {
		bounded(t, unit, []byte("x"+strings.Repeat(unit, (8<<20)/len(unit))), func(data []byte) { metadataLine(data) })
	}
}
