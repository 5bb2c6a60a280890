package lockfile

import (
	"fmt"
	"strings"
	"testing"
)

// Each file pins evil@6.6.6 for some reader. It has to be an entry, or the file
// in doubt about packages, or unread.
func TestBunHidesNothing(t *testing.T) {
	evil := `"evil":["evil@6.6.6","",{},"` + bunHash + `"]`
	for _, c := range []struct{ name, data, want string }{
		{"a byte order mark", "\ufeff" + bunLock(evil), "entry"},
		{"two of them", "\ufeff\ufeff" + bunLock(evil), "unread"},
		{"CRLF", strings.ReplaceAll(bunLock("\n\n"+evil+"\n"), "\n", "\r\n"), "entry"},
		{"lone CR", bunLock("\r" + evil + "\r"), "entry"},
		{"behind a comment that ends at a lone CR", bunLock("// x\r" + evil + "\n"), "unread"},
		{"behind a comment that ends at LS", bunLock("// x\u2028" + evil + "\n"), "unread"},
		{"behind a comment that ends at PS", bunLock("// x\u2029" + evil + "\n"), "unread"},
		{"behind a comment within a comment", bunLock("/* /* */" + evil), "entry"},
		{"behind a comment in a string", bunLock(`"a":["a@1.0.0","/*",{},""],` + evil + `,"b":["b@1.0.0","*/",{},""]`), "entry"},
		{"in single quotes", bunLock(strings.ReplaceAll(evil, `"`, `'`)), "unread"},
		{"without quotes", bunLock(strings.Replace(evil, `"evil"`, "evil", 1)), "unread"},
		{"escaped", bunLock(strings.ReplaceAll(evil, "evil", `\u0065v\u0069l`)), "entry"},
		{"escaped as in JavaScript", bunLock(strings.ReplaceAll(evil, "evil", `\x65vil`)), "unread"},
		{"in escaped packages", strings.Replace(bunLock(evil), `"packages"`, `"p\u0061ckages"`, 1), "entry"},
		{"in packages of another case", strings.Replace(bunLock(evil), `"packages"`, `"Packages"`, 1), "doubt"},
		{"in the first of two packages", strings.Replace(bunLock(evil), `"packages"`, `"packages":{"a":[]},"packages"`, 1), "entry"},
		{"in the second of two packages", strings.TrimSuffix(bunLock(evil), "}") + `,"packages":{}}`, "entry"},
		{"behind the end of the document", bunLock("") + bunLock(evil), "unread"},
		{"behind NUL", bunLock("\x00" + evil), "unread"},
		{"with NUL in the key", bunLock(strings.Replace(evil, "evil", "e\x00vil", 1)), "unread"},
		{"with an escaped NUL in the key", bunLock(strings.Replace(evil, "evil", `evil\u0000`, 1)), "entry"},
		{"in bytes that are no UTF-8", bunLock(strings.Replace(evil, "evil", "evil\xff", 1)), "unread"},
		{"behind odd white space", bunLock("\u00a0\v\f" + evil), "unread"},
		{"behind a comma too many", bunLock("," + evil), "unread"},
		{"behind a line of a megabyte", bunLock(`"` + strings.Repeat("k", 4000) + `":["k@1.0.0","` + strings.Repeat("u", 1<<20) + `",{},""],` + evil), "entry"},
		{"behind a comment of two megabytes", bunLock("//" + strings.Repeat("x", 2<<20) + "\n" + evil), "entry"},
		{"split over lines", bunLock(strings.NewReplacer(":", "\n:\n", ",", "\n,\n", "[", "\n[\n").Replace(evil)), "entry"},
		{"twice", bunLock(`"evil":["evil@1.0.0","",{},""],` + evil), "entry"},
		{"twice, the other way", bunLock(evil + `,"evil":["evil@1.0.0","",{},""]`), "entry"},
		{"under a good name", bunLock(strings.Replace(evil, "evil", "lodash", 1)), "entry"},
		{"under a key that differs in case", bunLock(`"lodash":["lodash@1.0.0","",{},""],` + strings.Replace(evil, "evil", "Lodash", 1)), "entry"},
		{"under a look-alike key", bunLock(`"lodash":["lodash@1.0.0","",{},""],` + strings.Replace(evil, "evil", "l\u043edash", 1)), "entry"},
		{"nested in nothing", bunLock(strings.Replace(evil, `"evil"`, `"nowhere/evil"`, 1)), "entry"},
		{"as no tuple", bunLock(`"evil":{"name":"evil","version":"6.6.6"}`), "doubt"},
		{"as a tuple in a tuple", bunLock(`"evil":[["evil@6.6.6"],"",{},""]`), "doubt"},
		{"behind a number", bunLock(`"evil":[1,"evil@6.6.6",{},""]`), "doubt"},
		{"in a range", bunLock(`"evil":["evil@1.0.0 || 6.6.6","",{},""]`), "doubt"},
		{"in an address", bunLock(`"a":["a@1.0.0","https://npm.example/a/../evil/-/evil-6.6.6.tgz",{},""]`), "doubt"},
		{"in a tag", bunLock(`"a":["a@git+https://git.example/o/a.git#111",{},"666"]`), "doubt"},
		{"between conflict markers", bunLock("\n<<<<<<< ours\n" + evil + "\n=======\n>>>>>>> theirs\n"), "unread"},
		{"behind a leftover marker", bunLock(evil + "\n=======\n"), "unread"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inv, err := Parse(Input{Path: "bun.lock", Data: []byte(c.data)})
			if got := shown(inv, err); got != c.want {
				t.Errorf("%s, want %s in\n%.2000s", got, c.want, dump(inv, err))
			}
		})
	}
}

