package lockfile

import (
	"slices"
	"strings"
)

const (
	// shareWindow is how far a twin is looked for: as many entries may have
	// come in between.
	shareWindow = 64
	// mostOwn is the part of the entries, one in so many, that may differ. What
	// differs more shares little, and copying its own texts would cost more.
	mostOwn = 4
)

// Share has an inventory hold the texts and lists of another one in the place of
// its own where they are the same, as those of a lockfile before and after a
// change nearly all are; its own copy of the file's text is then free. What it
// says stays as it is. Where too much differs it does nothing.
func (inv *Inventory) Share(other *Inventory) {
	twins, ok := inv.twins(other)
	if !ok {
		return
	}
	none := &Entry{}
	for i := range inv.Entries {
		twin := none
		if twins[i] >= 0 {
			twin = &other.Entries[twins[i]]
		}
		inv.Entries[i].share(twin)
	}
	for i := range inv.Roots {
		twin := &Root{}
		if i < len(other.Roots) {
			twin = &other.Roots[i]
		}
		root := &inv.Roots[i]
		root.Name, root.Folder = shared(root.Name, twin.Name), shared(root.Folder, twin.Folder)
		root.Dependencies = sharedEdges(root.Dependencies, twin.Dependencies)
	}
	for i := range inv.Doubts {
		inv.Doubts[i].Key = strings.Clone(inv.Doubts[i].Key)
	}
}

// twins gives for each entry the one of another inventory that has its key, or
// -1. The order of both is nearly the same. It is false if they have too little
// in common.
func (inv *Inventory) twins(other *Inventory) (list []int32, ok bool) {
	list = make([]int32, len(inv.Entries))
	next, own := 0, 0
	for i := range inv.Entries {
		e := &inv.Entries[i]
		list[i] = -1
		for at := next; at < min(next+shareWindow, len(other.Entries)); at++ {
			if other.Entries[at].Key == e.Key {
				list[i], next = int32(at), at+1
				break
			}
		}
		if list[i] < 0 || !e.sameBulk(&other.Entries[list[i]]) {
			own++
		}
	}
	return list, own <= len(inv.Entries)/mostOwn
}

// sameBulk reports whether the bulk of what two entries say is the same.
func (e *Entry) sameBulk(twin *Entry) bool {
	return e.Version == twin.Version && e.Resolved == twin.Resolved && slices.Equal(e.Dependencies, twin.Dependencies)
}

func (e *Entry) share(twin *Entry) {
	e.Key = shared(e.Key, twin.Key)
	e.Ecosystem = shared(e.Ecosystem, twin.Ecosystem)
	e.Name = shared(e.Name, twin.Name)
	e.Version = shared(e.Version, twin.Version)
	e.Alias = shared(e.Alias, twin.Alias)
	e.Resolved = shared(e.Resolved, twin.Resolved)
	e.Checksum = shared(e.Checksum, twin.Checksum)
	e.Deprecated = shared(e.Deprecated, twin.Deprecated)
	if slices.Equal(e.Integrity, twin.Integrity) && (e.Integrity == nil) == (twin.Integrity == nil) {
		e.Integrity = twin.Integrity
	} else {
		e.Integrity = slices.Clone(e.Integrity)
		for i := range e.Integrity {
			e.Integrity[i] = strings.Clone(e.Integrity[i])
		}
	}
	e.Dependencies = sharedEdges(e.Dependencies, twin.Dependencies)
}

// sharedEdges gives the twin's edges if they are the same, or else a copy.
func sharedEdges(edges, twins []Dependency) []Dependency {
	if slices.Equal(edges, twins) && (edges == nil) == (twins == nil) {
		return twins
	}
	edges = slices.Clone(edges)
	for i := range edges {
		d, twin := &edges[i], Dependency{}
		if i < len(twins) {
			twin = twins[i]
		}
		d.Name, d.Spec, d.Key = shared(d.Name, twin.Name), shared(d.Spec, twin.Spec), shared(d.Key, twin.Key)
	}
	return edges
}

// shared gives the twin's text if it is the same, or else a copy.
func shared(text, twin string) string {
	if text == twin {
		return twin
	}
	return strings.Clone(text)
}
