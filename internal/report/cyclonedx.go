package report

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

// CycloneDX writes what lockfiles pin as a CycloneDX 1.6 bill of materials:
// each entry a component with its package URL, hashes and place, and the edges
// between them. Its serial number follows from its contents; it has a time
// only if the options give one.
//
// https://cyclonedx.org/docs/1.6/json/
func CycloneDX(w io.Writer, inventories []*lockfile.Inventory, o Options) error {
	var b bill
	for _, inv := range inventories {
		b.inventory(inv)
	}
	bom := &cdx.BOM{
		JSONSchema:   "http://cyclonedx.org/schema/bom-1.6.schema.json",
		BOMFormat:    cdx.BOMFormat,
		SpecVersion:  cdx.SpecVersion1_6,
		SerialNumber: b.serial(),
		Version:      1,
		Metadata: &cdx.Metadata{Tools: &cdx.ToolsChoice{Components: &[]cdx.Component{{
			Type: cdx.ComponentTypeApplication, Name: "lockkeeper", Version: string(terminal(o.Version)),
		}}}},
		Components:   &b.components,
		Dependencies: &b.dependencies,
	}
	if !o.Time.IsZero() {
		bom.Metadata.Timestamp = o.Time.UTC().Format(time.RFC3339)
	}
	return writeJSON(w, bom, jsontext.WithIndent(" "))
}

// bill collects components and edges.
type bill struct {
	components   []cdx.Component
	dependencies []cdx.Dependency
}

// inventory adds a lockfile: its roots as applications, its entries as what
// they are.
func (b *bill) inventory(inv *lockfile.Inventory) {
	refs := make(map[string]string, len(inv.Entries)) // by key; of twins, the first
	own := make(map[int]bool)                         // the lines of workspaces
	all := make([]string, len(inv.Entries))
	b.components = slices.Grow(b.components, len(inv.Entries)+len(inv.Roots))
	b.dependencies = slices.Grow(b.dependencies, len(inv.Entries)+len(inv.Roots))
	for i := range inv.Entries {
		e := &inv.Entries[i]
		all[i] = inv.Path + "#" + e.Key
		if _, ok := refs[e.Key]; ok {
			all[i] += "@" + strconv.Itoa(i)
		} else {
			refs[e.Key] = all[i]
		}
		if e.Source == lockfile.Workspace {
			own[e.Line] = true
		}
	}
	roots := make(map[string]bool, len(inv.Roots))
	for i, root := range inv.Roots {
		if _, ok := refs[root.Folder]; ok && root.Folder != "" || own[root.Line] {
			continue // a workspace with an entry of its own
		}
		ref := inv.Path + "#root:" + root.Folder
		if roots[ref] { // as of the two documents of a pnpm-lock.yaml
			ref += "@" + strconv.Itoa(i)
		}
		roots[ref] = true
		name := root.Name
		if name == "" {
			name = inv.Path
		}
		b.add(cdx.Component{
			BOMRef: ref, Type: cdx.ComponentTypeApplication, Name: name,
			Properties: origin(inv.Path, root.Line, root.Folder, lockfile.Workspace),
		}, root.Dependencies, refs)
	}
	for i := range inv.Entries {
		e := &inv.Entries[i]
		c := component(inv, e)
		c.BOMRef = all[i]
		edges := e.Dependencies
		if e.Source == lockfile.Link {
			edges = append(slices.Clip(edges), lockfile.Dependency{Key: e.Resolved})
		}
		b.add(c, edges, refs)
	}
}

func (b *bill) add(c cdx.Component, edges []lockfile.Dependency, refs map[string]string) {
	b.components = append(b.components, c)
	on := make([]string, 0, len(edges))
	seen := make(map[string]bool, len(edges))
	for _, d := range edges {
		ref, ok := refs[d.Key]
		if ok && d.Key != "" && !seen[ref] {
			seen[ref] = true
			on = append(on, ref)
		}
	}
	b.dependencies = append(b.dependencies, cdx.Dependency{Ref: c.BOMRef, Dependencies: &on})
}

func component(inv *lockfile.Inventory, e *lockfile.Entry) cdx.Component {
	c := cdx.Component{
		Type: cdx.ComponentTypeLibrary, Name: e.Name, Version: e.Version,
		Properties: origin(inv.Path, e.Line, e.Key, e.Source),
	}
	if scope, name, ok := strings.Cut(e.Name, "/"); ok {
		c.Group, c.Name = scope, name
	}
	switch {
	case e.Source == lockfile.Workspace:
		c.Type = cdx.ComponentTypeApplication
	case e.Source != lockfile.Link && e.Name != "":
		c.PackageURL = packageURL(inv.EcosystemOf(e), e.Name, e.Version)
	}
	if e.Dev || e.Optional {
		c.Scope = cdx.ScopeOptional
	}
	if e.Dev {
		c.Scope = cdx.ScopeExcluded
	}
	if hashes := hashes(e.Integrity); len(hashes) > 0 {
		c.Hashes = &hashes
	}
	if address, ok := page(e.Resolved); ok {
		c.ExternalReferences = &[]cdx.ExternalReference{{Type: cdx.ERTypeDistribution, URL: address}}
	}
	return c
}

// origin tells where a component stands and where its bytes come from.
func origin(path string, line int, key string, source lockfile.Source) *[]cdx.Property {
	return &[]cdx.Property{
		{Name: "lockkeeper:lockfile", Value: path},
		{Name: "lockkeeper:line", Value: strconv.Itoa(line)},
		{Name: "lockkeeper:key", Value: key},
		{Name: "lockkeeper:source", Value: string(source)},
	}
}

var algorithms = map[string]struct {
	name cdx.HashAlgorithm
	size int // bytes
}{
	"md5":    {cdx.HashAlgoMD5, 16},
	"sha1":   {cdx.HashAlgoSHA1, 20},
	"sha256": {cdx.HashAlgoSHA256, 32},
	"sha384": {cdx.HashAlgoSHA384, 48},
	"sha512": {cdx.HashAlgoSHA512, 64},
}

// hashes turns Subresource Integrity, which is base64, into hexadecimal. What
// is no such hash is left out: the standard has no place for it.
func hashes(integrity []string) []cdx.Hash {
	var all []cdx.Hash
	for _, s := range integrity {
		name, sum, _ := strings.Cut(s, "-")
		sum, _, _ = strings.Cut(sum, "?")
		algorithm, ok := algorithms[name]
		data, err := base64.StdEncoding.DecodeString(sum)
		if !ok || err != nil || len(data) != algorithm.size {
			continue
		}
		all = append(all, cdx.Hash{Algorithm: algorithm.name, Value: hex.EncodeToString(data)})
	}
	return all
}

// serial is a UUID of version 8, made of a hash of all that is listed.
//
// https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8
func (b *bill) serial() string {
	sum := sha256.New()
	for i := range b.components {
		c := &b.components[i]
		fmt.Fprintf(sum, "%q %q %q %q\n", c.BOMRef, c.Group, c.Name, c.Version)
		if c.Hashes != nil {
			fmt.Fprintf(sum, "%q\n", *c.Hashes)
		}
		fmt.Fprintf(sum, "%q\n", *b.dependencies[i].Dependencies)
	}
	id := sum.Sum(nil)[:16]
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
