package locktest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
)

// Bun gives a bun.lock of version 1 with so many entries, as [NPM] does: a
// fifth of them nested, one in a hundred under another name.
func Bun(entries int, seed uint64) []byte {
	f := &npmFile{rand.New(rand.NewPCG(seed, 2)), nil, map[string]string{}}
	top := max(1, entries*4/5)
	for i := range top {
		name := f.name(i)
		f.names = append(f.names, name)
		f.versions[name] = f.version()
	}
	packages := make(map[string]string, entries)
	for i, name := range f.names {
		packages[name] = f.tuple(name, f.versions[name])
		if i%100 == 99 {
			packages[name+"-alias"] = f.tuple(name, f.versions[name])
		}
	}
	for parent := 0; len(packages) < entries; parent++ {
		name := f.names[f.IntN(top)]
		packages[f.names[parent%top]+"/"+name] = f.tuple(name, f.version())
	}

	var b bytes.Buffer
	b.WriteString("{\n  \"lockfileVersion\": 1,\n  \"workspaces\": {\n    \"\": {\n      \"name\": \"made\",\n      \"dependencies\": {\n")
	for i, name := range f.names {
		if i%100 == 99 {
			fmt.Fprintf(&b, "        %q: \"npm:%s@^%s\",\n", name+"-alias", name, f.versions[name])
		} else if i < 60 {
			fmt.Fprintf(&b, "        %q: \"^%s\",\n", name, f.versions[name])
		}
	}
	b.WriteString("      },\n    },\n  },\n  \"packages\": {")
	for i, key := range sortedKeys(packages) {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "\n    %q: %s,", key, packages[key])
	}
	b.WriteString("\n  }\n}\n")
	return b.Bytes()
}

func (f *npmFile) tuple(name, version string) string {
	hash := make([]byte, 64)
	for i := range hash {
		hash[i] = byte(f.Uint32())
	}
	var info bytes.Buffer
	comma := ""
	write := func(format string, args ...any) {
		fmt.Fprintf(&info, comma+" "+format, args...)
		comma = ","
	}
	if n := f.IntN(5); n > 0 {
		write("%s", f.group("dependencies", n))
	}
	if f.IntN(10) == 0 {
		write("%s", f.group("peerDependencies", 1+f.IntN(2)))
	}
	if f.IntN(20) == 0 {
		write(`"os": "linux", "cpu": [ "x64", "arm64", ]`)
	}
	if f.IntN(8) == 0 {
		write(`"bin": { "run": "bin/run.js" }`)
	}
	if info.Len() > 0 {
		info.WriteString(" ")
	}
	return fmt.Sprintf(`["%s@%s", "", {%s}, "sha512-%s"]`, name, version, &info, base64.StdEncoding.EncodeToString(hash))
}

// group gives a member of requests that entries at the top answer.
func (f *npmFile) group(list string, n int) string {
	some := f.some(n)
	text, comma := `"`+list+`": {`, ""
	for _, name := range sortedKeys(some) {
		text += fmt.Sprintf("%s %q: %q", comma, name, some[name])
		comma = ","
	}
	return text + " }"
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
