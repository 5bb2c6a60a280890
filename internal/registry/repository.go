package registry

import (
	"net/url"
	"slices"
	"strings"
)

// maxRepository is the length in bytes from which an address is no project's.
const maxRepository = 300

// Repository gives the address of a project's page on a forge of [Forges], out
// of the ways in which npm's manifests name one: "git+https://", "git://",
// "ssh://git@" and "https://" addresses with whatever follows the project,
// "git@host:owner/name", "github:owner/name" and "owner/name". It gives "" for
// every other text: what it gives is "https://", a known host, and names of
// letters, digits, dots, dashes and underscores.
func Repository(s string) string {
	if len(s) > maxRepository {
		return ""
	}
	host, path := place(s)
	forge, known := Forges[host]
	if !known {
		return ""
	}
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if i := slices.Index(parts, "-"); forge.Groups && i >= 0 {
		parts = parts[:i]
	}
	if !forge.Groups && len(parts) > 2 {
		parts = parts[:2]
	}
	if len(parts) < 2 {
		return ""
	}
	last := len(parts) - 1
	parts[last] = strings.TrimSuffix(parts[last], ".git")
	if slices.ContainsFunc(parts, func(part string) bool { return !isProjectName(part) }) {
		return ""
	}
	return "https://" + host + "/" + strings.Join(parts, "/")
}

// place takes an address apart into host and path, neither of them judged.
// Where it holds a user that git doesn't need, or a port, it has no host.
func place(s string) (host, path string) {
	if path, ok := strings.CutPrefix(s, "git@"); ok && !strings.Contains(s, "://") {
		host, path, _ = strings.Cut(path, ":")
		return strings.ToLower(host), path
	}
	if !strings.Contains(s, ":") {
		return "github.com", s // npm's own reading of "owner/name"
	}
	for host, forge := range Forges { // at most one of them has the shorthand
		if path, ok := strings.CutPrefix(s, forge.Shorthand); ok && forge.Shorthand != "" {
			return host, path
		}
	}
	u, err := url.Parse(strings.TrimPrefix(s, "git+"))
	if err != nil || u.User != nil && u.User.String() != "git" {
		return "", ""
	}
	switch u.Scheme {
	case "https", "http", "git", "ssh":
		return strings.ToLower(strings.TrimPrefix(u.Host, "www.")), u.EscapedPath()
	}
	return "", ""
}

func isProjectName(s string) bool {
	if s == "" || s[0] == '.' || s[0] == '-' {
		return false
	}
	return !strings.ContainsFunc(s, func(c rune) bool {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
		return !letter && c != '-' && c != '_' && c != '.'
	})
}

// ComparePage gives the page on which a forge shows what differs between two
// commits of a repository that [Repository] gave; "" where there is none.
func ComparePage(repository, from, to string) string {
	forge, ok := forgeOf(repository)
	if !ok || !isCommit(from) || !isCommit(to) || from == to {
		return ""
	}
	return repository + forge.Compare + from + "..." + to
}

// CommitPage gives the page of a commit of such a repository; "" where there is
// none.
func CommitPage(repository, commit string) string {
	forge, ok := forgeOf(repository)
	if !ok || !isCommit(commit) {
		return ""
	}
	return repository + forge.Commit + commit
}

func forgeOf(repository string) (Forge, bool) {
	if repository == "" || Repository(repository) != repository {
		return Forge{}, false
	}
	host, _, _ := strings.Cut(strings.TrimPrefix(repository, "https://"), "/")
	forge, ok := Forges[host]
	return forge, ok
}

// isCommit reports whether s is git's full name of an object, by SHA-1 or
// SHA-256.
func isCommit(s string) bool {
	return (len(s) == 40 || len(s) == 64) && strings.Trim(s, "0123456789abcdef") == ""
}
