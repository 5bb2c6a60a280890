package gate

import (
	"bytes"
	"maps"
	"path"
	"slices"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

// repository gathers what is known of the repository itself.
func (s *sides) repository() *evidence.Repository {
	r := &evidence.Repository{
		PolicyPath: s.policyPath,
		Head:       s.head.inventories,
		BaseDoubts: make(map[string]bool),
		Loosened:   s.loosened,
		Gaps:       slices.Concat(s.unread(), s.settingsGaps, s.unpinned),
	}
	for _, inv := range s.base.inventories {
		for _, d := range inv.Doubts {
			r.BaseDoubts[evidence.DoubtKey(inv.Path, d)] = true
		}
	}
	if !s.scan {
		r.Edited = s.edits()
		r.Removed = s.removed()
		r.Localized = change.Localized(s.base.inventories, s.head.inventories)
	}
	return r
}

// gateName is what a workflow that runs the gate mentions.
var gateName = []byte("lockkeeper")

// edits lists the files that govern the gate and that the head changes: the
// policy, the workflows that run it on either side, and who must review those.
func (s *sides) edits() []evidence.Edit {
	files := make(map[string]bool)
	for _, side := range []*side{s.base, s.head} {
		for file, content := range side.content {
			switch {
			case file == s.policyPath, isWorkflow(file) && bytes.Contains(content, gateName), isOwners(file) && s.disowned(file):
				files[file] = true
			}
		}
		// A policy that turns into a link or a folder is edited, too.
		if side.has(s.policyPath) {
			files[s.policyPath] = true
		}
	}
	var edits []evidence.Edit
	for _, file := range slices.Sorted(maps.Keys(files)) {
		before, after := s.base.files[file], s.head.files[file]
		old, now := s.base.content[file], s.head.content[file]
		if s.base.has(file) == s.head.has(file) && before.Kind == after.Kind && bytes.Equal(old, now) {
			continue
		}
		edit := evidence.Edit{Path: file, Kind: "workflow", Change: "edited", Line: firstDifference(old, now)}
		switch {
		case file == s.policyPath:
			edit.Kind = "policy"
		case isOwners(file):
			edit.Kind = "owners"
		}
		switch {
		case !s.base.has(file):
			edit.Change = "added"
		case !s.head.has(file):
			edit.Change, edit.Line = "removed", 0
		}
		edits = append(edits, edit)
	}
	return edits
}

// firstDifference gives the 1-based line of b at which it stops being a.
func firstDifference(a, b []byte) int {
	n := min(len(a), len(b))
	i := 0
	for i < n && a[i] == b[i] {
		i++
	}
	return 1 + bytes.Count(b[:i], []byte("\n"))
}

// manifests reports whether the manifest of a lockfile of that format is in a
// folder.
func (s *side) manifests(folder, format string) bool {
	names := []string{"package.json"}
	if format == "deno.lock" {
		names = []string{"deno.json", "deno.jsonc", "package.json"}
	}
	return slices.ContainsFunc(names, func(name string) bool { return s.has(path.Join(folder, name)) })
}

// removed lists the lockfiles that went away while the manifest beside them
// stays and no other lockfile took their place.
func (s *sides) removed() []string {
	replaced := make(map[string]bool) // by folder and ecosystem
	for file := range s.head.files {
		if ecosystem, ok := s.known(file); ok {
			replaced[s.home(file)+"\x00"+ecosystem] = true
		}
	}
	for _, inv := range s.head.inventories {
		ecosystem, _ := s.known(inv.Path)
		for _, root := range inv.Roots { // a project that became a workspace of another one
			replaced[path.Join(s.home(inv.Path), root.Folder)+"\x00"+ecosystem] = true
		}
	}
	var gone []string
	for _, p := range s.pairs {
		ecosystem, _ := s.known(p.path)
		if !p.head.present && s.head.manifests(s.home(p.path), s.formatOf(p.path)) && !replaced[s.home(p.path)+"\x00"+ecosystem] {
			gone = append(gone, p.path)
		}
	}
	return gone
}
