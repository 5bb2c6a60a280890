package artifact

import (
	"path"
	"strings"
)

// obeyed are files that tools run or obey by themselves once a folder that has
// them is opened, and why each matters. A pattern with a slash at its end is a
// folder; one without any slash is a name in any folder.
var obeyed = []struct{ pattern, reason string }{
	{".claude/", "is obeyed by a coding agent, and may run commands"},
	{".codex/", "is obeyed by a coding agent, and may run commands"},
	{".gemini/", "is obeyed by a coding agent, and may run commands"},
	{".cursor/", "is obeyed by an editor's agent, and may run commands"},
	{".kiro/", "is obeyed by an editor's agent, and may run commands"},
	{".windsurf/", "is obeyed by an editor's agent"},
	{".mcp.json", "starts servers for a coding agent"},
	{"AGENTS.md", "is obeyed by coding agents"},
	{"CLAUDE.md", "is obeyed by a coding agent"},
	{"GEMINI.md", "is obeyed by a coding agent"},
	{".cursorrules", "is obeyed by an editor's agent"},
	{".windsurfrules", "is obeyed by an editor's agent"},
	{".clinerules", "is obeyed by an editor's agent"},
	{".github/copilot-instructions.md", "is obeyed by a coding agent"},
	{".github/workflows/", "runs on a repository's pushes and pull requests"},
	{".github/actions/", "runs as a step of workflows"},
	{".gitlab-ci.yml", "runs on a repository's pushes"},
	{".circleci/", "runs on a repository's pushes"},
	{".vscode/tasks.json", "may run commands when the folder is opened"},
	{".devcontainer/", "runs commands when the folder is opened in a container"},
	{".envrc", "runs when a shell enters the folder"},
	{".husky/", "runs as git's hooks"},
	{".githooks/", "runs as git's hooks"},
	{".git/", "may run as git's hooks or settings"},
}

// Obeyed gives the reason for which a path names a file that a tool runs or
// obeys by itself, "" if it doesn't.
func Obeyed(file string) string {
	slashed := "/" + file
	for _, o := range obeyed {
		switch {
		case strings.HasSuffix(o.pattern, "/"):
			if strings.Contains(slashed, "/"+o.pattern) {
				return o.reason
			}
		case strings.Contains(o.pattern, "/"):
			if strings.HasSuffix(slashed, "/"+o.pattern) {
				return o.reason
			}
		case path.Base(file) == o.pattern:
			return o.reason
		}
	}
	return ""
}
