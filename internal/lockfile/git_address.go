package lockfile

import "strings"

// forges are the hosts that a lockfile abbreviates, as in "github:owner/name"
// (npm's hosted-git-info).
var forges = map[string]string{
	"github":    "github.com",
	"gitlab":    "gitlab.com",
	"bitbucket": "bitbucket.org",
}

// GitRepository gives host and path of a git address in any of the notations
// that lockfiles use, so that two notations of one repository are equal: a URL,
// the "user@host:path" of ssh, a forge's shorthand, or a forge's archive.
func GitRepository(address string) string {
	if repository, _ := forgeArchive(address); repository != "" {
		return repository
	}
	address, _, _ = strings.Cut(strings.TrimPrefix(address, "git+"), "#")
	_, rest, hasScheme := strings.Cut(address, "://")
	if !hasScheme {
		rest = address
		name, path, _ := strings.Cut(address, ":")
		if host, ok := forges[name]; ok {
			rest = host + "/" + path
		}
	}
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	if i := strings.LastIndexByte(rest[:end], '@'); i >= 0 {
		rest = rest[i+1:]
	}
	host, path := rest, ""
	if i := strings.IndexAny(rest, ":/"); i >= 0 {
		host, path = rest[:i], strings.TrimLeft(rest[i:], ":/")
	}
	if port, after, ok := strings.Cut(path, "/"); ok && hasScheme && isDigits(port) {
		path = after
	}
	return strings.ToLower(host) + "/" + strings.TrimSuffix(path, ".git")
}

// GitCommit gives the commit that a git address pins; "" if it pins none. yarn
// writes "commit=" among other parameters, and early versions "commit:".
func GitCommit(address string) string {
	if _, commit := forgeArchive(address); commit != "" {
		return commit
	}
	_, fragment, _ := strings.Cut(address, "#")
	fragment, _, _ = strings.Cut(fragment, "&path:") // a folder of the repository, in pnpm's notation
	for parameter := range strings.SplitSeq(fragment, "&") {
		if commit, ok := strings.CutPrefix(parameter, "commit="); ok {
			return commit
		}
	}
	return strings.TrimPrefix(fragment, "commit:")
}

// GitFolder gives the folder of the repository, or its workspace, that a git
// address picks ("&path:" of pnpm, "workspace=" of yarn); "" for the whole.
func GitFolder(address string) string {
	_, fragment, _ := strings.Cut(address, "#")
	for parameter := range strings.SplitSeq(fragment, "&") {
		for _, mark := range [...]string{"path:", "workspace="} {
			if folder, ok := strings.CutPrefix(parameter, mark); ok {
				return strings.Trim(folder, "/")
			}
		}
	}
	return ""
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
