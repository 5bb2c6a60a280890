// Package locktest makes lockfiles of any size for tests and benchmarks.
//
// It takes a size and a seed and gives the bytes of a lockfile as its package
// manager would write it. It promises the same bytes for the same arguments.
package locktest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// npmEntry is an entry of `packages`, in the order in which npm writes its
// members.
type npmEntry struct {
	Version    string            `json:"version"`
	Resolved   string            `json:"resolved,omitempty"`
	Integrity  string            `json:"integrity,omitempty"`
	Dev        bool              `json:"dev,omitempty"`
	Optional   bool              `json:"optional,omitempty"`
	Script     bool              `json:"hasInstallScript,omitempty"`
	Deprecated string            `json:"deprecated,omitempty"`
	License    string            `json:"license,omitempty"`
	Depends    map[string]string `json:"dependencies,omitempty"`
	Bin        map[string]string `json:"bin,omitempty"`
	Engines    map[string]string `json:"engines,omitempty"`
	Funding    map[string]string `json:"funding,omitempty"`
	Peers      map[string]string `json:"peerDependencies,omitempty"`
}

// npmFile builds one file.
type npmFile struct {
	*rand.Rand
	names    []string
	versions map[string]string // of the copy at the top
}

// NPM gives a package-lock.json of version 3 with so many entries, of 500 bytes
// each on average: a fifth scoped, a fifth nested, the rest as in real files.
func NPM(entries int, seed uint64) []byte {
	f := &npmFile{rand.New(rand.NewPCG(seed, 1)), nil, map[string]string{}}
	top := max(1, entries*4/5)
	for i := range top {
		name := f.name(i)
		f.names = append(f.names, name)
		f.versions[name] = f.version()
	}
	packages := make(map[string]npmEntry, entries)
	for _, name := range f.names {
		packages["node_modules/"+name] = f.entry(name, f.versions[name])
	}
	for parent := 0; len(packages) < entries; parent++ {
		name := f.names[f.IntN(top)]
		packages["node_modules/"+f.names[parent%top]+"/node_modules/"+name] = f.entry(name, f.version())
	}
	return f.write(packages)
}

// write gives the file as JSON.stringify would, its keys in order.
func (f *npmFile) write(packages map[string]npmEntry) []byte {
	keys := make([]string, 0, len(packages))
	for key := range packages {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	var b bytes.Buffer
	b.WriteString(`{"name":"made","version":"1.0.0","lockfileVersion":3,"requires":true,"packages":{"":`)
	write := json.NewEncoder(&b)
	write.SetEscapeHTML(false) // npm leaves < and > as they are
	value := func(v any) {
		if err := write.Encode(v); err != nil {
			panic(err) // of types that have no failure
		}
	}
	value(npmEntry{Version: "1.0.0", Depends: f.some(60)})
	for _, key := range keys {
		fmt.Fprintf(&b, ",%q:", key)
		value(packages[key])
	}
	b.WriteString("}}")
	var indented bytes.Buffer
	if err := json.Indent(&indented, b.Bytes(), "", "  "); err != nil {
		panic(err) // the lines above write JSON
	}
	indented.WriteByte('\n')
	return indented.Bytes()
}

func (f *npmFile) entry(name, version string) npmEntry {
	hash := make([]byte, 64)
	for i := range hash {
		hash[i] = byte(f.Uint32())
	}
	base := name[strings.IndexByte(name, '/')+1:]
	e := npmEntry{
		Version:   version,
		Resolved:  "https://npm.example.com/" + name + "/-/" + base + "-" + version + ".tgz",
		Integrity: "sha512-" + base64.StdEncoding.EncodeToString(hash),
		Dev:       f.IntN(2) == 0,
		Optional:  f.IntN(20) == 0,
		Script:    f.IntN(50) == 0,
		License:   "MIT",
		Depends:   f.some(f.IntN(5)),
	}
	if f.IntN(40) == 0 {
		e.Deprecated = "This version is no longer supported, see \"" + base + "-next\""
	}
	if f.IntN(8) == 0 {
		e.Bin = map[string]string{base: "bin/" + base + ".js"}
	}
	if f.IntN(10) != 0 {
		e.Engines = map[string]string{"node": fmt.Sprintf(">=%d.%d.0", f.IntN(20), f.IntN(20))}
	}
	if f.IntN(6) == 0 {
		e.Funding = map[string]string{"type": "opencollective", "url": "https://opencollective.example/" + base}
	}
	if f.IntN(10) == 0 {
		e.Peers = f.some(1 + f.IntN(2))
	}
	return e
}

// some gives n names with ranges that the copies at the top satisfy.
func (f *npmFile) some(n int) map[string]string {
	list := make(map[string]string, n)
	for len(list) < min(n, len(f.names)) {
		name := f.names[f.IntN(len(f.names))]
		list[name] = "^" + f.versions[name]
	}
	return list
}

var syllables = strings.Fields("ar bel co dex en fi go hy in jo ka lo mi nu or pa qua ri so ti ul ve wa xi yo zu")

// name gives the i-th name; each is given once.
func (f *npmFile) name(i int) string {
	var b strings.Builder
	if f.IntN(5) == 0 {
		b.WriteString("@" + syllables[f.IntN(len(syllables))] + syllables[f.IntN(len(syllables))] + "/")
	}
	for range 1 + f.IntN(4) {
		b.WriteString(syllables[f.IntN(len(syllables))])
	}
	fmt.Fprintf(&b, "-%s%d", syllables[f.IntN(len(syllables))], i)
	return b.String()
}

func (f *npmFile) version() string {
	return fmt.Sprintf("%d.%d.%d", f.IntN(12), f.IntN(30), f.IntN(30))
}
