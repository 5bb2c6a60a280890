// Package manifest reads what a repository asks for: package.json, and the
// package manager's own settings beside it.
//
// It takes bytes and gives a [Manifest] or [Settings]. It promises what package
// lockfile promises: one file for a package manager, no panic, no network,
// bounded depth, and doubt said instead of skipped.
package manifest

// Manifest is what one package.json asks for, or what a file of settings beside
// it adds to that.
type Manifest struct {
	Name       string
	Version    string
	Workspaces []string // glob patterns, as written
	Requests   []Request
	Overrides  []Request // overrides and resolutions, by name (a path of names joined by ">")
	Catalogs   []CatalogEntry
	Scripts    []Script
	Doubts     []Doubt
}

// CatalogEntry is one version in a catalog, which requests refer to as
// "catalog:" and "catalog:NAME".
type CatalogEntry struct {
	Catalog string // "" for the one without a name, which is also called "default"
	Name    string
	Spec    string
	Line    int
}

// Doubt is a place that was not of the shape that it should have, or that two
// readers could read two ways.
type Doubt struct {
	Line    int
	Message string // one sentence without a final period
}

// Request is one dependency that a manifest asks for.
type Request struct {
	Name string
	Spec string
	Kind Kind
	Line int
}

// Kind is the list that a request stands in.
type Kind uint8

// The lists of package.json.
const (
	Production Kind = iota
	Development
	Optional
	Peer
)

// Script is a lifecycle script of the manifest.
type Script struct {
	Name    string
	Command string
	Line    int
}
