package lockfile

import "strings"

// forgeArchive takes apart the address of an archive that a forge makes of a
// commit, and which package managers fetch in place of the repository, in the forms
// of npm's hosted-git-info; both are "" for other ones.
func forgeArchive(address string) (repository, commit string) {
	repository, commit = forgeParts(address)
	for name := range strings.SplitSeq(repository, "/") {
		if !isPlain(strings.TrimPrefix(name, "~")) { // a user of sourcehut
			return "", ""
		}
	}
	if !isPlain(commit) || isTarball(commit) || strings.HasSuffix(commit, ".zip") {
		return "", ""
	}
	return repository, commit
}

// forgeParts is forgeArchive for whatever stands where the names do.
func forgeParts(address string) (repository, commit string) {
	rest, ok := strings.CutPrefix(address, "https://")
	if !ok {
		return "", ""
	}
	rest, _, _ = strings.Cut(rest, "#")
	rest, query, _ := strings.Cut(rest, "?")
	part := strings.Split(rest, "/")
	host := strings.ToLower(part[0])
	switch n := len(part); {
	case query != "" && host != "gitlab.com":
	case host == "codeload.github.com" && n == 5 && part[3] == "tar.gz":
		return "github.com/" + part[1] + "/" + part[2], part[4]
	case host == "bitbucket.org" && n == 5 && part[3] == "get":
		return host + "/" + part[1] + "/" + part[2], strings.TrimSuffix(part[4], ".tar.gz")
	case host == "git.sr.ht" && n == 5 && part[3] == "archive":
		return host + "/" + part[1] + "/" + part[2], strings.TrimSuffix(part[4], ".tar.gz")
	case host != "gitlab.com":
	case n == 7 && part[3] == "projects" && part[6] == "archive.tar.gz": // /api/v4/projects/owner%2Fname/repository/…
		return host + "/" + strings.NewReplacer("%2F", "/", "%2f", "/").Replace(part[4]), strings.TrimPrefix(query, "ref=")
	case n >= 5 && part[n-1] == "archive.tar.gz" && part[n-2] == "repository":
		return host + "/" + strings.Join(part[1:n-2], "/"), strings.TrimPrefix(query, "ref=")
	case n >= 7 && part[n-4] == "-" && part[n-3] == "archive":
		return host + "/" + strings.Join(part[1:n-4], "/"), part[n-2]
	}
	return "", ""
}

// isForge reports whether an address is that of a repository on a forge, or of
// the archive of one of its commits (yarn's GitResolver).
func isForge(address string) bool {
	if repository, _ := forgeArchive(address); repository != "" {
		return true
	}
	_, rest, _ := strings.Cut(address, "://")
	host, path, _ := strings.Cut(rest, "/")
	for _, forge := range forges {
		if host == forge && isRepository(path) {
			return true
		}
	}
	return false
}

// isRepository reports whether a path is an owner and a name.
func isRepository(path string) bool {
	owner, name, _ := strings.Cut(path, "/")
	return isPlain(owner) && isPlain(name)
}