// shown says in which of the three ways an inventory shows evil@6.6.6.
func shown(inv *Inventory, err error) string {
	if err != nil {
		return "unread"
	}
	for _, e := range inv.Entries {
		if e.Name == "evil" && e.Version == "6.6.6" {
			return "entry"
		}
	}
	for _, d := range inv.Doubts {
		if d.Packages {
			return "doubt"
		}
	}
	return "nothing"
}

// A package that stands in two readings of the file is in doubt besides.
func TestBunDoubtsTwoReadings(t *testing.T) {
	entry := func(key, name string) string { return fmt.Sprintf(`%q:["%s@1.0.0","",{},"%s"]`, key, name, bunHash) }
	for _, data := range []string{
		bunLock(entry("a", "a") + "," + strings.Replace(entry("a", "a"), "1.0.0", "2.0.0", 1)),
		bunLock(entry("a", "b")),
		bunLock(entry("x/a", "a")),
		strings.TrimSuffix(bunLock(entry("a", "a")), "}") + `,"packages":{}}`,
		strings.Replace(bunLock(entry("a", "a")), `"":{}`, `"":{},"":{}`, 1),
	} {
		inv, err := Parse(Input{Path: "bun.lock", Data: []byte(data)})
		if err != nil || len(inv.Doubts) != 1 || !inv.Doubts[0].Packages {
			t.Errorf("%s\n%s", data, dump(inv, err))
		}
	}
	// Where something asks for the alias, nothing is doubtful.
	asked := strings.Replace(bunLock(entry("a", "b")), `"":{}`, `"":{"dependencies":{"a":"npm:b@^1.0.0"}}`, 1)
	if inv, err := Parse(Input{Path: "bun.lock", Data: []byte(asked)}); err != nil || len(inv.Doubts) > 0 {
		t.Errorf("%s\n%s", asked, dump(inv, err))
	}
}

// What is in a comment is no entry, for bun neither.
func TestBunComments(t *testing.T) {
	entry := `"evil":["evil@6.6.6","",{},""],`
	for _, comment := range []string{"// " + entry + "\n", "/* " + entry + " */", "/*\n" + entry + "\n*/", "//\r\n", "/*/" + entry + "*/"} {
		inv, err := Parse(Input{Path: "bun.lock", Data: []byte(bunLock(comment))})
		if err != nil || len(inv.Entries)+len(inv.Doubts) > 0 {
			t.Errorf("%q:\n%s", comment, dump(inv, err))
		}
	}
}
