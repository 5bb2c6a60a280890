package lockfile

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// evil is an entry that some reader could be made to pass over.
const evil = "evil@^6.0.0:\n  version \"6.6.6\"\n  resolved \"https://npm.example.com/evil/-/evil-6.6.6.tgz\"\n  integrity sha512-EVIL\n"

const good = "good@^1.0.0:\n  version \"1.0.0\"\n  resolved \"https://npm.example.com/good/-/good-1.0.0.tgz\"\n  integrity sha512-GOOD\n"

const classicHeader = "# yarn lockfile v1\n\n\n"

// Whatever is done to a file, the package is seen, or the file is doubted or
// refused.
func TestNothingHides(t *testing.T) {
	edit := func(old, new string) string { return classicHeader + good + "\n" + strings.Replace(evil, old, new, 1) }
	patterns := ""
	for len(patterns) < 113<<10 {
		patterns += fmt.Sprintf("evil@^6.0.0-%d, ", len(patterns))
	}
	for _, c := range []struct{ name, data, want string }{
		{"plain", classicHeader + good + "\n" + evil, "seen"},
		{"no empty line before it", classicHeader + good + evil, "seen"},
		{"no line break after it", classicHeader + good + strings.TrimSuffix(evil, "\n"), "seen"},
		{"CRLF", strings.ReplaceAll(classicHeader+good+"\n"+evil, "\n", "\r\n"), "seen"},
		{"mixed line ends", classicHeader + good + "\n" + strings.ReplaceAll(evil, "\n", "\r\n"), "seen"},
		{"BOM", "\ufeff" + classicHeader + evil, "seen"},
		{"a BOM in the middle", edit("evil@", "\ufeffevil@"), "refused"},
		{"lone CR for line ends", strings.ReplaceAll(classicHeader+good+"\n"+evil, "\n", "\r"), "refused"},
		{"in a comment that a lone CR ends", classicHeader + good + "\n# comment\r" + strings.ReplaceAll(evil, "\n", "\r") + "\n", "refused"},
		{"behind a NUL", edit("evil@", "\x00evil@"), "refused"},
		{"a NUL in the name", edit("evil@", "ev\x00il@"), "refused"},
		{"a tab in the name", edit("evil@", "ev\til@"), "refused"},
		{"not UTF-8", edit("evil@", "ev\xffil@"), "refused"},
		{"a DEL in the name", edit("evil@", "ev\x7fil@"), "refused"},
		{"a tab in quotes", edit("evil@^6.0.0", "\"evil@^6.0.0\t\""), "refused"},

		{"a comment of 70 kB before it", classicHeader + "#" + strings.Repeat("x", 70_000) + "\n" + evil, "seen"},
		{"a key line of 113 KiB", edit("evil@^6.0.0", patterns+"evil@^6.0.0"), "seen"},
		{"a value of 1 MB before it", classicHeader + strings.Replace(good, "sha512-GOOD", "sha512-"+strings.Repeat("G", 1<<20), 1) + evil, "seen"},
		{"a pattern that is too long", edit("evil@^6.0.0", "evil@"+strings.Repeat("6", maxKey)), "refused"},
		{"a key line that is too long", edit("evil@^6.0.0", strings.Repeat("evil@6,", maxKeyLine/7)+"evil@6"), "refused"},

		{"in quotes", edit("evil@^6.0.0", `"evil@^6.0.0"`), "seen"},
		{"with escapes", edit("evil@^6.0.0", `"\u0065vil\u0040^6.0.0"`), "seen"},
		{"a quote that is not closed", edit("evil@^6.0.0", `"evil@^6.0.0`), "refused"},
		{"an escape that there is not", edit("evil@^6.0.0", `"evil\x40^6.0.0"`), "refused"},
		{"an escaped quote after an escaped backslash", edit("evil@^6.0.0", `"evil@^6.0.0\\\""`), "refused"},
		{"in single quotes", edit("evil@^6.0.0", `'evil@^6.0.0'`), "refused"},
		{"without a space before the comma", edit("evil@^6.0.0", "evil@6 ,evil@^6.0.0"), "seen"},
		{"spaces before the colon", edit("evil@^6.0.0", "evil@^6.0.0  "), "seen"},
		{"several patterns in one pair of quotes", edit("evil@^6.0.0", `"good@^2.0.0, evil@^6.0.0"`), "DOUBT"},
		{"beside another package's pattern", edit("evil@^6.0.0", "good@^2.0.0, evil@^6.0.0"), "DOUBT"},
		{"a comma too many", edit("evil@^6.0.0", "evil@^6.0.0,"), "refused"},
		{"a name that begins with true", edit("evil@", "true-evil@"), "refused"},
		{"a field that begins with false", edit("  version", "  falsehood x\n  version"), "refused"},
		{"a field without a name", edit("  version", "  \"\" x\n  version"), "refused"},
		{"an empty pattern", edit("evil@^6.0.0", `""`), "refused"},
		{"look-alike letters", edit("evil@", "еvil@"), "refused"}, // yarn takes no such start
		{"look-alike letters inside", edit("evil@^6.0.0", "evіl@^6.0.0"), "seen"},

		{"indented as a field", edit("evil@", "  evil@"), "DOUBT"},
		{"indented by one space", edit("evil@", " evil@"), "refused"},
		{"indented by a tab", edit("evil@", "\tevil@"), "refused"},
		{"indented too deep", edit("evil@", "        evil@"), "refused"},
		{"fields not indented", edit("  version", "version"), "refused"},
		{"fields too deep", edit("  version", "    version"), "refused"},
		{"fields indented by tabs", edit("  version", "\tversion"), "refused"},
		{"fields indented by two tabs", edit("  version", "\t\tversion"), "refused"},
		{"fields indented by three spaces", edit("  version", "   version"), "refused"},
		{"an empty line inside", edit("  resolved", "\n  resolved"), "DOUBT"},
		{"a comment inside", edit("  resolved", "  # comment\n  resolved"), "DOUBT"},
		{"after an indented empty line", edit("evil@", "    \nevil@"), "DOUBT"},
		{"after an indented comment", edit("evil@", "    # comment\nevil@"), "DOUBT"},
		{"on one line", edit(":\n  version", ": version"), "refused"},
		{"two fields on a line", edit("\"\n  resolved", "\" resolved"), "refused"},
		{"a value after the key", edit("evil@^6.0.0:", `evil@^6.0.0 "good@^1.0.0"`), "refused"},
		{"a key in place of fields", classicHeader + good + "\nevil@^6.0.0 \"good@^1.0.0\"\n", "DOUBT"},
		{"a comment after the key", edit("6.0.0:\n", "6.0.0: # comment\n"), "refused"},
		{"a comment after a value", edit("6.6.6\"\n", "6.6.6\" # comment\n"), "refused"},
		{"colons before values", strings.NewReplacer("version ", "version: ", "resolved ", "resolved: ").Replace(edit("", "")), "seen"},
		{"a version without quotes", edit(`"6.6.6"`, "6.6.6"), "refused"},
		{"a version that begins with true", edit(`"6.6.6"`, "true6"), "refused"},
		{"a version that is a number", edit(`"6.6.6"`, "6"), "doubt"},
		{"a version that is null", edit(`"6.6.6"`, "null"), "doubt"},
		{"no version", edit("  version \"6.6.6\"\n", ""), "doubt"},
		{"no address", edit("  resolved \"https://npm.example.com/evil/-/evil-6.6.6.tgz\"\n", ""), "DOUBT"},

		{"a key that stands twice", classicHeader + strings.ReplaceAll(good, "good@^1.0.0", "evil@^6.0.0") + "\n" + evil, "DOUBT"},
		{"a field that stands twice", edit("  integrity", "  version \"1.0.0\"\n  version \"6.6.6\"\n  integrity"), "DOUBT"},
		{"a key without a range beside one with it", classicHeader + evil + "\n" + strings.Replace(evil, "@^6.0.0", "", 1), "DOUBT"},
		{"under the name of another", edit("  version", "  name good\n  version"), "DOUBT"},
		{"behind an alias", edit("evil@^6.0.0", `"good@npm:evil@^6.0.0"`), "seen"},
		{"behind an alias that nothing explains", edit("evil@^6.0.0", `"good@npm:evil@^6.0.0", good@^1.2.0`), "DOUBT"},

		{"half a conflict", classicHeader + good + "=======\n" + evil, "refused"},
		{"the start of a conflict", classicHeader + "<<<<<<< ours\n" + good + evil, "refused"},
		{"a conflict", classicHeader + "<<<<<<< ours\n" + good + "=======\n" + evil + ">>>>>>> theirs\n", "refused"},
		{"a conflict in comments", classicHeader + "# <<<<<<<\n# =======\n# >>>>>>>\n" + evil, "refused"},
		{"YAML after three dashes", classicHeader + good + "---\n" + evil, "refused"},
		{"a list of YAML", edit("evil@", "- evil@"), "refused"},
		{"flow style of YAML", classicHeader + good + "{evil@^6.0.0: {version: 6.6.6}}\n", "refused"},
		{"an anchor of YAML", edit("evil@", "&a evil@"), "refused"},
		{"a tag of YAML", edit("evil@", "!!str evil@"), "refused"},
		{"a key with a question mark", edit("evil@^6.0.0:", "? evil@^6.0.0\n:"), "refused"},
		{"a comment of JavaScript", classicHeader + "/*\n" + evil + "*/\n", "refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inv, err := Parse(Input{Path: "yarn.lock", Data: []byte(c.data)})
			if got := visibility(inv, err); got != c.want {
				t.Errorf("%s, want %s; %.2000s", got, c.want, dump(inv, err))
			}
		})
	}
}

// visibility says how a reading shows evil, as the strongest of: the file is
// refused, it is in doubt what is pinned ("DOUBT"), there is another doubt, or
// evil is there as it was written.
func visibility(inv *Inventory, err error) string {
	if u, ok := errors.AsType[*Unread](err); ok && u.Reason != "" && u.Hint != "" {
		return "refused"
	}
	if err != nil {
		return fmt.Sprintf("an error without a hint: %v", err)
	}
	got := "hidden"
	for _, e := range inv.Entries {
		if e.Version == "6.6.6" && strings.HasSuffix(e.Key, "^6.0.0") {
			got = "seen"
		}
	}
	for _, d := range inv.Doubts {
		if d.Packages {
			return "DOUBT"
		}
		got = "doubt"
	}
	return got
}
