package locktest

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// PNPM gives a pnpm-lock.yaml of version 9.0 with so many packages, of 350
// bytes each on average: a fifth scoped, and one in ten with two snapshots,
// which differ in their peer.
func PNPM(entries int, seed uint64) []byte {
	f := &npmFile{rand.New(rand.NewPCG(seed, 2)), nil, map[string]string{}}
	for i := range max(2, entries) {
		name := f.name(i)
		f.names = append(f.names, name)
		f.versions[name] = f.version()
	}
	names := slices.Sorted(slices.Values(f.names))
	var b, snapshots strings.Builder
	b.WriteString("lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n  excludeLinksFromLockfile: false\n\nimporters:\n\n  .:\n")
	b.WriteString("    dependencies:\n")
	for _, name := range f.sorted(60) {
		fmt.Fprintf(&b, "      %s:\n        specifier: ^%s\n        version: %s\n", quoted(name), f.versions[name], f.versions[name])
	}
	b.WriteString("\npackages:\n")
	snapshots.WriteString("\nsnapshots:\n")
	for _, name := range names {
		peer := f.names[f.IntN(2)] // two that have no peers themselves
		several := f.IntN(10) == 0 && name != f.names[0] && name != f.names[1]
		f.describe(&b, name, peer, several)
		f.snapshot(&snapshots, name, "")
		if several {
			f.snapshot(&snapshots, name, "("+peer+"@"+f.versions[peer]+")")
		}
	}
	return []byte(b.String() + snapshots.String())
}

// describe writes an entry of `packages`.
func (f *npmFile) describe(b *strings.Builder, name, peer string, hasPeer bool) {
	hash := make([]byte, 64)
	for i := range hash {
		hash[i] = byte(f.Uint32())
	}
	fmt.Fprintf(b, "\n  %s:\n    resolution: {integrity: sha512-%s}\n",
		quoted(name+"@"+f.versions[name]), base64.StdEncoding.EncodeToString(hash))
	if f.IntN(10) != 0 {
		fmt.Fprintf(b, "    engines: {node: '>=%d.%d.0'}\n", f.IntN(20), f.IntN(20))
	}
	if f.IntN(40) == 0 {
		b.WriteString("    deprecated: This version is no longer supported\n")
	}
	if f.IntN(8) == 0 {
		b.WriteString("    hasBin: true\n")
	}
	if hasPeer {
		fmt.Fprintf(b, "    peerDependencies:\n      %s: '*'\n", quoted(peer))
	}
}

// snapshot writes an entry of `snapshots`.
func (f *npmFile) snapshot(b *strings.Builder, name, peers string) {
	key := quoted(name + "@" + f.versions[name] + peers)
	needed := f.sorted(f.IntN(5))
	if len(needed) == 0 {
		fmt.Fprintf(b, "\n  %s: {}\n", key)
		return
	}
	fmt.Fprintf(b, "\n  %s:\n    dependencies:\n", key)
	for _, name := range needed {
		fmt.Fprintf(b, "      %s: %s\n", quoted(name), f.versions[name])
	}
	if f.IntN(20) == 0 {
		b.WriteString("    optional: true\n")
	}
}

// sorted gives n names in order.
func (f *npmFile) sorted(n int) []string {
	list := make([]string, 0, n)
	for name := range f.some(n) {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// quoted gives a key as js-yaml writes it.
func quoted(key string) string {
	if key[0] == '@' {
		return "'" + key + "'"
	}
	return key
}
