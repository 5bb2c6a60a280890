package lockfile

import (
	"strings"
	"testing"
)

// Each document holds evil@6.6.6, in a way that some reader might not see. It
// must be an entry, or a doubt about packages, or the file must be refused.
var hidden = []struct{ name, data string }{
	{"on one line", `{"version":"5","npm":{"a@1.0.0":{},"evil@6.6.6":{}}}`},
	{"behind a line of 113 KiB", `{"version":"5","npm":{"a@1.0.0":{"bin":"` + strings.Repeat("x", 113<<10) + `"},` + "\n" + `"evil@6.6.6":{}}}`},
	{"behind a line of 30 MiB", `{"version":"5","npm":{"a@1.0.0":{"bin":"` + strings.Repeat("x", 30<<20) + `"},"evil@6.6.6":{}}}`},
	{"behind a long key", `{"version":"5","npm":{"` + strings.Repeat("k", 1<<20) + `@1.0.0":{},"evil@6.6.6":{}}}`},
	{"escaped", `{"version":"5","npm":{"\u0065v\u0069l@6.6.\u0036":{}}}`},
	{"in an escaped section", `{"version":"5","\u006epm":{"evil@6.6.6":{}}}`},
	{"with odd indentation", "{\n\t\t\"version\"\n:\"5\",\"npm\" :\t{ \"evil@6.6.6\"\r\n:\n\n{}}}"},
	{"with CRLF", "{\r\n\"version\":\"5\",\r\n\"npm\":{\r\n\"evil@6.6.6\":{}}}"},
	{"with lone CRs", "{\r\"version\":\"5\",\r\"npm\":{\r\"evil@6.6.6\":{}}}"},
	{"with a byte order mark", "\ufeff" + `{"version":"5","npm":{"evil@6.6.6":{}}}`},
	{"with two byte order marks", "\ufeff\ufeff" + `{"version":"5","npm":{"evil@6.6.6":{}}}`},
	{"behind a NUL", "{\"version\":\"5\"}\x00{\"npm\":{\"evil@6.6.6\":{}}}"},
	{"behind the end", `{"version":"5"}{"version":"5","npm":{"evil@6.6.6":{}}}`},
	{"behind a comment", "{\"version\":\"5\",// \n\"npm\":{\"evil@6.6.6\":{}}}"},
	{"with a trailing comma", `{"version":"5","npm":{"evil@6.6.6":{},}}`},
	{"in single quotes", `{"version":"5",'npm':{'evil@6.6.6':{}}}`},
	{"in a section that stands twice", `{"version":"5","npm":{"evil@6.6.6":{}},"npm":{"a@1.0.0":{}}}`},
	{"in a packages object that stands twice", `{"version":"3","packages":{"npm":{"evil@6.6.6":{}}},"packages":{"npm":{}}}`},
	{"in upper case", `{"version":"5","NPM":{"evil@6.6.6":{}}}`},
	{"in upper case below", `{"version":"3","packages":{"Npm":{"evil@6.6.6":{}}}}`},
	{"in Packages", `{"version":"3","Packages":{"npm":{"evil@6.6.6":{}}}}`},
	{"where version 3 has packages, in 5", `{"version":"5","packages":{"npm":{"evil@6.6.6":{}}}}`},
	{"where version 4 has packages, in 3", `{"version":"3","npm":{"evil@6.6.6":{}}}`},
	{"where version 2 has packages, in 4", `{"version":"4","npm":{"packages":{"evil@6.6.6":{}}}}`},
	{"where version 4 has packages, in 2", `{"version":"2","npm":{"evil@6.6.6":{}}}`},
	{"without a version", `{"npm":{"evil@6.6.6":{}}}`},
	{"under a number for a version", `{"version":5,"npm":{"evil@6.6.6":{}}}`},
	{"under two versions", `{"version":"5","npm":{"evil@6.6.6":{}},"version":"1"}`},
	{"under a newer version", `{"version":"6","npm":{"evil@6.6.6":{}}}`},
	{"under no known version", `{"version":"evil","npm":{"evil@6.6.6":{}}}`},
	{"as a specifier only", `{"version":"5","specifiers":{"npm:evil@6":"6.6.6"}}`},
	{"as a specifier of version 3 only", `{"version":"3","packages":{"specifiers":{"npm:evil@6":"npm:evil@6.6.6"}}}`},
	{"as a specifier of version 2 only", `{"version":"2","npm":{"specifiers":{"evil@6":"evil@6.6.6"}}}`},
	{"as a specifier with a slash", `{"version":"5","specifiers":{"npm:/evil@6":"6.6.6"}}`},
	{"as the answer to another name", `{"version":"3","packages":{"specifiers":{"npm:a@6":"npm:evil@6.6.6"},"npm":{"a@6.6.6":{},"evil@6.6.6":{}}}}`},
	{"beside a package of JSR", `{"version":"5","jsr":{"@s/evil@6.6.6":{}},"npm":{"@s/evil@6.6.6":{}}}`},
	{"with peers", `{"version":"5","npm":{"evil@6.6.6_a@1.0.0__b@2.0.0":{}}}`},
	{"as an entry that is no object", `{"version":"5","npm":{"evil@6.6.6":true}}`},
	{"as a section that is no object", `{"version":"5","npm":["evil@6.6.6"],"remote":{"evil@6.6.6":""}}`},
	{"with a look-alike letter", `{"version":"5","npm":{"\u0435vil@6.6.6":{}}}`},
	{"with a name of another path", `{"version":"5","npm":{"../evil@6.6.6":{}}}`},
	{"with a backslash", `{"version":"5","npm":{"a\\evil@6.6.6":{}}}`},
	{"as a link", `{"version":"5","npm":{"evil@6.6.6":{"integrity":"sha512-AA=="}},"workspace":{"links":{"npm:evil@6.6.6":{}}}}`},
	{"behind a conflict", "{\"version\":\"5\",\n<<<<<<< HEAD\n\"npm\":{}\n=======\n\"npm\":{\"evil@6.6.6\":{}}\n>>>>>>> x\n}"},
	{"behind half a conflict", "{\"version\":\"5\",\n\"npm\":{}\n=======\n\"npm\":{\"evil@6.6.6\":{}}\n}"},
	{"in a conflict within strings", `{"version":"5","a":"<<<<<<<","b":"=======","c":">>>>>>>","npm":{"evil@6.6.6":{}}}`},
	{"by its hash", `{"version":"5","npm":{"a@1.0.0":{"integrity":"sha512-good","integrity":"sha512-evil"}}}`},
	{"by a hash that only some read", `{"version":"5","npm":{"a@1.0.0":{"integrity":"sha512-good","Integrity":"sha512-evil"}}}`},
	{"by its address", `{"version":"5","npm":{"a@1.0.0":{"tarball":"https://npm.example.com/../evil.tgz"}}}`},
	{"by a path for an address", `{"version":"5","npm":{"a@1.0.0":{"tarball":"evil.tgz"}}}`},
	{"by an address of git", `{"version":"5","npm":{"a@1.0.0":{"tarball":"git+ssh://git@git.example/evil.git"}}}`},
	{"by a hash of JSR that is none", `{"version":"5","jsr":{"@s/a@1.0.0":{"integrity":"evil"}}}`},
	{"by a hash of a module that is none", `{"version":"5","remote":{"https://modules.example/a":"evil"}}`},
	{"by a module's dot segments", `{"version":"5","remote":{"https://modules.example/std@1.0.0/../evil":"` + strings.Repeat("0", 64) + `"}}`},
	{"by a module's user", `{"version":"5","remote":{"https://modules.example@evil/std":"` + strings.Repeat("0", 64) + `"}}`},
	{"by where a redirect leads", `{"version":"5","redirects":{"https://modules.example/a":"file:///evil"}}`},
	{"by a module that stands twice", `{"version":"5","remote":{"https://modules.example/a":"` + strings.Repeat("0", 64) + `","https://modules.example/a":"` + strings.Repeat("1", 64) + `"}}`},
	{"by a module at the top", `{"version":"5","https://evil/a":"` + strings.Repeat("0", 64) + `"}`},
	{"by a module below packages", `{"version":"3","packages":{"remote":{"https://evil/a":"` + strings.Repeat("0", 64) + `"}}}`},
}

func TestDenoHidesNothing(t *testing.T) {
	for _, h := range hidden {
		t.Run(h.name, func(t *testing.T) {
			inv, err := Parse(Input{Path: "deno.lock", Data: []byte(h.data)})
			if err != nil {
				return
			}
			for _, e := range inv.Entries {
				if strings.HasSuffix(e.Name, "evil") && e.Version == "6.6.6" && e.Source == Registry {
					return
				}
			}
			for _, d := range inv.Doubts {
				if d.Packages {
					return
				}
			}
			t.Errorf("nothing is seen: %.2000s", dump(inv, nil))
		})
	}
}
