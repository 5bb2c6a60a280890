package signal

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var agentFileAdded = Signal{
	ID:      "agent-file-added",
	Family:  Content,
	Title:   "File that tools obey added",
	Meaning: "The archive brings a file that tools run or obey by themselves, which the earlier version had not: editor tasks, settings and rules of coding agents, workflows, git hooks.",
	Why: "No package needs one to work. The worms of 2025 and 2026 planted workflows, agents' settings and editor tasks to run again and to spread. " +
		"1.1 % of 1,089 real updates pack the project's own workflows by oversight; what is read only at the root of a repository does nothing where packages lie, and explains. " +
		"Some bring instructions for their users' agents on purpose: they count with something else.",
	Remedy:  "Read the file as you would read code: it may run commands, or tell an agent to.",
	Points:  commandPoints,
	Scale:   "35; 15 for instructions; 10 for what works only at the root of a repository",
	Weighed: true,
	Needs:   []evidence.Check{evidence.Inside},
	Check:   checkAgentFileAdded,
}

// The points of files that run commands, of those that only tell an agent something, and of those that work
// at the root of a repository.
const (
	commandPoints     = 35
	instructionPoints = 15
	rootedPoints      = 10
)

// rooted are pieces of the paths of files that a forge, git or a shell obeys at
// the root of a repository and nowhere else.
var rooted = []string{".github/workflows/", ".github/actions/", ".gitlab-ci.yml", ".circleci/", ".husky/", ".githooks/", ".git/", ".envrc", ".devcontainer/"}

// instructions are names of files that an agent reads and that start nothing.
var instructions = []string{"AGENTS.md", "CLAUDE.md", "GEMINI.md", ".cursorrules", ".windsurfrules", ".clinerules", "copilot-instructions.md"}

func obeyedPoints(n artifact.News) int {
	switch {
	case slices.ContainsFunc(rooted, func(piece string) bool { return strings.Contains("/"+n.Path, "/"+piece) }):
		return rootedPoints
	case slices.Contains(instructions, path.Base(n.Path)):
		return instructionPoints
	}
	return commandPoints
}

func checkAgentFileAdded(d *evidence.Dossier, _ Context) []Finding {
	delta := deltaOf(d)
	most := 0
	var found []artifact.News
	for _, n := range delta.News {
		points := obeyedPoints(n)
		if n.Kind != artifact.NewObeyed || delta.First && points == rootedPoints {
			continue
		}
		if points > most { // the gravest first
			most, found = points, append([]artifact.News{n}, found...)
			continue
		}
		found = append(found, n)
	}
	if len(found) == 0 {
		return nil
	}
	return []Finding{{
		Points:  most,
		Message: fmt.Sprintf("%s: %s. The first %s.", beyond(d, "a file that tools obey"), list(distinct(found, file), maxSpots), found[0].What),
		Facts:   spots(found),
	}}
}

func file(n artifact.News) string { return n.Path }
