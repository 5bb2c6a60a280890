package lockfile

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Few names, so that they meet.
var (
	someBunNames  = []string{"a", "b", "@s/a", "@s/b", "__proto__", "x.y"}
	someBunHeads  = []string{"1.0.0", "2.0.0-a.1", "npm:b@1", "latest", "file:a", "./a.tgz", "link:a", "workspace:p", "root:", "https://files.example/a.tgz", "git+https://git.example/o/a.git#1", "github:o/a#1", ""}
	someBunValues = []string{`""`, `"https://npm.example/a/-/a-1.0.0.tgz"`, `"` + bunHash + `"`, `"1"`, `"o-a-1"`, `1`, `null`, `true`, `[]`, `[{}]`, `{}`, `"dots/../x"`}
	someBunSpaces = []string{"", " ", "\n", "\r\n", "/**/", "/*\n\"z\": [] */", "// \"z\": [\"z@1.0.0\"],\n", "\t"}
)

func drawBunSpace(t *rapid.T) string { return rapid.SampledFrom(someBunSpaces).Draw(t, "space") }

func drawBunKey(t *rapid.T) string {
	names := rapid.SliceOfN(rapid.SampledFrom(someBunNames), 1, 4).Draw(t, "names")
	return strings.Join(names, "/")
}

// drawBunObject makes an object of members that each draw gives, with commas
// and comments where they are allowed.
func drawBunObject(t *rapid.T, most int, member func() string) string {
	var b strings.Builder
	b.WriteString("{" + drawBunSpace(t))
	n := rapid.IntRange(0, most).Draw(t, "members")
	for i := range n {
		b.WriteString(member() + drawBunSpace(t))
		if i < n-1 || rapid.Bool().Draw(t, "trailing") {
			b.WriteString("," + drawBunSpace(t))
		}
	}
	return b.String() + "}"
}

func drawBunInfo(t *rapid.T) string {
	return drawBunObject(t, 3, func() string {
		list := rapid.SampledFrom([]string{"dependencies", "devDependencies", "optionalDependencies", "peerDependencies", "bin"}).Draw(t, "list")
		return fmt.Sprintf("%q:%s", list, drawBunObject(t, 3, func() string {
			return fmt.Sprintf("%q:%q", rapid.SampledFrom(someBunNames).Draw(t, "asked"), rapid.SampledFrom([]string{"1", "npm:a@1"}).Draw(t, "spec"))
		}))
	})
}

func drawBunTuple(t *rapid.T, name string) string {
	return fmt.Sprintf("[%s%q,\"\",%s,%q]", drawBunSpace(t), name+"@1.0.0", drawBunInfo(t), bunHash)
}

// drawOddTuple makes what bun would hardly write.
func drawOddTuple(t *rapid.T) string {
	if rapid.Bool().Draw(t, "value") {
		return rapid.SampledFrom(someBunValues).Draw(t, "value")
	}
	parts := rapid.SliceOfN(rapid.SampledFrom(someBunValues), 0, 4).Draw(t, "parts")
	head := rapid.SampledFrom(someBunNames).Draw(t, "name") + "@" + rapid.SampledFrom(someBunHeads).Draw(t, "head")
	return "[" + strings.Join(append([]string{fmt.Sprintf("%q", head)}, parts...), ",") + "]"
}

// drawBunPackages makes an object of entries: all names at the top, and some of
// them in others, as bun writes them, or whatever comes.
func drawBunPackages(t *rapid.T, tidy bool) string {
	keys := append([]string(nil), someBunNames...)
	next := 0
	return drawBunObject(t, 12, func() string {
		if !tidy && rapid.Bool().Draw(t, "odd") {
			return fmt.Sprintf("%q:%s", drawBunKey(t), drawOddTuple(t))
		}
		if next == len(keys) {
			key := rapid.SampledFrom(keys).Draw(t, "within") + "/" + rapid.SampledFrom(someBunNames).Draw(t, "name")
			if slices.Contains(keys, key) {
				key += "/" + fmt.Sprint("n", next)
			}
			keys = append(keys, key)
		}
		_, name := bunPlace(keys[next])
		next++
		return fmt.Sprintf("%q:%s", keys[next-1], drawBunTuple(t, name))
	})
}

func drawBunLock(t *rapid.T) string {
	tidy := rapid.Bool().Draw(t, "tidy")
	packages := func() string { return "\"packages\":" + drawBunPackages(t, tidy) }
	root := fmt.Sprintf(`"workspaces":{"":%s,"p":{"name":"a","dependencies":{"b":"1"}},"q":%s}`, drawBunInfo(t), drawBunInfo(t))
	members := []string{fmt.Sprintf(`"lockfileVersion":%d`, rapid.IntRange(0, 3).Draw(t, "version")), root, packages()}
	if !tidy && rapid.IntRange(0, 4).Draw(t, "again") == 0 {
		members = append(members, packages())
	}
	members = rapid.Permutation(members).Draw(t, "order")
	return drawBunSpace(t) + "{" + strings.Join(members, ","+drawBunSpace(t)) + "}" + drawBunSpace(t)
}

func TestBunReadingProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		data := []byte(drawBunLock(rt))
		inv, err := Parse(Input{Path: "bun.lock", Data: data})
		if err != nil {
			rt.Fatalf("%s: %v", data, err)
		}
		rt.Logf("%s\n%s", data, dump(inv, nil))
		noBunEntryIsLost(rt, data, inv)
		linesAreRight(rt, data, inv)
		bunAnswers(rt, inv)
		for _, e := range inv.Entries {
			if e.Name == "z" {
				rt.Fatal("a comment became an entry")
			}
		}
	})
}
