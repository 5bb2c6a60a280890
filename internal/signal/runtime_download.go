package signal

import (
	"fmt"
	"slices"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/code"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var runtimeDownload = Signal{
	ID:      "runtime-download",
	Family:  Content,
	Title:   "Download of a program added",
	Meaning: "Code newly fetches a runtime or a program, or names an address that serves them beside a call that fetches or starts something.",
	Why: "The worms of late 2025 and 2026 fetched the Bun runtime to run a payload that Node's own tools don't watch, and rand-user-agent and others fetched binaries. " +
		"What is fetched at run time is in no lockfile.",
	Remedy:  "Look at what is fetched, from where, and whether its hash is checked.",
	Points:  30,
	Weighed: true,
	Needs:   []evidence.Check{evidence.Inside},
	Check:   checkRuntimeDownload,
}

func checkRuntimeDownload(d *evidence.Dossier, c Context) []Finding {
	if d.Content == nil || d.Content.Delta == nil || d.Content.Profile == nil || vouched(d, c) {
		return nil
	}
	install, nearby := vicinities(d)
	if d.Content.Delta.First {
		nearby = nil
	}
	var found []step
	for _, g := range slices.Concat(install, nearby) {
		if links := g.steps(is(code.Download), is(code.Network, code.Process)); links != nil && !slices.ContainsFunc(found, links[0].same) {
			found = append(found, links[0].located())
		}
	}
	if len(found) == 0 {
		return nil
	}
	news := make([]artifact.News, len(found))
	for i, p := range found {
		news[i] = artifact.News{What: p.name, Path: p.path, Line: p.line, Reach: p.reach, Excerpt: p.excerpt}
	}
	facts := spots(news)
	if d.Content.Delta.First && isGrown(d, c) {
		facts = append(facts, installer)
	}
	return []Finding{{
		Message: fmt.Sprintf("%s fetches a program, and %s did not (%s): %s.", label(d), earlier(d), list(distinct(news, what), maxSpots), inFiles(news)),
		Facts:   facts,
	}}
}

func (p step) same(other step) bool { return p.path == other.path && p.offset == other.offset }
