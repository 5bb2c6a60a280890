package locktest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// denoEntry is an entry of `npm` or `jsr`, in the order in which Deno writes its
// members.
type denoEntry struct {
	Integrity  string   `json:"integrity"`
	Depends    []string `json:"dependencies,omitempty"`
	Optional   []string `json:"optionalDependencies,omitempty"`
	OS         []string `json:"os,omitempty"`
	CPU        []string `json:"cpu,omitempty"`
	Deprecated bool     `json:"deprecated,omitempty"`
	Scripts    bool     `json:"scripts,omitempty"`
	Bin        bool     `json:"bin,omitempty"`
}

// denoLock is a deno.lock of version 5, in the order in which Deno writes it.
type denoLock struct {
	Version    string               `json:"version"`
	Specifiers map[string]string    `json:"specifiers"`
	JSR        map[string]denoEntry `json:"jsr"`
	NPM        map[string]denoEntry `json:"npm"`
	Remote     map[string]string    `json:"remote"`
	Workspace  struct {
		Depends []string `json:"dependencies"`
	} `json:"workspace"`
}

// Deno gives a deno.lock of version 5 with so many entries, as in real files: a
// twentieth from JSR, a tenth modules, the rest from npm.
func Deno(entries int, seed uint64) []byte {
	f := &npmFile{rand.New(rand.NewPCG(seed, 2)), nil, map[string]string{}}
	lock := denoLock{
		Version: "5", Specifiers: map[string]string{}, JSR: map[string]denoEntry{},
		NPM: map[string]denoEntry{}, Remote: map[string]string{},
	}
	packages, modules := entries/20, entries/10
	for i := range entries - packages - modules {
		name := f.name(i)
		f.names, f.versions[name] = append(f.names, name), f.version()
	}
	for _, name := range f.names {
		lock.NPM[name+"@"+f.versions[name]] = denoEntry{
			Integrity: "sha512-" + base64.StdEncoding.EncodeToString(f.bytes(64)),
			Depends:   slices.Sorted(maps.Keys(f.some(f.IntN(5)))),
			Scripts:   f.IntN(50) == 0, Bin: f.IntN(8) == 0, Deprecated: f.IntN(40) == 0,
		}
	}
	asked := f.some(60)
	for name := range asked {
		lock.Specifiers["npm:"+name+"@"+f.versions[name]] = f.versions[name]
	}
	for i := range packages {
		name, version := fmt.Sprintf("@std/%s%d", syllables[i%len(syllables)], i), f.version()
		lock.JSR[name+"@"+version] = denoEntry{Integrity: fmt.Sprintf("%x", f.bytes(32))}
		lock.Specifiers["jsr:"+name+"@"+version] = version
	}
	for i := range modules {
		folder := strings.Join([]string{syllables[i%len(syllables)], syllables[i/7%len(syllables)]}, "/")
		address := fmt.Sprintf("https://modules.example/std@0.%d.0/%s/part%d.ts", i%5, folder, i)
		lock.Remote[address] = fmt.Sprintf("%x", f.bytes(32))
	}
	lock.Workspace.Depends = slices.Sorted(maps.Keys(lock.Specifiers))
	var b bytes.Buffer
	write := json.NewEncoder(&b)
	write.SetEscapeHTML(false)
	write.SetIndent("", "  ")
	if err := write.Encode(lock); err != nil {
		panic(err) // of types that have no failure
	}
	return b.Bytes()
}

func (f *npmFile) bytes(n int) []byte {
	list := make([]byte, n)
	for i := range list {
		list[i] = byte(f.Uint32())
	}
	return list
}
